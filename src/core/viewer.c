/*
 * The frames between a console and its picture process. Both ends are ours, but the picture process
 * decodes bytes from a camera, so the console reads what comes back from it as it would read a
 * stranger.
 */
#include "core/viewer.h"

#include "base/canon.h"
#include "base/now.h"
#include "base/text.h"

#include <string.h>

/* Length word and kind. */
#define FRAME_HEAD 5

/* Every frame but the snapshot's: PLACE is the longest, with its path. */
#define FRAME_SMALL_MAX 512

/* More cells than any terminal has, and few enough that areas and pixel sizes cannot overflow. */
#define CELLS_MAX 4096
#define CELL_PIXELS_MAX 256
#define PICTURE_PIXELS_MAX 65535

/* Nothing of a look lasts longer, whatever the policy says. */
#define LIMIT_MS_MAX (5 * MS_MINUTE)

static size_t body_max(enum viewer_kind kind)
{
	return kind == VIEWER_SEALED ? SNAPSHOT_MAX_BYTES : FRAME_SMALL_MAX;
}

enum err viewer_next(const uint8_t *data, size_t len, struct viewer_frame *frame, size_t *size)
{
	struct canon_reader r = canon_read(data, len);
	size_t whole;
	uint8_t kind;

	*size = 0;
	*frame = (struct viewer_frame){0};
	if (len < FRAME_HEAD)
		return ERR_OK;
	whole = canon_u32(&r);
	kind = canon_u8(&r);
	if (whole < 1 || kind < VIEWER_KEY || kind >= VIEWER_KINDS)
		return ERR_PARSE;
	if (whole - 1 > body_max((enum viewer_kind)kind))
		return ERR_LIMIT;
	if (r.len < whole - 1)
		return ERR_OK;
	frame->kind = (enum viewer_kind)kind;
	frame->body = r.data;
	frame->len = whole - 1;
	*size = 4 + whole;
	return ERR_OK;
}

/* A frame either stands in out whole or not at all: half of one would garble all that follow. */
static enum err put_frame(struct buf *out, enum viewer_kind kind, const void *body, size_t len)
{
	struct canon_writer w = canon_write(out);
	size_t before = out->len;

	if (len > body_max(kind))
		return ERR_LIMIT;
	canon_put_u32(&w, (uint32_t)(len + 1));
	canon_put_u8(&w, (uint8_t)kind);
	canon_put_fixed(&w, body, len);
	if (w.err != ERR_OK)
		out->len = before;
	return w.err;
}

/* As put_frame, of a body that was written with an own writer; frees the body. */
static enum err put_written(struct buf *out, enum viewer_kind kind, struct canon_writer *w)
{
	enum err r = w->err;

	if (r == ERR_OK)
		r = put_frame(out, kind, w->out->data, w->out->len);
	buf_free(w->out);
	return r;
}

enum err viewer_put_key(struct buf *out, const uint8_t key[KEY_BYTES])
{
	return put_frame(out, VIEWER_KEY, key, KEY_BYTES);
}

enum err viewer_put_expect(struct buf *out, const struct viewer_expect *expect)
{
	struct buf body = buf_new(FRAME_SMALL_MAX);
	struct canon_writer w = canon_write(&body);

	canon_put_i64(&w, expect->look);
	canon_put_text(&w, expect->camera);
	canon_put_fixed(&w, expect->nonce, NONCE_BYTES);
	canon_put_fixed(&w, expect->device_key, KEY_BYTES);
	canon_put_i64(&w, expect->fresh_ms);
	canon_put_i64(&w, expect->view_ms);
	return put_written(out, VIEWER_EXPECT, &w);
}

enum err viewer_put_place(struct buf *out, const struct viewer_place *place)
{
	struct buf body = buf_new(FRAME_SMALL_MAX);
	struct canon_writer w = canon_write(&body);

