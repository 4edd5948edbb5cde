/*
 * What the log's proofs cost: durable appends with tree, index, two signatures and the proof for the agent, beside
 * plain SQLite inserts of the same bytes with the same durability; a proof at the hub and its judgement at the agent,
 * in a short log and in one of a million entries; and the verification of all of them beside plain SHA-256.
 *
 *	log FOLDER ENTRIES LOOKS
 *
 * The folder must be on the disk that a hub would use. Prints lines of Markdown.
 */
#include "base/text.h"
#include "hub/inside.h"
#include "os/crypto.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { RESIDENTS = 300, BATCH = 10000 };

struct bench {
	const struct crypto *crypto;
	struct store store;
	struct hub_settings settings;
	struct zone_window zone;
	struct pager pager;
	struct signer signer;
	struct hub *hub;
	uint8_t signer_public[KEY_BYTES];
	struct checkpoint held;
	struct agreement agreement;
	int64_t looks;
};

static void die(const char *what)
{
	fprintf(stderr, "log: %s\n", what);
	exit(1);
}

static double now_us(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return (double)at.tv_sec * 1e6 + (double)at.tv_nsec / 1e3;
}

static int compare(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

/* The share-th of n values, which it sorts. */
static double quantile(double *values, int n, double share)
{
	qsort(values, (size_t)n, sizeof *values, compare);
	return values[(int)(share * (n - 1))];
}

static enum err page_nobody(void *impl, const struct pager_message *message)
{
	(void)impl, (void)message;
	return ERR_OK;
}

static void send_nobody(void *arg, int64_t session, const void *data, size_t len, bool binary)
{
	(void)arg, (void)session, (void)data, (void)len, (void)binary;
}

static void close_nobody(void *arg, int64_t session, const char *why)
{
	(void)arg, (void)session, (void)why;
}

static void set_up(struct bench *bench, const char *folder)
{
	char path[PATH_MAX_BYTES], fault[REASON_MAX_BYTES];
	uint8_t secret[SECRET_KEY_BYTES];
	struct now now = {.utc_ms = INT64_C(1800000000000), .elapsed_ms = 1, .boot_id = 1};
	struct hub_parts parts = {.settings = &bench->settings, .store = &bench->store, .zone = &bench->zone,
	                          .pager = &bench->pager, .signer = &bench->signer,
	                          .ports = {.send = send_nobody, .close = close_nobody}};

	bench->crypto = parts.crypto = crypto_sodium();
	bench->settings.policy = policy_defaults();
	strcpy(bench->settings.log_origin, "tillsyn/bench");
	bench->zone.offset_before_s = 3600;
	bench->pager.send = page_nobody;
	bench->agreement = agreement_blank();
	bench->agreement.n_persons = 1;
	bench->crypto->sign_keypair(bench->signer_public, secret);
	snprintf(path, sizeof path, "%s/hub.db", folder);
	if (signer_local(&bench->signer, bench->crypto, secret) != ERR_OK
	    || store_sqlite(&bench->store, path, fault) != ERR_OK
	    || hub_start(&parts, &now, &bench->hub, fault) != ERR_OK)
		die(fault);
}

static struct log_event record(struct bench *bench, struct permit *permit)
{
	struct log_event event = log_event(LOG_PERMIT_RECORDED, bench->hub->now.utc_ms);
	char hex[2 * NONCE_BYTES + 1];

	bench->crypto->random(permit->id, NONCE_BYTES);
	permit->look = ++bench->looks;
	text_hex(hex, permit->id, NONCE_BYTES);
	strcpy(event.actor, "anna");
	snprintf(event.resident, sizeof event.resident, "resident-%d", (int)(bench->looks % RESIDENTS));
	event.look = bench->looks;
	event.check = bench->looks;
	log_event_text(&event, "camera", permit->camera);
	log_event_text(&event, "permit", hex);
	log_event_int(&event, "look_number", 1);
	return event;
}

static void keep_answer(void *arg, int64_t id, enum err err, const struct notary_answer *answer)
{
	(void)id;
	if (err != ERR_OK)
		die("the signer refuses");
	*(struct notary_answer *)arg = *answer;
}

/* One look: recorded and committed, then proven; and judged as its agent would. */
static void look(struct bench *bench, double *hub_us, double *agent_us)
{
	static struct notary_order order;
	static struct notary_answer answer;
	static struct look_proof proof;
	struct permit permit = {.camera = "cam-1", .agreement = "a-1", .slot = "s-1", .agreement_version = 1,
	                        .night = 20000, .look_number = 1, .from_ms = 1, .to_ms = 2};
	struct look_request request = {.n_checks = 1, .operator_id = "anna"};
	struct log_event event = record(bench, &permit);
	struct buf bytes = buf_new(PERMIT_MAX_BYTES), wire = buf_new(PROOF_MAX_BYTES);
	const struct ledger_look *records;
	struct log_row row;
	int64_t id;
	double start;

	if (hub_begin(bench->hub) != ERR_OK || hub_log(bench->hub, &event, &id) != ERR_OK
	    || hub_commit(bench->hub) != ERR_OK)
		die("an entry is not appended");
	ledger_advance(bench->hub, bench->hub->ledger);
	start = now_us();
	records = ledger_look(bench->hub->ledger, permit.look);
	if (records == NULL || bench->store.log_get(bench->store.impl, id, &row) != ERR_OK)
		die("the look is not in the log");
	memcpy(permit.record_hash, row.leaf, HASH_BYTES);
	if (permit_encode(&permit, &bytes) != ERR_OK)
		die("no permit");
	memcpy(order.permit, bytes.data, bytes.len);
	order.permit_len = bytes.len;
	if (ledger_order(bench->hub->ledger, records, bench->signer.last(bench->signer.impl), &order) != ERR_OK
	    || bench->signer.sign(bench->signer.impl, 1, &order, keep_answer, &answer) != ERR_OK
	    || ledger_prove(bench->hub->ledger, records, &answer, bench->held.size, &proof) != ERR_OK
	    || look_proof_encode(&proof, &wire) != ERR_OK)
		die("no proof");
	*hub_us = now_us() - start;
	memcpy(bench->agreement.person[0].id, event.resident, ID_MAX);
	request.look = permit.look;
	request.check[0] = event.check;
	start = now_us();
	if (look_proof_decode(&proof, wire.data, wire.len) != ERR_OK
	    || look_proof_judge(bench->crypto, &proof, &bench->held, bench->signer_public, &permit, &request,
	                        &bench->agreement, &bench->held) != PROOF_GOOD)
		die("a proof is not believed");
	*agent_us = now_us() - start;
	buf_free(&bytes);
	buf_free(&wire);
}

static void looks(struct bench *bench, int n, const char *when)
{
	double *hub_us = calloc((size_t)n, sizeof *hub_us), *agent_us = calloc((size_t)n, sizeof *agent_us);
	double start = now_us(), seconds;

	for (int i = 0; i < n; i++)
		look(bench, &hub_us[i], &agent_us[i]);
	seconds = (now_us() - start) / 1e6;
	printf("| looks a second, recorded durably, proven and judged, %s | %.0f |\n", when, n / seconds);
	printf("| proof at the hub, %s: median, p99 | %.2f ms, %.2f ms |\n", when,
	       quantile(hub_us, n, 0.5) / 1e3, quantile(hub_us, n, 0.99) / 1e3);
	printf("| its judgement at the agent, %s: median, p99 | %.0f µs, %.0f µs |\n", when,
	       quantile(agent_us, n, 0.5), quantile(agent_us, n, 0.99));
	free(hub_us);
	free(agent_us);
}

/* As many rows of as many bytes, each in a transaction of its own: what a program would do without a tree. */
static void plain_inserts(const char *folder, int n)
{
	static const uint8_t bytes[400];
	char path[PATH_MAX_BYTES];
	sqlite3 *db;
	sqlite3_stmt *insert = NULL;
	double start;

	snprintf(path, sizeof path, "%s/plain.db", folder);
	if (sqlite3_open(path, &db) != SQLITE_OK
	    || sqlite3_exec(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
	                        "CREATE TABLE log (id INTEGER PRIMARY KEY, entry BLOB)", NULL, NULL, NULL) != SQLITE_OK
	    || sqlite3_prepare_v2(db, "INSERT INTO log (entry) VALUES (?1)", -1, &insert, NULL) != SQLITE_OK)
		die(sqlite3_errmsg(db));
	sqlite3_bind_blob(insert, 1, bytes, sizeof bytes, SQLITE_STATIC);
	start = now_us();
	for (int i = 0; i < n; i++) {
		if (sqlite3_step(insert) != SQLITE_DONE)
			die(sqlite3_errmsg(db));
		sqlite3_reset(insert);
	}
	printf("| plain SQLite inserts a second, as durable | %.0f |\n", n / ((now_us() - start) / 1e6));
	sqlite3_finalize(insert);
	sqlite3_close(db);
}

static void fill(struct bench *bench, int64_t entries)
{
	struct permit permit = {.camera = "cam-1"};

	while ((int64_t)ledger_size(bench->hub->ledger) < entries) {
		if (hub_begin(bench->hub) != ERR_OK)
			die("the store is closed");
		for (int i = 0; i < BATCH; i++) {
			struct log_event event = record(bench, &permit);

			event.type = LOG_ANSWERED;
			if (hub_log(bench->hub, &event, NULL) != ERR_OK)
				die("an entry is not appended");
		}
		if (hub_commit(bench->hub) != ERR_OK)
			die("entries are not committed");
		ledger_advance(bench->hub, bench->hub->ledger);
	}
}

/* A root from leaves alone, kept as the hashes of complete subtrees, the largest first. */
struct verifying {
	const struct crypto *crypto;
	uint64_t n;
	uint8_t part[TREE_LEVELS_MAX][HASH_BYTES];
	int parts;
	double hashing_us;
	size_t bytes;
};

static bool verify_row(void *arg, const struct log_row *row)
{
	struct verifying *v = arg;
	uint8_t leaf[HASH_BYTES];
	double start = now_us();

	log_leaf_hash(v->crypto, row->salt, row->canonical, row->len, leaf);
	if (memcmp(leaf, row->leaf, HASH_BYTES) != 0)
		die("a leaf is not its entry's");
	memcpy(v->part[v->parts++], leaf, HASH_BYTES);
	for (uint64_t full = v->n++; (full & 1) != 0; full >>= 1, v->parts--)
		tree_join(v->crypto, v->part[v->parts - 2], v->part[v->parts - 1], v->part[v->parts - 2]);
	v->hashing_us += now_us() - start;
	v->bytes += SALT_BYTES + row->len;
	return true;
}

static bool hash_row(void *arg, const struct log_row *row)
{
	struct verifying *v = arg;
	uint8_t entry[SALT_BYTES + LOG_EVENT_MAX_BYTES], hash[HASH_BYTES];
	double start;

	memcpy(entry, row->salt, SALT_BYTES);
	memcpy(entry + SALT_BYTES, row->canonical, row->len);
	start = now_us();
	v->crypto->sha256(hash, entry, SALT_BYTES + row->len);
	v->hashing_us += now_us() - start;
	return true;
}

static void verify_all(struct bench *bench)
{
	const struct log_filter all = {0};
	struct verifying tree = {.crypto = bench->crypto}, plain = {.crypto = bench->crypto};
	struct checkpoint now;

	if (bench->store.log_read(bench->store.impl, &all, verify_row, &tree) != ERR_OK
	    || bench->store.log_read(bench->store.impl, &all, hash_row, &plain) != ERR_OK
	    || ledger_checkpoint(bench->hub->ledger, &now) != ERR_OK)
		die("the log cannot be read");
	for (int i = tree.parts - 1; i > 0; i--)
		tree_join(bench->crypto, tree.part[i - 1], tree.part[i], tree.part[i - 1]);
	if (tree.n != now.size || memcmp(tree.part[0], now.root, HASH_BYTES) != 0)
		die("the log does not verify");
	printf("| %llu entries (%.0f MB) verified: leaves, tree, root | %.2f s |\n", (unsigned long long)tree.n,
	       (double)tree.bytes / 1e6, tree.hashing_us / 1e6);
	printf("| plain SHA-256 of each entry's bytes | %.2f s |\n", plain.hashing_us / 1e6);
}

int main(int argc, char **argv)
{
	struct bench bench = {0};
	int64_t entries = 0;
	int n = 0;

	if (argc != 4 || (entries = strtoll(argv[2], NULL, 10)) <= 0 || (n = (int)strtol(argv[3], NULL, 10)) <= 0)
		die("log FOLDER ENTRIES LOOKS");
	set_up(&bench, argv[1]);
	plain_inserts(argv[1], n);
	looks(&bench, n, "short log");
	fill(&bench, entries);
	looks(&bench, n, "long log");
	verify_all(&bench);
	hub_free(bench.hub);
	bench.store.close(bench.store.impl);
	bench.signer.free(bench.signer.impl);
	return 0;
}
