/*
 * Of the tree's complete subtrees every fourth level is kept: what lies between is at most eight
 * hashes away, and the tree costs a fifteenth of a row per entry instead of one.
 */
#include "hub/ledger.h"

#include "base/text.h"
#include "hub/inside.h"
#include "os/journal.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT_LEVELS = 4 };

/* Permits wait for seconds; more looks than this are not under way at once. */
enum { LOOKS_MAX = 64 };

/* How far tree and index have come, in the store's settings. */
#define SIZE_SETTING "tree_size"

struct ledger {
	const struct store *store;
	const struct crypto *crypto;
	struct tree_source source;
	struct index *index;
	uint64_t size;
	char origin[NAME_MAX_BYTES];
	bool opened;                        /* what a start takes up has no permit any more */
	struct ledger_look look[LOOKS_MAX]; /* the newest replaces the oldest */
	uint64_t n_looks;                   /* ever */
};

static enum err find_leaf(const struct ledger *ledger, uint64_t number, uint8_t hash[HASH_BYTES])
{
	struct log_row row;
	enum err r = ledger->store->log_numbered(ledger->store->impl, (int64_t)number, &row);

	if (r == ERR_OK)
		memcpy(hash, row.leaf, HASH_BYTES);
	return r;
}

static enum err find_node(void *arg, int level, uint64_t index, uint8_t hash[HASH_BYTES])
{
	const struct ledger *ledger = arg;
	uint8_t left[HASH_BYTES], right[HASH_BYTES];
	struct node_row row;
	enum err r;

	if (level == 0)
		return find_leaf(ledger, index, hash);
	if (level % KEPT_LEVELS == 0) {
		r = ledger->store->node_get(ledger->store->impl, node_place(level, index), &row);
		if (r == ERR_OK)
			memcpy(hash, row.hash, HASH_BYTES);
		return r;
	}
	if ((r = find_node(arg, level - 1, 2 * index, left)) != ERR_OK
	    || (r = find_node(arg, level - 1, 2 * index + 1, right)) != ERR_OK)
		return r;
	tree_join(ledger->crypto, left, right, hash);
	return ERR_OK;
}

static enum err keep_growth(const struct ledger *ledger, const struct tree_growth *growth)
{
	enum err r = ERR_OK;

	for (int i = KEPT_LEVELS; i < growth->n && r == ERR_OK; i += KEPT_LEVELS) {
		const struct tree_node *node = &growth->node[i];
		struct node_row row = {.place = node_place(node->level, node->index)};

		memcpy(row.hash, node->hash, HASH_BYTES);
		r = ledger->store->node_put(ledger->store->impl, &row);
	}
	return r;
}

/* Memory is ahead of the store until the commit; a commit that fails ends the hub. */
static enum err count_resident(struct ledger *ledger, const struct log_row *log)
{
	struct index_entry entry = {.count = 0};
	struct index_row row = {.count = 0};
	const struct index_entry *known;
	enum err r;

	index_key(ledger->crypto, log->resident, entry.key);
	known = index_get(ledger->index, entry.key);
	if (known != NULL)
		entry = *known;
	index_entry_add(ledger->crypto, &entry, (uint64_t)log->number, log->leaf);
	memcpy(row.resident, log->resident, sizeof row.resident);
	row.count = (int64_t)entry.count;
	row.last = (int64_t)entry.last;
	memcpy(row.chain, entry.chain, HASH_BYTES);
	r = index_put(ledger->index, &entry);
	return r != ERR_OK ? r : ledger->store->index_put(ledger->store->impl, &row);
}

/* Of the first size entries, all of which the index has counted. */
static enum err checkpoint_at(const struct ledger *ledger, uint64_t size,
                              struct checkpoint *checkpoint)
{
	*checkpoint = (struct checkpoint){.size = size, .residents = index_size(ledger->index)};
	memcpy(checkpoint->origin, ledger->origin, sizeof checkpoint->origin);
	index_root(ledger->index, checkpoint->index_root);
	return tree_root(ledger->crypto, &ledger->source, size, checkpoint->root);
}

/*
 * The look that a record belongs to: the one before it in the log, or a new one that begins with
 * it.
 */
