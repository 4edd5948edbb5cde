/*
 * A change of size goes through three steps, whether there is a picture or not: quiet is waited
 * for, since a window that is dragged changes many times a second; then the terminal is asked, for
 * its cells may have another size now; and with its answers the picture, if there is one, gets its
 * new place.
 */
#include "console/place.h"

#include "base/now.h"
#include "base/text.h"
#include "console/view.h"
#include "os/clock.h"

#include <stdlib.h>
#include <unistd.h>

#define QUIET_MS 150
/* What the picture process gets to blank its place. */
#define HIDE_MS 1500
/* It gives a terminal that takes no picture up after ten seconds; this is for one that hangs. */
#define DRAW_MS (11 * MS_SECOND)
/* Whether the terminal's time for answers is over, is looked at so often. */
#define ANSWERS_MS 50

enum change { CHANGE_NONE, CHANGE_BEGUN, CHANGE_ASKED };

struct place {
	struct place_parts parts;
	struct clock clock;
	struct terminal_facts facts; /* of the latest answers */
	enum change change;
	int64_t changed_ms;          /* elapsed, of the latest change of size */
	struct viewer_expect expect; /* of a permit that waits for the terminal's answers */
	bool expects;
	bool said;                   /* that the setting cannot be followed */
	bool told;                   /* the picture process knows a place */
	bool hidden;                 /* and that it is none any more */
	int64_t hiding_ms;           /* elapsed, since it is blanking it; 0 = it is not */
	int64_t drawing_ms;          /* elapsed, since it draws; 0 = it does not */
	enum viewer_mode mode;       /* as the picture process was told */
	struct area area;
};

static int64_t now_ms(const struct place *place)
{
	return clock_now(&place->clock).elapsed_ms;
}

static void ask(struct place *place)
{
	screen_ask(place->parts.screen);
	place->change = CHANGE_ASKED;
}

struct place *place_new(const struct place_parts *parts)
{
	struct place *place = calloc(1, sizeof *place);

	if (place == NULL)
		abort();
	place->parts = *parts;
	place->clock = clock_start(0);
	ask(place);
	screen_facts(place->parts.screen, &place->facts);
	return place;
}

void place_free(struct place *place)
{
	free(place);
}

/*
 * No setting overrides that: in a multiplexer a picture can stay for good, where no erasing reaches
 * it, and the Linux console would write it out as text.
 */
static bool has_symbols_only(const struct terminal_facts *facts)
{
	return facts->multiplexed || facts->linux_console;
}

static enum viewer_mode choose_mode(int64_t choice, const struct terminal_facts *facts)
{
	static const enum viewer_mode chosen[PICTURE_CHOICES] = {
		[PICTURE_SYMBOLS] = VIEWER_SYMBOLS, [PICTURE_SIXEL] = VIEWER_SIXEL,
		[PICTURE_KITTY] = VIEWER_KITTY, [PICTURE_ITERM] = VIEWER_ITERM,
	};

	if (has_symbols_only(facts))
		return VIEWER_SYMBOLS;
	if (choice != PICTURE_AUTO)
		return chosen[choice];
	/* Sixel first: spaces alone take it away again, on every terminal that has it. */
	if (facts->sixel)
		return VIEWER_SIXEL;
	if (facts->kitty)
		return VIEWER_KITTY;
	return facts->iterm ? VIEWER_ITERM : VIEWER_SYMBOLS;
}

/* False: there is no room for a picture. */
static bool find(struct place *place, struct viewer_place *out)
{
	const struct terminal_facts *facts = &place->facts;
	const char *tty = ttyname(STDOUT_FILENO);
	int rows, columns;

	*out = (struct viewer_place){
		.mode = choose_mode(place->parts.settings->picture, facts),
		.cell_width = facts->cell_width,
		.cell_height = facts->cell_height,
		.picture_width = facts->picture_width,
		.picture_height = facts->picture_height,
		.colours = screen_colours(place->parts.screen),
		.utf8 = !screen_is_ascii(place->parts.screen),
	};
	if (facts->truecolour && out->colours == 256)
		out->colours = 16777216;
	screen_size(place->parts.screen, &rows, &columns);
	if (tty == NULL || text_copy(out->tty, sizeof out->tty, tty) != ERR_OK
	    || !view_look_area(rows, columns, &place->area))
		return false;
	out->row = place->area.row;
	out->column = place->area.column;
	out->rows = place->area.rows;
	out->columns = place->area.columns;
	return true;
}

static void lose(struct place *place, const char *why)
{
	place->expects = place->hidden = false;
	place->parts.lost(place->parts.arg, why);
}

void place_begin(struct place *place)
{
	place->expects = place->told = place->hidden = false;
	place->hiding_ms = place->drawing_ms = 0;
}

