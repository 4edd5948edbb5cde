/*
 * The life of one view: wait for permit, place and snapshot; draw; stand; blank, and draw again
 * where the terminal's size has changed. Each part ends in one of four ways, and whatever ends it,
 * the place is blanked before the console hears of it. Everything that waits, waits in view_wait(),
 * so that a console that ends the view, or dies, is noticed everywhere.
 */
#include "picture/view.h"

#include "core/snapshot.h"
#include "core/viewer.h"
#include "os/clock.h"
#include "os/crypto.h"
#include "os/process.h"
#include "os/secmem.h"
#include "picture/draw.h"
#include "picture/terminal.h"
#include "picture/unseal.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

/* From the key to the permit: the claim's lease and some. An orphan must not wait for ever. */
#define EXPECT_WITHIN_MS (2 * MS_MINUTE)

/* A terminal that has not taken a picture by then never shows it in time to be of use. */
#define DRAW_WITHIN_MS (10 * MS_SECOND)

/* For blanking and for telling the console: neither may keep this process alive. */
#define CLOSE_WITHIN_MS MS_SECOND

/*
 * poll() does not count time asleep, so a machine that wakes up must not find the picture for long.
 */
#define POLL_MS_MAX MS_SECOND

#define READ_BYTES 65536

/*
 * Linux: a pseudo-terminal holds 8 KiB, what reads it another 4, and a write may go beyond that by
 * a little.
 */
#define QUEUE_BYTES_MAX 16384

struct view {
	const struct crypto *crypto;
	struct clock clock;
	int console, signals, terminal; /* terminal is -1 until its place is known */
	struct secret *secret;          /* locked, as are the next two */
	uint8_t *plain, *pixels;
	struct buf in;                  /* from the console */
	struct viewer_frame frame;      /* the present one, in its first frame_size bytes */
	size_t frame_size;
	struct viewer_expect expect;
	struct viewer_place place;
	struct fit fit;
	bool expected, placed;
	bool hidden;                    /* a new place is to come first */
	struct opened opened;           /* in plain */
	bool visible;                   /* something of it may be on the screen */
	int64_t key_ms;                 /* elapsed: when the key was made */
	int64_t drawn_ms;               /* elapsed: the first byte of the picture; -1 = none */
	int64_t blanked_ms;             /* elapsed: the latest blanking */
	int64_t until_ms;               /* elapsed: the view's end; 0 = it has not stood yet */
	struct refusal refusal;
};

/* How a part of the view ends. */
enum step { STEP_ON, STEP_HIDE, STEP_END, STEP_REFUSED };

enum wake {
	WAKE_FRAME,    /* view->frame */
	WAKE_WRITABLE, /* the terminal takes more */
	WAKE_TIME,
	WAKE_END,      /* the console is gone, or a signal came */
	WAKE_LOST,     /* the terminal is gone */
	WAKE_GARBLED,  /* what the console sends is no frame */
};

static int64_t elapsed(const struct view *view)
{
	return clock_now(&view->clock).elapsed_ms;
}

static enum step refuse(struct view *view, enum viewer_fault fault, const char *words)
{
	view->refusal = refusal_make(fault, words);
	return STEP_REFUSED;
}

/* How long poll() may sleep before until_ms, which may have passed. */
static int poll_ms(const struct view *view, int64_t until_ms)
{
	int64_t left = until_ms - elapsed(view);

	if (left > POLL_MS_MAX)
		left = POLL_MS_MAX;
	return left > 0 ? (int)left : 0;
}

/* The next whole frame, if there is one; the one before it is forgotten. */
static enum err next_frame(struct view *view)
{
	buf_drop(&view->in, view->frame_size);
	return viewer_next(view->in.data, view->in.len, &view->frame, &view->frame_size);
}

/* False when the console is gone. */
static bool read_console(struct view *view)
{
	uint8_t bytes[READ_BYTES];
	ssize_t n = read(view->console, bytes, sizeof bytes);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	return n > 0 && buf_add(&view->in, bytes, (size_t)n) == ERR_OK;
}

/* Waits for something to do until until_ms; for room in the terminal only when writing. */
static enum wake view_wait(struct view *view, int64_t until_ms, bool writing)
{
	for (;;) {
		struct pollfd fds[] = {
			{.fd = view->signals, .events = POLLIN},
			{.fd = view->console, .events = POLLIN},
			{.fd = view->terminal, .events = writing ? POLLOUT : 0},
		};

		if (next_frame(view) != ERR_OK)
			return WAKE_GARBLED;
		if (view->frame_size > 0)
			return WAKE_FRAME;
		if (elapsed(view) >= until_ms)
			return WAKE_TIME;
		if (poll(fds, sizeof fds / sizeof fds[0], poll_ms(view, until_ms)) < 0)
			continue;
		if (fds[0].revents != 0 || (fds[1].revents != 0 && !read_console(view)))
			return WAKE_END;
		if ((fds[2].revents & (POLLERR | POLLHUP | POLLNVAL)) != 0)
			return WAKE_LOST;
		if ((fds[2].revents & POLLOUT) != 0)
			return WAKE_WRITABLE;
	}
}

