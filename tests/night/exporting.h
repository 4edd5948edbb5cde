/* A real hub's exports as the file that tillsynctl would write, and their judgement, in one process. */
#ifndef TILLSYN_TESTS_NIGHT_EXPORTING_H
#define TILLSYN_TESTS_NIGHT_EXPORTING_H

#include "hub/scene.h"

#include "admin/audit.h"
#include "admin/export_file.h"
#include "hub/inside.h"

struct exported {
	struct buf file;
	int entries;
};

/* Takes what came since the inbox had from messages; the next number to ask from, and how many entries came. */
static inline int take_entries(struct scene *scene, const struct scene_session *admin, int from,
                               struct exported *out, int64_t *next)
{
	static struct export_entry entry;
	int came = 0;

	for (int i = from; i < admin->n; i++) {
		if (wire_id(admin->inbox[i]) != WIRE_EXPORT_ENTRY)
			continue;
		memset(&entry, 0, sizeof entry);
		assert_int_equal(export_entry_from_wire(scene->crypto, admin->inbox[i], &entry), ERR_OK);
		assert_int_equal(export_entry_line(&entry, &out->file), ERR_OK);
		*next = (int64_t)entry.number + 1;
		came++;
	}
	out->entries += came;
	return came;
}

/* The whole log (resident NULL) or an extract, as it comes from the hub. */
static inline struct exported export_now(struct scene *scene, const char *resident, int64_t since)
{
	struct exported out = {.file = buf_new(1 << 22)};
	struct scene_session *admin = scene_admin(scene, "root");
	struct wire_message *query;
	static struct export_head head;
	int64_t next = 0;
	int from;

	query = scene_command(scene, WIRE_EXPORT_QUERY);
	if (resident != NULL)
		wire_set_text(query, "resident", resident);
	if (since > 0)
		wire_set_int(query, "since", since);
	scene_send(scene, admin, query);
	assert_null(scene_refusal(admin));
	memset(&head, 0, sizeof head);
	assert_int_equal(export_head_from_wire(scene_latest(admin, WIRE_EXPORT_HEAD), resident == NULL ? "" : resident,
	                                       since, &head),
	                 ERR_OK);
	assert_int_equal(export_head_line(&head, &out.file), ERR_OK);
	do {
		from = admin->n;
		query = scene_command(scene, WIRE_EXPORT_MORE);
		wire_set_int(query, "from", next);
		scene_send(scene, admin, query);
		assert_null(scene_refusal(admin));
	} while (take_entries(scene, admin, from, &out, &next) > 0);
	scene_close(scene, admin);
	return out;
}

/* Judges bytes; words (may be NULL) gets what was said, the caller's. */
static inline bool judge(struct scene *scene, const struct buf *file, const uint8_t *key,
                         const struct audit_earlier *earlier, char **words)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	struct audit *audit = audit_new(scene->crypto, key, earlier, out);
	FILE *in = fmemopen(file->data, file->len, "r");
	char line[EXPORT_LINE_MAX + 1];
	size_t len;
	bool holds;

	while (export_next_line(in, line, &len))
		audit_line(audit, line, len);
	holds = audit_end(audit);
	audit_free(audit);
	fclose(in);
	fclose(out);
	if (words != NULL)
		*words = text;
	else
		free(text);
	return holds;
}

/* It does not hold, and says so in these words. */
static inline void expect_fault(struct scene *scene, const struct buf *file, const struct audit_earlier *earlier,
                                const char *words)
{
	char *said;

	assert_false(judge(scene, file, scene->signer_public, earlier, &said));
	if (strstr(said, words) == NULL)
		fail_msg("expected \"%s\", said:\n%s", words, said);
	free(said);
}

static inline void expect_good(struct scene *scene, const struct buf *file, const struct audit_earlier *earlier,
                               const char *words)
{
	char *said;

	if (!judge(scene, file, scene->signer_public, earlier, &said) || strstr(said, words) == NULL)
		fail_msg("expected \"%s\" and that all holds, said:\n%s", words, said);
	free(said);
}

/* Where a line of the file begins; the file's end when it has fewer. */
static inline size_t line_at(const struct buf *file, int line)
{
	size_t at = 0;

	for (; line > 0 && at < file->len; at++)
		line -= file->data[at] == '\n';
	return at;
}

static inline struct buf file_part(const struct buf *file, size_t from, size_t to)
{
	struct buf out = buf_new(1 << 22);

	assert_int_equal(buf_add(&out, file->data + from, to - from), ERR_OK);
	return out;
}

/* The file without this line. */
static inline struct buf without_line(const struct buf *file, int line)
{
	struct buf out = file_part(file, 0, line_at(file, line));
	size_t rest = line_at(file, line + 1);

	assert_int_equal(buf_add(&out, file->data + rest, file->len - rest), ERR_OK);
	return out;
}

/* The file with this line and the next exchanged. */
static inline struct buf with_lines_exchanged(const struct buf *file, int line)
{
	size_t first = line_at(file, line), second = line_at(file, line + 1), end = line_at(file, line + 2);
	struct buf out = file_part(file, 0, first);

	assert_int_equal(buf_add(&out, file->data + second, end - second), ERR_OK);
	assert_int_equal(buf_add(&out, file->data + first, second - first), ERR_OK);
	assert_int_equal(buf_add(&out, file->data + end, file->len - end), ERR_OK);
	return out;
}

/* The head of one file and the entries of another. */
static inline struct buf head_and_entries(const struct buf *head, const struct buf *entries)
{
	struct buf out = file_part(head, 0, line_at(head, 1));
	size_t from = line_at(entries, 1);

	assert_int_equal(buf_add(&out, entries->data + from, entries->len - from), ERR_OK);
	return out;
}

static inline struct audit_earlier earlier_of(const struct buf *file)
{
	static struct export_head head;
	struct audit_earlier earlier = {.name = "before.log"};

	assert_int_equal(export_head_read((const char *)file->data, line_at(file, 1), &head), ERR_OK);
	assert_int_equal(checkpoint_read(head.note, head.note_len, &earlier.checkpoint), ERR_OK);
	return earlier;
}

#endif