	canon_put_text(&w, place->tty);
	canon_put_u8(&w, (uint8_t)place->mode);
	canon_put_i64(&w, place->row);
	canon_put_i64(&w, place->column);
	canon_put_i64(&w, place->rows);
	canon_put_i64(&w, place->columns);
	canon_put_i64(&w, place->cell_width);
	canon_put_i64(&w, place->cell_height);
	canon_put_i64(&w, place->picture_width);
	canon_put_i64(&w, place->picture_height);
	canon_put_i64(&w, place->colours);
	canon_put_u8(&w, place->utf8);
	return put_written(out, VIEWER_PLACE, &w);
}

enum err viewer_put_sealed(struct buf *out, const void *sealed, size_t len)
{
	return put_frame(out, VIEWER_SEALED, sealed, len);
}

enum err viewer_put_standing(struct buf *out, const struct viewer_standing *standing)
{
	struct buf body = buf_new(FRAME_SMALL_MAX);
	struct canon_writer w = canon_write(&body);

	canon_put_i64(&w, standing->taken_utc_ms);
	canon_put_u8(&w, (uint8_t)standing->mode);
	canon_put_i64(&w, standing->drawn_width);
	canon_put_i64(&w, standing->drawn_height);
	canon_put_i64(&w, standing->width);
	canon_put_i64(&w, standing->height);
	return put_written(out, VIEWER_STANDING, &w);
}

enum err viewer_put_fault(struct buf *out, enum viewer_fault fault, const char *words)
{
	struct buf body = buf_new(FRAME_SMALL_MAX);
	struct canon_writer w = canon_write(&body);
	char clean[REASON_MAX_BYTES];

	text_clean(clean, sizeof clean, words);
	canon_put_u8(&w, (uint8_t)fault);
	canon_put_text(&w, clean);
	return put_written(out, VIEWER_FAULT, &w);
}

enum err viewer_put_end(struct buf *out)
{
	return put_frame(out, VIEWER_END, NULL, 0);
}

enum err viewer_put_hide(struct buf *out)
{
	return put_frame(out, VIEWER_HIDE, NULL, 0);
}

enum err viewer_put_hidden(struct buf *out)
{
	return put_frame(out, VIEWER_HIDDEN, NULL, 0);
}

enum err viewer_put_gone(struct buf *out, int64_t view_ms)
{
	struct buf body = buf_new(FRAME_SMALL_MAX);
	struct canon_writer w = canon_write(&body);

	canon_put_i64(&w, view_ms);
	return put_written(out, VIEWER_GONE, &w);
}

/* A reader over the frame's body that has failed already when the frame is of another kind. */
static struct canon_reader read_body(const struct viewer_frame *frame, enum viewer_kind kind)
{
	struct canon_reader r = canon_read(frame->body, frame->len);

	if (frame->kind != kind)
		r.err = ERR_WRONG_STATE;
	return r;
}

enum err viewer_get_key(const struct viewer_frame *frame, uint8_t key[KEY_BYTES])
{
	struct canon_reader r = read_body(frame, VIEWER_KEY);

	canon_fixed(&r, key, KEY_BYTES);
	return canon_end(&r);
}

enum err viewer_get_expect(const struct viewer_frame *frame, struct viewer_expect *expect)
{
	struct canon_reader r = read_body(frame, VIEWER_EXPECT);

	memset(expect, 0, sizeof *expect);
	expect->look = canon_i64_in(&r, 1, INT64_MAX);
	canon_text(&r, expect->camera, sizeof expect->camera);
	canon_fixed(&r, expect->nonce, NONCE_BYTES);
	canon_fixed(&r, expect->device_key, KEY_BYTES);
	expect->fresh_ms = canon_i64_in(&r, 1, LIMIT_MS_MAX);
	expect->view_ms = canon_i64_in(&r, 1, LIMIT_MS_MAX);
	if (r.err == ERR_OK && !text_is_id(expect->camera))
		return ERR_PARSE;
	return canon_end(&r);
}

