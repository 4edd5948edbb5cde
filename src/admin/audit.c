/*
 * One pass, and no more memory than the index of residents needs: the tree's root is kept as the
 * complete subtrees so far, as RFC 6962's definition falls apart.
 */
#include "admin/audit.h"

#include "admin/export_file.h"
#include "base/civil.h"
#include "base/now.h"
#include "base/text.h"
#include "core/event.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* More findings than this are one finding. */
enum { FINDINGS_MAX = 20 };

/* What is checked, each told as one sentence in the end. */
enum subject { FORM, SIGNATURE, ENTRIES, INDEX, EARLIER, SUBJECTS };

struct audit {
	const struct crypto *crypto;
	const uint8_t *signer_key;
	const struct audit_earlier *earlier;
	FILE *out;
	int findings;
	bool failed[SUBJECTS];
	int64_t lines;
	bool begun;                   /* the head could be read */
	struct export_head head;
	struct checkpoint checkpoint;
	struct export_entry entry;    /* of the line that is being read */
	uint64_t entries, erased;
	bool has_readable;            /* an entry that was not erased has come */
	int64_t readable_ms;          /* when the first of them happened */
	bool has_erasure;             /* one of them says that what others said was erased */
	uint64_t next;                /* the smallest number that may come */
	uint8_t part[TREE_LEVELS_MAX + 1][HASH_BYTES]; /* subtree of 2^i where bit i of entries is set */
	struct index *index;          /* of the whole log */
	struct index_entry own;       /* of the extract's resident */
	uint8_t earlier_root[HASH_BYTES];
	bool has_earlier_root;
};

static void __attribute__((format(printf, 3, 4)))
find(struct audit *audit, enum subject subject, const char *format, ...)
{
	char line[512], clean[512];
	va_list args;

	audit->failed[subject] = true;
	if (++audit->findings > FINDINGS_MAX)
		return;
	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	text_clean(clean, sizeof clean, line);
	fprintf(audit->out, "FAILED       %s\n", clean);
}

struct audit *audit_new(const struct crypto *crypto, const uint8_t *signer_key,
                        const struct audit_earlier *earlier, FILE *out)
{
	struct audit *audit = calloc(1, sizeof *audit);

	if (audit == NULL)
		abort();
	audit->crypto = crypto;
	audit->signer_key = signer_key;
	audit->earlier = earlier;
	audit->out = out;
	audit->index = index_new(crypto);
	if (audit->index == NULL)
		abort();
	return audit;
}

void audit_free(struct audit *audit)
{
	if (audit == NULL)
		return;
	index_free(audit->index);
	free(audit);
}

static bool is_extract(const struct audit *audit)
{
	return audit->head.resident[0] != '\0';
}

static void check_signature(struct audit *audit)
{
	struct checkpoint opened;
	size_t text_len;
	struct buf text = buf_new(CHECKPOINT_MAX_BYTES);

	if (checkpoint_text(&audit->checkpoint, &text) != ERR_OK)
		abort();
	text_len = text.len;
	buf_free(&text);
	if (audit->head.note_len == text_len)
		find(audit, SIGNATURE,
		     "The checkpoint is not signed: nobody answers for this export.");
	else if (audit->signer_key != NULL
	         && checkpoint_open(audit->crypto, audit->head.note, audit->head.note_len,
	                            audit->signer_key, &opened)
	                    != ERR_OK)
		find(audit, SIGNATURE, "The checkpoint is not signed by the key that was given.");
}

static void tell_head(const struct audit *audit)
{
	const struct checkpoint *now = &audit->checkpoint;

	if (is_extract(audit))
		fprintf(audit->out, "What the log %s has about %s", now->origin,
		        audit->head.resident);
	else
		fprintf(audit->out, "The whole log %s", now->origin);
	fprintf(audit->out, ", at %" PRIu64 " entries, epoch %" PRIu64 ".\n", now->size,
	        now->epoch);
}

/* What can be said before the first entry. */
static void check_head(struct audit *audit)
{
	const struct checkpoint *now = &audit->checkpoint, *then;

	tell_head(audit);
	check_signature(audit);
	index_key(audit->crypto, audit->head.resident, audit->own.key);
	if (audit->earlier == NULL)
		return;
	then = &audit->earlier->checkpoint;
	if (strcmp(then->origin, now->origin) != 0)
		find(audit, EARLIER, "%s is of another log: %s.", audit->earlier->name,
		     then->origin);
	else if (then->epoch != now->epoch)
		find(audit, EARLIER,
		     "%s is of epoch %" PRIu64 ", this is of epoch %" PRIu64
		     ": the log went on from a backup, and what came between is lost.",
		     audit->earlier->name, then->epoch, now->epoch);
	else if (then->size > now->size)
		find(audit, EARLIER,
		     "The log had %" PRIu64 " entries in %s and has only %" PRIu64
		     " now: it was cut.",
		     then->size, audit->earlier->name, now->size);
}