static enum err begin_record(struct ledger *ledger, const struct log_row *row,
                             struct ledger_look **out)
{
	struct ledger_look *look = &ledger->look[(ledger->n_looks + LOOKS_MAX - 1) % LOOKS_MAX];
	uint8_t key[HASH_BYTES];
	enum err r = ERR_OK;

	if (look->look != row->look || look->after.size != (uint64_t)row->number
	    || look->n == PERSONS_MAX) {
		look = &ledger->look[ledger->n_looks++ % LOOKS_MAX];
		*look = (struct ledger_look){.look = row->look};
		r = checkpoint_at(ledger, (uint64_t)row->number, &look->before);
	}
	index_key(ledger->crypto, row->resident, key);
	index_prove(ledger->index, key, &look->index[look->n++]);
	*out = look;
	return r;
}

static enum err take_up(struct ledger *ledger, uint64_t number)
{
	struct ledger_look *look = NULL;
	struct tree_growth growth;
	struct log_row row;
	enum err r = ledger->store->log_numbered(ledger->store->impl, (int64_t)number, &row);

	if (r == ERR_OK && row.type == LOG_PERMIT_RECORDED && ledger->opened)
		r = begin_record(ledger, &row, &look);
	if (r != ERR_OK
	    || (r = tree_grow(ledger->crypto, &ledger->source, number, row.leaf, &growth)) != ERR_OK
	    || (r = keep_growth(ledger, &growth)) != ERR_OK)
		return r;
	if (row.resident[0] != '\0')
		r = count_resident(ledger, &row);
	return r == ERR_OK && look != NULL ? checkpoint_at(ledger, number + 1, &look->after) : r;
}

static enum err take_up_all(struct ledger *ledger, uint64_t size)
{
	char text[24];
	enum err r = ERR_OK;

	for (uint64_t number = ledger->size; number < size && r == ERR_OK; number++)
		r = take_up(ledger, number);
	if (r != ERR_OK)
		return r;
	snprintf(text, sizeof text, "%" PRIu64, size);
	return ledger->store->setting_put(ledger->store->impl, SIZE_SETTING, text);
}

void ledger_advance(struct hub *hub, struct ledger *ledger)
{
	int64_t size = 0;
	enum err r;

	if (hub->failed || hub_begin(hub) != ERR_OK)
		return;
	r = ledger->store->log_sequence(ledger->store->impl, &size);
	if (r == ERR_OK && (uint64_t)size == ledger->size) {
		hub_abort(hub);
		return;
	}
	if (r == ERR_OK)
		r = take_up_all(ledger, (uint64_t)size);
	if (r != ERR_OK) {
		hub_abort(hub);
		hub->failed = true;
		journal_fault("log: its tree cannot grow: %s", err_text(r));
		return;
	}
	if (hub_commit(hub) == ERR_OK)
		ledger->size = (uint64_t)size;
}

struct reading {
	struct ledger *ledger;
	enum err r;
};

static bool read_entry(void *arg, const struct index_row *row)
{
	struct reading *reading = arg;
	struct index_entry entry = {.count = (uint64_t)row->count, .last = (uint64_t)row->last};

	if (row->count <= 0 || row->last < 0 || (uint64_t)row->last >= reading->ledger->size) {
		reading->r = ERR_PARSE;
		return false;
	}
	index_key(reading->ledger->crypto, row->resident, entry.key);
	memcpy(entry.chain, row->chain, HASH_BYTES);
	reading->r = index_put(reading->ledger->index, &entry);
	return reading->r == ERR_OK;
}

static enum err read_size(struct ledger *ledger)
{
	char text[PATH_MAX_BYTES], *end;
	enum err r = ledger->store->setting_get(ledger->store->impl, SIZE_SETTING, text);

	if (r != ERR_OK)
		return r == ERR_NOT_FOUND ? ERR_OK : r;
	ledger->size = strtoul(text, &end, 10);
	return end != text && *end == '\0' ? ERR_OK : ERR_PARSE;
}

static enum err read_index(struct ledger *ledger)
{
	struct reading reading = {ledger, ERR_OK};
	enum err r = ledger->store->index(ledger->store->impl, read_entry, &reading);

	return r != ERR_OK ? r : reading.r;
}