/*
 * Writes all of out to a descriptor that may be full, for a bounded time; false when it did not
 * take all.
 */
static bool write_within(const struct view *view, int fd, const struct buf *out, int64_t within_ms)
{
	int64_t until_ms = elapsed(view) + within_ms;
	size_t at = 0, n;

	while (at < out->len) {
		struct pollfd ready = {.fd = fd, .events = POLLOUT};

		poll(&ready, 1, poll_ms(view, until_ms));
		if (terminal_write(fd, out->data + at, out->len - at, &n) != ERR_OK)
			return false;
		at += n;
		if (n == 0 && elapsed(view) >= until_ms)
			return false;
	}
	return true;
}

/* Sends one frame and frees it. A console that does not take it is as good as gone. */
static bool tell(const struct view *view, enum err r, struct buf *frame)
{
	bool told = r == ERR_OK && write_within(view, view->console, frame, CLOSE_WITHIN_MS);

	buf_free(frame);
	return told;
}

static bool view_begin(struct view *view)
{
	struct buf frame = buf_new(64);

	view->crypto = crypto_sodium();
	view->secret = secmem_alloc(sizeof *view->secret);
	view->plain = secmem_alloc(SNAPSHOT_MAX_BYTES);
	view->pixels = secmem_alloc(DRAW_PIXELS_MAX);
	if (view->crypto == NULL || view->secret == NULL || view->plain == NULL
	    || view->pixels == NULL) {
		tell(view,
		     viewer_put_fault(
			     &frame, VIEWER_FAULT_TERMINAL,
			     "no memory can be locked for the picture (RLIMIT_MEMLOCK, 8 MiB)"),
		     &frame);
		return false;
	}
	view->crypto->box_keypair(view->secret->public_key, view->secret->secret_key);
	view->key_ms = elapsed(view);
	return tell(view, viewer_put_key(&frame, view->secret->public_key), &frame);
}

/*
 * The plaintext and the pixels were wiped as far as they were used; freeing them would wipe, and
 * for that make, megabytes that never held anything. They go with the process, whose end this is.
 */
static void view_free(struct view *view)
{
	secmem_free(view->secret);
	buf_free(&view->in);
}

static enum step take_expect(struct view *view)
{
	if (view->expected || viewer_get_expect(&view->frame, &view->expect) != ERR_OK)
		return refuse(view, VIEWER_FAULT_STALE,
		              "the permit's frame is not one that can be followed");
	view->expected = true;
	return STEP_ON;
}

/* A mode that this terminal does not have is no reason to lose a look: symbols are everywhere. */
static enum step take_area(struct view *view, const struct viewer_place *place)
{
	enum err r;

	view->place = *place;
	r = draw_fit(&view->place, &view->fit);
	if (r == ERR_UNSUPPORTED && !view->placed) {
		view->place.mode = VIEWER_SYMBOLS;
		r = draw_fit(&view->place, &view->fit);
	}
	if (r == ERR_UNSUPPORTED)
		return refuse(view, VIEWER_FAULT_TERMINAL,
		              "the terminal does not say how large its cells are");
	return r == ERR_OK
	             ? STEP_ON
	             : refuse(view, VIEWER_FAULT_TERMINAL, "the place is too small for a picture");
}

/*
 * The last that this process does before it gives up the system calls: the terminal and the
 * libraries.
 */
static enum step shut_in(struct view *view, const char *tty)
{
	if (terminal_open(tty, &view->terminal) != ERR_OK)
		return refuse(view, VIEWER_FAULT_TERMINAL, "the terminal cannot be opened");
	if (draw_rehearse(&view->place) != ERR_OK)
		return refuse(view, VIEWER_FAULT_TERMINAL, "no memory to draw a picture");
	if (process_sandbox_picture() != ERR_OK)
		return refuse(view, VIEWER_FAULT_TERMINAL,
		              "this system has no sandbox for the picture");
	return STEP_ON;
}

/* A second place only moves the first: the mode, which was rehearsed, and the terminal stay. */
static enum step take_place(struct view *view)
{
	struct viewer_place place;
	enum step step;