static bool is_colours(int64_t colours)
{
	return colours == 16777216 || colours == 256 || colours == 16 || colours == 8
	    || colours == 2;
}

enum err viewer_get_place(const struct viewer_frame *frame, struct viewer_place *place)
{
	struct canon_reader r = read_body(frame, VIEWER_PLACE);
	uint8_t mode;

	memset(place, 0, sizeof *place);
	canon_text(&r, place->tty, sizeof place->tty);
	mode = canon_u8(&r);
	place->row = (int32_t)canon_i64_in(&r, 0, CELLS_MAX);
	place->column = (int32_t)canon_i64_in(&r, 0, CELLS_MAX);
	place->rows = (int32_t)canon_i64_in(&r, 1, CELLS_MAX);
	place->columns = (int32_t)canon_i64_in(&r, 1, CELLS_MAX);
	place->cell_width = (int32_t)canon_i64_in(&r, 0, CELL_PIXELS_MAX);
	place->cell_height = (int32_t)canon_i64_in(&r, 0, CELL_PIXELS_MAX);
	place->picture_width = (int32_t)canon_i64_in(&r, 0, PICTURE_PIXELS_MAX);
	place->picture_height = (int32_t)canon_i64_in(&r, 0, PICTURE_PIXELS_MAX);
	place->colours = (int32_t)canon_i64_in(&r, 2, 16777216);
	place->utf8 = canon_bool(&r);
	if (r.err == ERR_OK
	    && (mode > VIEWER_ITERM || !is_colours(place->colours) || place->tty[0] != '/'))
		return ERR_PARSE;
	place->mode = r.err == ERR_OK ? (enum viewer_mode)mode : VIEWER_SYMBOLS;
	return canon_end(&r);
}

enum err viewer_get_standing(const struct viewer_frame *frame, struct viewer_standing *standing)
{
	struct canon_reader r = read_body(frame, VIEWER_STANDING);
	uint8_t mode;

	memset(standing, 0, sizeof *standing);
	standing->taken_utc_ms = canon_i64_in(&r, 0, INT64_MAX / 2);
	mode = canon_u8(&r);
	standing->drawn_width = (int32_t)canon_i64_in(&r, 1, PICTURE_PIXELS_MAX);
	standing->drawn_height = (int32_t)canon_i64_in(&r, 1, PICTURE_PIXELS_MAX);
	standing->width = (int32_t)canon_i64_in(&r, 1, JPEG_SIDE_MAX);
	standing->height = (int32_t)canon_i64_in(&r, 1, JPEG_SIDE_MAX);
	if (r.err == ERR_OK && mode > VIEWER_ITERM)
		return ERR_PARSE;
	standing->mode = r.err == ERR_OK ? (enum viewer_mode)mode : VIEWER_SYMBOLS;
	return canon_end(&r);
}

enum err viewer_get_fault(const struct viewer_frame *frame, enum viewer_fault *fault,
                          char words[REASON_MAX_BYTES])
{
	struct canon_reader r = read_body(frame, VIEWER_FAULT);
	uint8_t value = canon_u8(&r);

	canon_text(&r, words, REASON_MAX_BYTES);
	*fault = VIEWER_FAULT_SEAL;
	if (r.err == ERR_OK && (value < VIEWER_FAULT_SEAL || value >= VIEWER_FAULTS))
		return ERR_PARSE;
	if (r.err == ERR_OK)
		*fault = (enum viewer_fault)value;
	return canon_end(&r);
}

enum err viewer_get_gone(const struct viewer_frame *frame, int64_t *view_ms)
{
	struct canon_reader r = read_body(frame, VIEWER_GONE);

	/*
	 * What was measured is believed even beyond the limit: a machine that slept counts its
	 * sleep.
	 */
	*view_ms = canon_i64_in(&r, 0, INT64_MAX / 2);
	return canon_end(&r);
}