static void read_head(struct audit *audit, const char *line, size_t len)
{
	if (export_head_read(line, len, &audit->head) != ERR_OK) {
		find(audit, FORM,
		     "Line 1 is not the beginning of an export of the log, or was changed.");
		return;
	}
	if (checkpoint_read(audit->head.note, audit->head.note_len, &audit->checkpoint) != ERR_OK) {
		find(audit, FORM, "Line 1: the checkpoint was changed, or is none.");
		return;
	}
	audit->begun = true;
	check_head(audit);
}

/* The root over the entries so far: what is complete, joined from the right. */
static void root_now(const struct audit *audit, uint8_t root[HASH_BYTES])
{
	bool any = false;

	if (audit->entries == 0)
		audit->crypto->sha256(root, "", 0);
	for (int level = 0; level < TREE_LEVELS_MAX; level++) {
		if ((audit->entries >> level & 1) == 0)
			continue;
		if (any)
			tree_join(audit->crypto, audit->part[level], root, root);
		else
			memcpy(root, audit->part[level], HASH_BYTES);
		any = true;
	}
}

static void note_earlier_root(struct audit *audit)
{
	if (audit->earlier == NULL || audit->entries != audit->earlier->checkpoint.size)
		return;
	root_now(audit, audit->earlier_root);
	audit->has_earlier_root = true;
}

/* Her entry in the index, with this one more. */
static void count_resident(struct audit *audit, const char *resident)
{
	struct index_entry entry = {.count = 0};
	const struct index_entry *known;

	if (resident[0] == '\0')
		return;
	index_key(audit->crypto, resident, entry.key);
	known = index_get(audit->index, entry.key);
	if (known != NULL)
		entry = *known;
	index_entry_add(audit->crypto, &entry, audit->entry.number, audit->entry.leaf);
	if (index_put(audit->index, &entry) != ERR_OK)
		abort();
}

static void grow(struct audit *audit, const char *resident)
{
	int level = 0;
	uint8_t hash[HASH_BYTES];

	note_earlier_root(audit);
	memcpy(hash, audit->entry.leaf, HASH_BYTES);
	for (; (audit->entries >> level & 1) != 0; level++)
		tree_join(audit->crypto, audit->part[level], hash, hash);
	memcpy(audit->part[level], hash, HASH_BYTES);
	count_resident(audit, resident);
}

/* Of an extract: the entry is in the log, and about her. */
static void follow(struct audit *audit, const char *resident)
{
	const struct export_entry *entry = &audit->entry;

	if (!tree_includes(audit->crypto, entry->leaf, entry->number, audit->checkpoint.size,
	                   &entry->proof, audit->checkpoint.root))
		find(audit, ENTRIES,
		     "Entry %" PRIu64 " about %s is not in the log as it stands here.",
		     entry->number, audit->head.resident);
	if (strcmp(resident, audit->head.resident) != 0)
		find(audit, ENTRIES, "Entry %" PRIu64 " is about %s, not about %s.", entry->number,
		     resident[0] != '\0' ? resident : "nobody", audit->head.resident);
	index_entry_add(audit->crypto, &audit->own, entry->number, entry->leaf);
}

/*
 * Only the log's beginning is ever erased: whoever holds back what an entry between others says
 * cannot call it that.
 */
static void check_erased(struct audit *audit)
{
	audit->erased++;
	if (audit->has_readable)
		find(audit, ENTRIES,
		     "Entry %" PRIu64
		     " is said to be erased, but older ones are not: it is held back.",
		     audit->entry.number);
}

static void note_readable(struct audit *audit, const struct log_event *event, char resident[ID_MAX])
{
	memcpy(resident, event->resident, ID_MAX);
	if (!audit->has_readable)
		audit->readable_ms = event->at_ms;
	audit->has_readable = true;
	audit->has_erasure = audit->has_erasure || event->type == LOG_ERASED;
}

/*
 * Its bytes are those of its leaf, and say what an event says; whom it is about goes to resident.
 */