	if (viewer_get_place(&view->frame, &place) != ERR_OK)
		return refuse(view, VIEWER_FAULT_TERMINAL,
		              "the place's frame is not one that can be followed");
	if (view->placed) {
		place.mode = view->place.mode;
		place.colours = view->place.colours;
		place.utf8 = view->place.utf8;
	}
	step = take_area(view, &place);
	if (step == STEP_ON && !view->placed)
		step = shut_in(view, place.tty);
	view->placed = true;
	view->hidden = false;
	return step;
}

static enum step take_frame(struct view *view, bool *complete)
{
	switch (view->frame.kind) {
	case VIEWER_EXPECT:
		return take_expect(view);
	case VIEWER_PLACE:
		return take_place(view);
	case VIEWER_SEALED:
		if (!view->expected || !view->placed)
			return refuse(view, VIEWER_FAULT_STALE,
			              "a picture came that no permit had announced");
		*complete = true;
		return STEP_ON;
	case VIEWER_HIDE:
		view->hidden = true;
		return STEP_ON;
	case VIEWER_END:
		return STEP_END;
	default:
		return refuse(view, VIEWER_FAULT_TERMINAL,
		              "the console sent what only a picture process sends");
	}
}

/* Until the snapshot is there whole, as the present frame. */
static enum step gather(struct view *view)
{
	enum step step = STEP_ON;
	bool complete = false;

	while (step == STEP_ON && !complete) {
		int64_t within_ms = view->expected ? view->expect.fresh_ms : EXPECT_WITHIN_MS;

		switch (view_wait(view, view->key_ms + within_ms, false)) {
		case WAKE_FRAME:
			step = take_frame(view, &complete);
			break;
		case WAKE_TIME:
			step = refuse(view, VIEWER_FAULT_TIME, "no picture came in time");
			break;
		case WAKE_LOST:
			step = refuse(view, VIEWER_FAULT_TERMINAL, "the terminal is gone");
			break;
		case WAKE_GARBLED:
			step = refuse(view, VIEWER_FAULT_TERMINAL,
			              "the console's frames cannot be read");
			break;
		default:
			step = STEP_END;
		}
	}
	return step;
}

/* Opens the present frame. The key has no other use. */
static enum step open_snapshot(struct view *view)
{
	const struct seal seal = {
		.crypto = view->crypto,
		.secret = view->secret,
		.expect = &view->expect,
		.key_ms = view->key_ms,
		.complete_ms = elapsed(view),
		.plain = view->plain,
	};

	view->refusal = unseal(&seal, view->frame.body, view->frame.len, &view->opened);
	view->crypto->wipe(view->secret, sizeof *view->secret);
	return view->refusal.fault == 0 ? STEP_ON : STEP_REFUSED;
}

/*
 * Decodes it and draws it into out; then only the drawing and the snapshot remain in our buffers.
 */
static enum step prepare(struct view *view, struct picture *picture, struct buf *out)
{
	enum err r = ERR_OK;

	view->refusal = unseal_picture(&view->opened, &view->fit, view->pixels, picture);
	if (view->refusal.fault == 0)
		r = draw(&view->place, &picture->grey, out);
	view->crypto->wipe(view->pixels,
	                   (size_t)picture->grey.width * (size_t)picture->grey.height);
	if (r != ERR_OK)
		return refuse(view, VIEWER_FAULT_TERMINAL, "no memory to draw the picture");
	return view->refusal.fault == 0 ? STEP_ON : STEP_REFUSED;
}

/*
 * A frame or the like came while the picture is drawn or stands. Only hiding does not end the view.
 */
static enum step heard(const struct view *view, enum wake wake)
{
	return wake == WAKE_FRAME && view->frame.kind == VIEWER_HIDE ? STEP_HIDE : STEP_END;
}

/*
 * What the terminal's queue still holds would keep the blanking waiting, on a slow line for a tenth
 * of a second. All of it is the picture's once more was written than the queue holds, for the
 * console that ends the view holds its own drawing back; but when it has died instead, what is
 * there may be the guardian's.
 */
static void take_back(const struct view *view, size_t written)
{
	if (view->frame.kind == VIEWER_END && written >= QUEUE_BYTES_MAX)
		terminal_discard(view->terminal);
}

/* Writes the drawing. Whatever the console sends meanwhile ends it. */
static enum step put_drawing(struct view *view, const struct buf *out)
{
	int64_t until_ms = elapsed(view) + DRAW_WITHIN_MS;
	enum err r = ERR_OK;
	size_t at = 0, n;

