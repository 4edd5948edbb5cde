/*
 * log export: the log, or all of it about one resident, as a file that stands on its own and that
 * verify can judge.
 */
#include "admin/admin.h"

#include "admin/export_fetch.h"
#include "base/text.h"
#include "os/crypto.h"
#include "os/file.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* Nobody but the administrator reads it: it says who was looked at. */
#define FILE_MODE 0600

struct exporting {
	struct file_draft file;
	struct export_head head;
	int64_t entries;
};

static enum err write_line(struct exporting *e, enum err r, struct buf *line)
{
	if (r == ERR_OK && fwrite(line->data, 1, line->len, e->file.stream) != line->len)
		r = ERR_IO;
	buf_free(line);
	return r;
}

static enum err write_head(void *arg, const struct export_head *head,
                           const struct export_beside *beside)
{
	struct exporting *e = arg;
	struct buf line = buf_new(EXPORT_LINE_MAX);

	(void)beside;
	e->head = *head;
	return write_line(e, export_head_line(head, &line), &line);
}

static enum err write_entry(void *arg, const struct export_entry *entry, const char *name)
{
	struct exporting *e = arg;
	struct buf line = buf_new(EXPORT_LINE_MAX);

	(void)name;
	e->entries++;
	return write_line(e, export_entry_line(entry, &line), &line);
}

static bool is_signed(const struct export_head *head, const struct checkpoint *checkpoint)
{
	struct buf text = buf_new(CHECKPOINT_MAX_BYTES);
	bool more = checkpoint_text(checkpoint, &text) == ERR_OK && head->note_len > text.len;

	buf_free(&text);
	return more;
}

static enum admin_exit tell(const struct admin *admin, const struct exporting *e, const char *path)
{
	struct checkpoint checkpoint;

	if (checkpoint_read(e->head.note, e->head.note_len, &checkpoint) != ERR_OK)
		return admin_refuse(admin, "%s: the hub gave a checkpoint that is none", path);
	fprintf(admin->out, "%s: %" PRId64 " entries, of a log of %" PRIu64 "\n", path, e->entries,
	        checkpoint.size);
	if (!is_signed(&e->head, &checkpoint))
		fprintf(admin->out,
		        "Its checkpoint is not signed: nobody answers for it. Export again "
		        "when the log's signer answers.\n");
	return ADMIN_OK;
}

/* The file is begun first: an export that nobody could keep need not be in the log. */
static enum admin_exit export_to(const struct admin *admin, const char *resident, int64_t since,
                                 const char *path)
{
	struct exporting e = {.entries = 0};
	const struct export_taker taker = {write_head, write_entry, &e};
	enum admin_exit end = ADMIN_REFUSED;
	struct connection *c;

	if (file_draft_begin(&e.file, path, FILE_MODE) != ERR_OK)
		return admin_refuse(admin, "%s: %s", path, strerror(errno));
	c = connection_open(admin);
	if (c != NULL)
		end = export_fetch(admin, c, resident, since, &taker);
	connection_close(c);
	if (end != ADMIN_OK)
		file_draft_drop(&e.file);
	else if (file_draft_keep(&e.file) != ERR_OK)
		end = admin_refuse(admin, "%s: %s", path, strerror(errno));
	return end == ADMIN_OK ? tell(admin, &e, path) : end;
}

enum admin_exit log_export_run(const struct admin *admin, struct args *args)
{
	const char *resident = args_value(args, "--resident"), *since = args_value(args, "--since");
	struct checkpoint then = {.size = 0};
	enum err r;

	if (!args_done(args, 1, 1))
		return admin_usage(admin, "log export", "%s",
		                   args->fault ? args->fault
		                               : "the file is missing, or is not alone");
	if (resident != NULL && !text_is_id(resident))
		return admin_usage(admin, "log export", "%s is no identifier", resident);
	if (since != NULL && (r = export_checkpoint_of(since, NULL, &then)) != ERR_OK)
		return admin_refuse(admin, "%s: %s", since,
		                    r == ERR_IO ? strerror(errno)
		                                : "neither an export of the log nor a checkpoint");
	return export_to(admin, resident, (int64_t)then.size, args->word[0]);
}