static void check_bytes(struct audit *audit, char resident[ID_MAX])
{
	struct export_entry *entry = &audit->entry;
	struct log_event event;
	uint8_t leaf[HASH_BYTES];

	memcpy(resident, entry->resident, ID_MAX);
	if (entry->erased) {
		check_erased(audit);
		return;
	}
	resident[0] = '\0';
	if (log_event_decode(&event, entry->canonical, entry->len) == ERR_OK)
		note_readable(audit, &event, resident);
	else
		find(audit, ENTRIES, "Entry %" PRIu64 " cannot be read by this version.",
		     entry->number);
	log_leaf_hash(audit->crypto, entry->salt, entry->canonical, entry->len, leaf);
	if (memcmp(leaf, entry->leaf, HASH_BYTES) != 0)
		find(audit, ENTRIES,
		     "Entry %" PRIu64 "%s%s was changed: its bytes are not its leaf's.",
		     entry->number, resident[0] != '\0' ? " about " : "", resident);
}

static void check_place(struct audit *audit)
{
	const struct export_entry *entry = &audit->entry;

	if (entry->number < audit->next)
		find(audit, ENTRIES,
		     "Line %" PRId64 ": entry %" PRIu64 " stands in the wrong place.", audit->lines,
		     entry->number);
	else if (!is_extract(audit) && entry->number > audit->next)
		find(audit, ENTRIES,
		     "Entries %" PRIu64 " to %" PRIu64 " are missing before line %" PRId64 ".",
		     audit->next, entry->number - 1, audit->lines);
	if (entry->number >= audit->next)
		audit->next = entry->number + 1;
	/* Nobody would look at it. */
	if (!is_extract(audit) && entry->proof.n > 0)
		find(audit, FORM,
		     "Line %" PRId64 ": an entry of the whole log has a proof of its own.",
		     audit->lines);
}

static void read_entry(struct audit *audit, const char *line, size_t len)
{
	char resident[ID_MAX];

	if (export_entry_read(line, len, &audit->entry) != ERR_OK) {
		find(audit, FORM, "Line %" PRId64 " is no entry, or was changed.", audit->lines);
		return;
	}
	check_place(audit);
	check_bytes(audit, resident);
	if (is_extract(audit))
		follow(audit, resident);
	else
		grow(audit, resident);
	audit->entries++;
}

void audit_line(struct audit *audit, const char *line, size_t len)
{
	audit->lines++;
	if (audit->lines == 1)
		read_head(audit, line, len);
	else if (audit->begun)
		read_entry(audit, line, len);
}

static void end_whole(struct audit *audit)
{
	const struct checkpoint *now = &audit->checkpoint;
	uint8_t root[HASH_BYTES];

	note_earlier_root(audit);
	root_now(audit, root);
	if (audit->entries != now->size)
		find(audit, ENTRIES,
		     "The checkpoint is about %" PRIu64 " entries, the file has %" PRIu64 ".",
		     now->size, audit->entries);
	else if (memcmp(root, now->root, HASH_BYTES) != 0)
		find(audit, ENTRIES,
		     "The entries are not those that the checkpoint is about: some were changed, "
		     "added, left out or put elsewhere.");
	/*
	 * The newest erasure is never itself erased: whatever erased it would have left a newer
	 * one.
	 */
	if (audit->erased > 0 && !audit->has_erasure)
		find(audit, ENTRIES,
		     "Entries are said to be erased, but no entry of the log says so: they are "
		     "held back.");
	index_root(audit->index, root);
	if (index_size(audit->index) != now->residents
	    || memcmp(root, now->index_root, HASH_BYTES) != 0)
		find(audit, INDEX, "The index is not that of these entries.");
}

/* The index entry is the one that the checkpoint commits to. */
static bool index_holds(const struct audit *audit)
{
	uint8_t root[HASH_BYTES];

	return index_proven_root(audit->crypto, audit->own.key, &audit->head.index, root)
	       && memcmp(root, audit->checkpoint.index_root, HASH_BYTES) == 0;
}

/* The extract has all that the log has about her: number, last and chain are those of the index. */
static void end_extract(struct audit *audit)
{
	const struct index_proof *proof = &audit->head.index;
	uint64_t count = proof->end == INDEX_OWN ? proof->entry.count : 0;

	if (!index_holds(audit))
		find(audit, INDEX,
		     "What is said about %s in the index is not what the checkpoint commits to.",
		     audit->head.resident);
	else if (count != audit->entries)
		find(audit, INDEX,
		     "The log has %" PRIu64 " entries about %s, the extract has %" PRIu64
		     ": it is not complete.",
		     count, audit->head.resident, audit->entries);
	else if (count > 0
	         && (audit->own.last != proof->entry.last
	             || memcmp(audit->own.chain, proof->entry.chain, HASH_BYTES) != 0))
		find(audit, INDEX,
		     "The entries about %s are not those that the log has, or not in their order.",
		     audit->head.resident);
}