	while (at < out->len && r == ERR_OK) {
		enum wake wake = view_wait(view, until_ms, true);

		switch (wake) {
		case WAKE_WRITABLE:
			if (view->drawn_ms < 0)
				view->drawn_ms = elapsed(view);
			view->visible = true;
			r = terminal_write(view->terminal, out->data + at, out->len - at, &n);
			at += n;
			break;
		case WAKE_TIME:
			return refuse(view, VIEWER_FAULT_TERMINAL,
			              "the terminal is too slow for a picture");
		case WAKE_LOST:
			r = ERR_CLOSED;
			break;
		case WAKE_FRAME:
			take_back(view, at);
			return heard(view, wake);
		default:
			return heard(view, wake);
		}
	}
	return r == ERR_OK ? STEP_ON : refuse(view, VIEWER_FAULT_TERMINAL, "the terminal is gone");
}

static enum step put_picture(struct view *view, struct picture *picture)
{
	struct buf out = buf_new(DRAW_BYTES_MAX);
	enum step step = prepare(view, picture, &out);

	if (step == STEP_ON)
		step = put_drawing(view, &out);
	if (out.data != NULL)
		view->crypto->wipe(out.data, out.cap);
	buf_free(&out);
	return step;
}

/*
 * The picture stands until its time, counted from its first standing, is over, or anything is
 * heard.
 */
static enum step stand(struct view *view, const struct picture *picture)
{
	const struct viewer_standing standing = {
		.taken_utc_ms = view->opened.taken_utc_ms,
		.mode = view->place.mode,
		.drawn_width = picture->grey.width,
		.drawn_height = picture->grey.height,
		.width = picture->width,
		.height = picture->height,
	};
	struct buf frame = buf_new(64);

	if (view->until_ms == 0)
		view->until_ms = elapsed(view) + view->expect.view_ms;
	if (!tell(view, viewer_put_standing(&frame, &standing), &frame))
		return STEP_END;
	return heard(view, view_wait(view, view->until_ms, false));
}

/* The console blanks the place as well; this is for the console that no longer can. */
static void blank(struct view *view)
{
	struct buf out = buf_new(DRAW_BYTES_MAX);

	if (draw_blank(&view->place, &out) == ERR_OK)
		write_within(view, view->terminal, &out, CLOSE_WITHIN_MS);
	buf_free(&out);
	view->visible = false;
	view->blanked_ms = elapsed(view);
}

/* Until the console names a place that the picture can be drawn in again. */
static enum step hide(struct view *view)
{
	int64_t until_ms = view->until_ms != 0 ? view->until_ms : elapsed(view) + DRAW_WITHIN_MS;
	struct buf frame = buf_new(64);

	if (view->visible)
		blank(view);
	if (!tell(view, viewer_put_hidden(&frame), &frame))
		return STEP_END;
	if (view_wait(view, until_ms, false) != WAKE_FRAME)
		return STEP_END;
	if (view->frame.kind == VIEWER_HIDE)
		return STEP_HIDE;
	return view->frame.kind == VIEWER_PLACE ? take_place(view) : STEP_END;
}

static enum step show(struct view *view)
{
	enum step step = open_snapshot(view);
	struct picture picture;

	if (step == STEP_ON && view->hidden)
		step = STEP_HIDE;
	while (step == STEP_ON || step == STEP_HIDE) {
		if (step == STEP_HIDE)
			step = hide(view);
		if (step == STEP_ON)
			step = put_picture(view, &picture);
		if (step == STEP_ON)
			step = stand(view, &picture);
	}
	view->crypto->wipe(view->plain, view->opened.plain_len);
	return step;
}

static bool say_goodbye(struct view *view, enum step step)
{
	struct buf frame = buf_new(512);
	enum err r;

	/* Once it has stood, how long is all that counts. */
	if (step == STEP_REFUSED && view->until_ms == 0)
		r = viewer_put_fault(&frame, (enum viewer_fault)view->refusal.fault,
		                     view->refusal.words);
	else
		r = viewer_put_gone(&frame,
		                    view->drawn_ms < 0 ? 0 : view->blanked_ms - view->drawn_ms);
	return tell(view, r, &frame);
}

int view_run(int console, int signals)
{
	struct view view = {
		.clock = clock_start(0),
		.console = console,
		.signals = signals,
		.terminal = -1,
		.in = buf_new(SNAPSHOT_MAX_BYTES + READ_BYTES),
		.drawn_ms = -1,
	};
	enum step step;
	bool told;

	if (!view_begin(&view)) {
		view_free(&view);
		return EXIT_FAILURE;
	}
	step = gather(&view);
	if (step == STEP_ON)
		step = show(&view);
	if (view.visible)
		blank(&view);
	told = say_goodbye(&view, step);
	view_free(&view);
	return told ? EXIT_SUCCESS : EXIT_FAILURE;
}