enum err ledger_open(struct hub *hub, struct ledger **out)
{
	struct ledger *ledger = calloc(1, sizeof *ledger);
	enum err r;

	*out = NULL;
	if (ledger == NULL)
		return ERR_MEMORY;
	ledger->store = hub->store;
	ledger->crypto = hub->crypto;
	ledger->source = (struct tree_source){find_node, ledger};
	ledger->index = index_new(hub->crypto);
	memcpy(ledger->origin, hub->settings.log_origin, sizeof ledger->origin);
	if (ledger->index == NULL)
		r = ERR_MEMORY;
	else if ((r = read_size(ledger)) == ERR_OK && (r = read_index(ledger)) == ERR_OK)
		ledger_advance(hub, ledger);
	if (r == ERR_OK && hub->failed)
		r = ERR_IO;
	if (r != ERR_OK) {
		ledger_free(ledger);
		return r;
	}
	ledger->opened = true;
	*out = ledger;
	return ERR_OK;
}

void ledger_free(struct ledger *ledger)
{
	if (ledger == NULL)
		return;
	index_free(ledger->index);
	free(ledger);
}

uint64_t ledger_size(const struct ledger *ledger)
{
	return ledger->size;
}

enum err ledger_checkpoint(struct ledger *ledger, struct checkpoint *checkpoint)
{
	return checkpoint_at(ledger, ledger->size, checkpoint);
}

const struct ledger_look *ledger_look(const struct ledger *ledger, int64_t look)
{
	for (int i = 0; i < LOOKS_MAX; i++)
		if (ledger->look[i].look == look && ledger->look[i].n > 0)
			return &ledger->look[i];
	return NULL;
}

enum err ledger_order(const struct ledger *ledger, const struct ledger_look *look, uint64_t last,
                      struct notary_order *order)
{
	enum err r;

	order->before = look->before;
	order->after = look->after;
	r = tree_prove_consistency(ledger->crypto, &ledger->source, last, look->before.size,
	                           &order->to_before);
	/*
	 * Of a log that is shorter than the one it signed there is no proof: the signer says so
	 * itself.
	 */
	if (r == ERR_NOT_FOUND && last > look->before.size)
		r = ERR_OK;
	return r != ERR_OK
	             ? r
	             : tree_prove_consistency(ledger->crypto, &ledger->source, look->before.size,
	                                      look->after.size, &order->to_after);
}

static enum err prove_record(const struct ledger *ledger, const struct ledger_look *look, int i,
                             struct look_record *record)
{
	uint64_t number = look->before.size + (uint64_t)i;
	struct log_row row;
	enum err r = ledger->store->log_numbered(ledger->store->impl, (int64_t)number, &row);

	if (r != ERR_OK)
		return r;
	memcpy(record->salt, row.salt, SALT_BYTES);
	memcpy(record->canonical, row.canonical, row.len);
	record->len = row.len;
	record->index = look->index[i];
	return tree_prove_inclusion(ledger->crypto, &ledger->source, number, look->after.size,
	                            &record->inclusion);
}

enum err ledger_prove(const struct ledger *ledger, const struct ledger_look *look,
                      const struct notary_answer *answer, uint64_t held, struct look_proof *proof)
{
	enum err r;

	memset(proof, 0, sizeof *proof);
	memcpy(proof->before, answer->before, answer->before_len);
	memcpy(proof->after, answer->after, answer->after_len);
	proof->before_len = answer->before_len;
	proof->after_len = answer->after_len;
	proof->n_records = look->n;
	if ((r = tree_prove_consistency(ledger->crypto, &ledger->source, held, look->before.size,
	                                &proof->held_to_before)) != ERR_OK
	    || (r = tree_prove_consistency(ledger->crypto, &ledger->source, look->before.size,
	                                   look->after.size, &proof->before_to_after)) != ERR_OK)
		return r;
	for (int i = 0; i < look->n && r == ERR_OK; i++)
		r = prove_record(ledger, look, i, &proof->record[i]);
	return r;
}

const struct tree_source *ledger_tree(const struct ledger *ledger)
{
	return &ledger->source;
}

const struct index *ledger_index(const struct ledger *ledger)
{
	return ledger->index;
}