/* For an extract the hub had to send a proof; for the whole log the entries themselves are one. */
static void end_earlier(struct audit *audit)
{
	const struct checkpoint *then = &audit->earlier->checkpoint, *now = &audit->checkpoint;
	bool holds;

	if (audit->failed[EARLIER])
		return;
	if (is_extract(audit) && (!audit->head.has_since || audit->head.since != then->size)) {
		find(audit, EARLIER,
		     "The extract has no proof that the log has only grown since %s: make it with "
		     "--since.",
		     audit->earlier->name);
		return;
	}
	if (is_extract(audit))
		holds = tree_extends(audit->crypto, then->size, then->root, now->size, now->root,
		                     &audit->head.grown);
	else
		holds = audit->has_earlier_root
		        && memcmp(audit->earlier_root, then->root, HASH_BYTES) == 0;
	if (!holds)
		find(audit, EARLIER,
		     "The log is not the one of %s any more: its first %" PRIu64
		     " entries were rewritten.",
		     audit->earlier->name, then->size);
}

/* A proof in the file that could not be tried: then not everything in it holds. */
static bool has_untried(const struct audit *audit)
{
	return audit->head.has_since && (audit->earlier == NULL || !is_extract(audit));
}

static void tell_erased(const struct audit *audit)
{
	struct civil_date day = civil_from_days((int32_t)(audit->readable_ms / MS_DAY));

	fprintf(audit->out,
	        "             Of the oldest %" PRIu64 " only the hash is left: ", audit->erased);
	if (audit->has_readable && audit->readable_ms >= 0 && day.year < 10000)
		fprintf(audit->out, "what can be read begins on %04d-%02d-%02d.\n", (int)day.year,
		        (int)day.month, (int)day.day);
	else
		fputs("nothing can be read any more.\n", audit->out);
}

static void tell(const struct audit *audit)
{
	const char *resident = audit->head.resident;
	FILE *out = audit->out;

	if (!audit->failed[SIGNATURE])
		fputs(audit->signer_key != NULL
		              ? "ok           The checkpoint is signed by the log's signer.\n"
		              : "NOT CHECKED  Who signed the checkpoint: give the log signer's "
		                "public key "
		                "with --signer.\n",
		      out);
	if (!audit->failed[ENTRIES] && !audit->failed[FORM] && is_extract(audit))
		fprintf(out,
		        "ok           Each of the %" PRIu64 " entries is in the log, unchanged.\n",
		        audit->entries);
	else if (!audit->failed[ENTRIES] && !audit->failed[FORM])
		fprintf(out, "ok           Every entry from 0 to the last is there, in order and "
		             "unchanged.\n");
	if (audit->erased > 0)
		tell_erased(audit);
	if (audit->failed[INDEX] || audit->failed[FORM])
		return;
	if (!is_extract(audit))
		fprintf(out,
		        "ok           The index counts the entries of every resident (%" PRIu64
		        ") rightly.\n",
		        audit->checkpoint.residents);
	else if (audit->entries > 0)
		fprintf(out, "ok           They are all that the log has about %s.\n", resident);
	else
		fprintf(out, "ok           The log has nothing about %s: nobody looked.\n",
		        resident);
}

static void tell_earlier(const struct audit *audit)
{
	if (has_untried(audit))
		fprintf(audit->out,
		        "NOT CHECKED  That the log has only grown since it had %" PRIu64
		        " entries: give the file of that time with --from.\n",
		        audit->head.since);
	if (audit->earlier != NULL && !audit->failed[EARLIER])
		fprintf(audit->out,
		        "ok           The log has only grown since %s: its first %" PRIu64
		        " entries are the same.\n",
		        audit->earlier->name, audit->earlier->checkpoint.size);
}


bool audit_end(struct audit *audit)
{
	bool holds = audit->signer_key != NULL;

	if (audit->lines == 0)
		find(audit, FORM, "The file is empty.");
	if (!audit->begun)
		return false;
	if (is_extract(audit))
		end_extract(audit);
	else
		end_whole(audit);
	if (audit->earlier != NULL)
		end_earlier(audit);
	if (audit->findings > FINDINGS_MAX)
		fprintf(audit->out, "             … and %d findings more.\n",
		        audit->findings - FINDINGS_MAX);
	tell(audit);
	tell_earlier(audit);
	for (int i = 0; i < SUBJECTS; i++)
		holds = holds && !audit->failed[i];
	holds = holds && !has_untried(audit);
	fputs(holds ? "All of it holds.\n" : "It does not hold.\n", audit->out);
	return holds;
}