/* The first place, with the permit. */
static void tell(struct place *place)
{
	struct viewer_place found;

	place->expects = false;
	if (!find(place, &found)) {
		lose(place, "The window is too small for a picture.");
		return;
	}
	place->told = true;
	place->mode = found.mode;
	if (found.mode == VIEWER_KITTY)
		*place->parts.kitty = true;
	picture_expect(place->parts.picture, &place->expect, &found);
}

void place_expect(struct place *place, const struct viewer_expect *expect)
{
	place->expect = *expect;
	place->expects = true;
	place_step(place);
}

static void hide(struct place *place)
{
	if (!place->told || place->hidden)
		return;
	place->hidden = true;
	if (picture_hide(place->parts.picture))
		place->hiding_ms = now_ms(place);
}

void place_sealed(struct place *place, const void *data, size_t len)
{
	/*
	 * A terminal that is slower than a camera has had its time; but not one that changes just
	 * now.
	 */
	if (place->expects) {
		tell(place);
		if (place->change == CHANGE_BEGUN)
			hide(place);
	}
	if (place->told)
		picture_sealed(place->parts.picture, data, len);
}

/* The new size holds for the console's own drawing at once. */
static void resize(struct place *place)
{
	screen_resized(place->parts.screen);
	place->parts.redraw(place->parts.arg);
}

void place_resized(struct place *place)
{
	place->change = CHANGE_BEGUN;
	place->changed_ms = now_ms(place);
	hide(place);
	if (place->hiding_ms == 0)
		resize(place);
}

static void hidden(struct place *place)
{
	if (place->hiding_ms == 0)
		return;
	place->hiding_ms = 0;
	resize(place);
}

void place_heard(struct place *place, const struct viewer_frame *frame)
{
	struct viewer_standing standing;

	if (frame->kind == VIEWER_HIDDEN)
		hidden(place);
	else if (viewer_get_standing(frame, &standing) == ERR_OK)
		place->mode = standing.mode;
}

void place_wipe(struct place *place)
{
	place->drawing_ms = 0;
	screen_wipe(place->parts.screen, &place->area, place->mode == VIEWER_KITTY);
	hidden(place); /* it went instead */
}

static void show_again(struct place *place)
{
	struct viewer_place found;

	if (!find(place, &found)) {
		lose(place, "The window has become too small for the picture: the view was ended.");
		return;
	}
	place->hidden = false;
	picture_place(place->parts.picture, &found);
}

static void overdue(struct place *place)
{
	int64_t now = now_ms(place);

	/* Ending it ends with its death, whatever it does; then its place is wiped. */
	if (place->hidden && place->hiding_ms != 0 && now - place->hiding_ms >= HIDE_MS)
		lose(place, "The picture did not go when the window changed: the view was ended.");
	if (place->drawing_ms != 0 && now - place->drawing_ms >= DRAW_MS)
		picture_end(place->parts.picture);
}

static void answered(struct place *place)
{
	struct terminal_facts facts;

	if (!screen_facts(place->parts.screen, &facts))
		return;
	place->change = CHANGE_NONE;
	place->facts = facts;
	if (!has_symbols_only(&facts) || place->parts.settings->picture <= PICTURE_SYMBOLS
	    || place->said)
		return;
	place->said = true;
	place->parts.say(
		place->parts.arg,
		facts.multiplexed
			? "In tmux and screen only symbols can be erased: pictures are symbols."
			: "The Linux console has no pictures but symbols.");
}

void place_step(struct place *place)
{
	overdue(place);
	if (place->hiding_ms != 0)
		return;
	if (place->change == CHANGE_BEGUN && now_ms(place) - place->changed_ms >= QUIET_MS) {
		ask(place);
		resize(place);
	}
	if (place->change == CHANGE_ASKED)
		answered(place);
	if (place->change != CHANGE_NONE)
		return;
	if (place->expects)
		tell(place);
	else if (place->hidden)
		show_again(place);
}

int64_t place_wait_ms(const struct place *place)
{
	int64_t now = now_ms(place), wait = -1;

	if (place->change == CHANGE_ASKED)
		return ANSWERS_MS;
	if (place->change == CHANGE_BEGUN)
		wait = place->changed_ms + QUIET_MS - now;
	if (place->hidden && place->hiding_ms != 0)
		wait = place->hiding_ms + HIDE_MS - now;
	else if (place->drawing_ms != 0)
		wait = place->drawing_ms + DRAW_MS - now;
	return wait > 0 || (wait == -1 && place->change == CHANGE_NONE) ? wait : 0;
}

bool place_is_held(struct place *place)
{
	if (place->hiding_ms != 0)
		return true;
	if (!picture_is_drawing(place->parts.picture)) {
		place->drawing_ms = 0;
		return false;
	}
	if (place->drawing_ms != 0)
		return true;
	place->drawing_ms = now_ms(place); /* this frame is the one that leaves the place blank */
	return false;
}
