/*
 * tillsyn: the console. This file joins the model with the terminal, the hub and the picture
 * process; it decides nothing. Whatever ends it, the picture is wiped and the terminal comes back
 * sane.
 */
#include "base/text.h"
#include "console/conf.h"
#include "console/guardian.h"
#include "console/keymap_load.h"
#include "console/link.h"
#include "console/model.h"
#include "console/options.h"
#include "console/picture.h"
#include "console/place.h"
#include "console/reload.h"
#include "console/screen.h"
#include "console/start.h"
#include "console/themes.h"
#include "console/view.h"
#include "core/permit.h"
#include "os/clock.h"
#include "os/crypto.h"
#include "os/process.h"
#include "os/secmem.h"
#include "os/zoneinfo.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Keys that come without end leave time, hub and signals their turn after so many. */
#define KEYS_MAX 64
/* How often a terminal that was full is tried again: keys and time go on meanwhile. */
#define FULL_MS 50
/* The way out is bounded, whatever a terminal does that takes no more bytes. */
#define LEAVE_SECONDS 1
/* For the last words to the hub: they need no more than a turn of the loop. */
#define TELL_MS 100

struct console {
	struct options settings;
	struct command_line words;
	struct conf_places places;
	struct theme theme;
	struct reload *reload;
	bool files_changed;       /* and wait until no look is on the screen */
	struct messages messages; /* of the start, before there is a model */
	struct ws_connect hub;   /* where it is */
	struct clock clock;
	const struct crypto *crypto;
	uint8_t *secret_key;     /* locked memory */
	struct loop *loop;
	struct screen *screen;
	struct canvas canvas;
	struct model *model;
	struct link *link;
	struct picture *picture;
	struct place *place;     /* of the picture */
	bool more_keys;          /* were typed than were taken */
	bool full;               /* the terminal takes no more bytes at the moment */
	uint32_t timer;
	bool bell;
	struct guardian_memory *memory; /* for the console after this one */
};

static void settle(struct console *console);

static void tick(struct console *console)
{
	struct now now = clock_now(&console->clock);

	model_tick(console->model, &now);
}

/* Ports: what the model asks for. */

static void port_send(void *arg, const void *text, size_t len)
{
	link_send(((struct console *)arg)->link, text, len);
}

static bool port_has_room(void *arg)
{
	const struct console *console = arg;
	struct area area;
	int rows, columns;

	screen_size(console->screen, &rows, &columns);
	return view_look_area(rows, columns, &area);
}

static bool port_picture_start(void *arg)
{
	struct console *console = arg;

	place_begin(console->place);
	return picture_start(console->picture);
}

static void port_picture_expect(void *arg, const struct viewer_expect *expect)
{
	place_expect(((struct console *)arg)->place, expect);
}

static void port_picture_sealed(void *arg, const void *data, size_t len)
{
	place_sealed(((struct console *)arg)->place, data, len);
}

static void port_picture_end(void *arg)
{
	picture_end(((struct console *)arg)->picture);
}

static void port_sign(void *arg, const void *request, size_t len,
                      uint8_t signature[SIGNATURE_BYTES])
{
	struct console *console = arg;

	signed_make(console->crypto, SIGNED_REQUEST, request, len, console->secret_key, signature);
}

static void port_sound(void *arg, enum alarm level)
{
	((struct console *)arg)->bell = level >= ALARM_LOW;
}

static enum err port_zone(void *arg, const char *name, int64_t from_s, int64_t to_s,
                          struct zone_window *zone)
{
	(void)arg;
	return zoneinfo_read(name, from_s, to_s, zone);
}

static void port_quit(void *arg)
{
	loop_stop(((struct console *)arg)->loop);
}

/* Drawing */

static void draw(struct console *console)
{
	int rows, columns;

	screen_size(console->screen, &rows, &columns);
	if (rows != console->canvas.rows || columns != console->canvas.columns)
		canvas_resize(&console->canvas, rows, columns);
	view_draw(console->model, &console->canvas);
	screen_show(console->screen, &console->canvas);
	model_drawn(console->model, console->canvas.top);
	if (console->model->list.n > 0)
		console->memory->focus = console->model->focus.check;
}

static void take_keys(struct console *console)
{
	key_code keys[KEYS_MAX];
	int n = 0;

	while (n < KEYS_MAX && (keys[n] = screen_key(console->screen)) != INPUT_NONE)
		n++;
	for (int i = 0; i < n; i++) {
		tick(console);
		if (n > 1)
			model_burst(console->model);
		model_key(console->model, keys[i]);
		settle(console);
	}
	console->more_keys = n == KEYS_MAX;
}

/*
 * Not while a look is on the screen: a frame that is drawn whole would wipe the picture, and no key
 * may come to mean something else there.
 */
static void take_up_files(struct console *console)
{
	struct messages messages = {0};
	struct keymap *map;

	if (!console->files_changed || console->model->screen == SCREEN_LOOK
	    || console->model->look.picture_runs)
		return;
	console->files_changed = false;
	reload_read(console->reload, &console->settings, &console->theme, &map, &messages);
	if (map != NULL)
		model_set_keymap(console->model, map);
	console->model->calm = console->settings.calm;
	screen_theme(console->screen, &console->theme);
	model_messages(console->model, &messages, true);
}

static void on_timer(void *arg)
{
	struct console *console = arg;

	console->timer = 0;
	tick(console);
	take_keys(console);
	settle(console);
}

/* Whatever comes first: the model's own clock, a held Esc, the picture's place, a full terminal. */
static int64_t sleep_ms(struct console *console)
{
	int64_t next = model_next_ms(console->model) - clock_now(&console->clock).elapsed_ms;
	int64_t held = screen_wait_ms(console->screen), place = place_wait_ms(console->place);

	if (held >= 0 && next > held)
		next = held;
	if (place >= 0 && next > place)
		next = place;
	if (console->more_keys)
		return 1;
	if (console->full && next > FULL_MS)
		next = FULL_MS;
	return next < 1 ? 1 : next;
}

static void show(struct console *console)
{
	if (place_is_held(console->place))
		return;
	if (console->bell)
		screen_bell(console->screen);
	console->bell = false;
	if (console->model->dirty && !console->model->loading)
		draw(console);
}

/*
 * After every event: draw what changed, then let the picture process go on, then sleep until
 * needed.
 */
static void settle(struct console *console)
{
	take_up_files(console);
	place_step(console->place);
	console->full = !screen_takes_bytes(console->screen);
	if (!console->full) {
		show(console);
		picture_flush(console->picture);
	}
	if (console->timer != 0)
		loop_cancel(console->loop, console->timer);
	console->timer = loop_after(console->loop, sleep_ms(console), on_timer, console);
}

/* Events */

static void on_up(void *arg)
{
	struct console *console = arg;

	tick(console);
	model_link(console->model, true);
	settle(console);
}

static void on_down(void *arg)
{
	struct console *console = arg;

	tick(console);
	model_link(console->model, false);
	settle(console);
}

static void on_failed(void *arg, const char *why)
{
	struct console *console = arg;

	tick(console);
	model_link_failed(console->model, why);
	settle(console);
}

static enum err on_message(void *arg, const uint8_t *data, size_t len, bool binary)
{
	struct console *console = arg;
	enum err r = ERR_OK;

	tick(console);
	if (binary)
		model_binary(console->model, data, len);
	else
		r = model_message(console->model, data, len);
	settle(console);
	return r;
}

static const struct link_handler link_events = {
	.up = on_up, .down = on_down, .failed = on_failed, .message = on_message};

static void on_frame(void *arg, const struct viewer_frame *frame)
{
	struct console *console = arg;

	tick(console);
	place_heard(console->place, frame);
	model_viewer(console->model, frame);
	settle(console);
}

static void on_died(void *arg)
{
	struct console *console = arg;

	tick(console);
	model_viewer_died(console->model);
	settle(console);
}

static void on_wipe(void *arg)
{
	struct console *console = arg;

	place_wipe(console->place);
}

static const struct picture_handler picture_events = {
	.frame = on_frame, .died = on_died, .wipe = on_wipe};

static void on_input(void *arg, int events)
{
	struct console *console = arg;
	take_keys(console);
	settle(console);
	if (events == 0 || screen_is_hung_up(console->screen))
		loop_stop(console->loop);
}

static void on_leave(void *arg)
{
	loop_stop(((struct console *)arg)->loop);
}

static void on_resize(void *arg)
{
	struct console *console = arg;

	tick(console);
	place_resized(console->place);
	settle(console);
}

static void on_place_lost(void *arg, const char *why)
{
	model_lose_view(((struct console *)arg)->model, why);
}

static void on_place_says(void *arg, const char *line)
{
	struct messages messages = {0};

	messages_add(&messages, line);
	model_messages(((struct console *)arg)->model, &messages, false);
}

static void on_redraw(void *arg)
{
	((struct console *)arg)->model->dirty = true;
}

static void on_files(void *arg)
{
	struct console *console = arg;

	console->files_changed = true;
	tick(console);
	settle(console);
}

/* Start and end */

/* Faults are for the screen; without what is needed to reach the hub there is none. */
static int read_files(struct console *console)
{
	const struct fault_sink faults = messages_sink(&console->messages);
	const char *fault;

	conf_read(&console->places, &console->words, &console->settings, &faults);
	themes_load(&console->places, &console->settings, &console->theme, &faults);
	fault = options_fault(&console->settings);
	if (fault == NULL)
		return 0;
	for (int i = 0; i < console->messages.n; i++)
		fprintf(stderr, "%s\n", console->messages.line[i]);
	return command_line_complain(fault, "");
}

static void watch(struct console *console)
{
	loop_watch(console->loop, STDIN_FILENO, LOOP_READ, on_input, console);
	loop_signal(console->loop, SIGTERM, on_leave, console);
	loop_signal(console->loop, SIGHUP, on_leave, console);
	loop_signal(console->loop, SIGWINCH, on_resize, console);
}

static void read_keymap(struct console *console)
{
	const struct fault_sink faults = messages_sink(&console->messages);
	size_t n_faults;

	model_set_keymap(console->model, keymap_load(&console->places, &console->settings, &faults,
	                                             &n_faults));
}

static struct place *make_place(struct console *console)
{
	const struct place_parts parts = {
		.screen = console->screen,
		.picture = console->picture,
		.settings = &console->settings,
		.kitty = &console->memory->kitty,
		.lost = on_place_lost,
		.say = on_place_says,
		.redraw = on_redraw,
		.arg = console,
	};

	return place_new(&parts);
}

static void leave(struct console *console)
{
	/*
	 * If the terminal takes no more bytes, the default action of this signal ends the program.
	 */
	signal(SIGALRM, SIG_DFL);
	alarm(LEAVE_SECONDS);
	picture_stop(console->picture);
	tick(console);
	if (model_leave(console->model)) {
		loop_after(console->loop, TELL_MS, on_leave, console);
		loop_run(console->loop);
	}
}

static void run(struct console *console)
{
	const struct model_ports ports = {
		.arg = console,
		.send = port_send,
		.has_room = port_has_room,
		.picture_start = port_picture_start,
		.picture_expect = port_picture_expect,
		.picture_sealed = port_picture_sealed,
		.picture_end = port_picture_end,
		.sign = port_sign,
		.sound = port_sound,
		.zone = port_zone,
		.quit = port_quit,
	};
	struct now now = clock_now(&console->clock);

	console->model = model_new(&ports, &now);
	console->model->resumed = console->memory->focus;
	console->model->calm = console->settings.calm;
	read_keymap(console);
	model_messages(console->model, &console->messages, false);
	console->reload = reload_new(console->loop, &console->places, &console->words,
	                             &console->settings, on_files, console);
	console->picture = picture_new(console->loop, console->settings.picture_program,
	                               &picture_events, console);
	console->place = make_place(console);
	canvas_resize(&console->canvas, 1, 1);
	console->canvas.ascii = screen_is_ascii(console->screen);
	watch(console);
	console->link = link_new(console->loop, &console->hub, &link_events, console);
	settle(console);
	loop_run(console->loop);
	leave(console);
}

static void finish(struct console *console)
{
	screen_close(console->screen);
	picture_free(console->picture);
	place_free(console->place);
	link_free(console->link);
	reload_free(console->reload);
	model_free(console->model);
	canvas_free(&console->canvas);
	if (console->loop != NULL)
		loop_free(console->loop);
	secmem_free(console->secret_key);
}

static int console_main(int argc, char **argv, struct guardian_memory *memory)
{
	struct console console = {.memory = memory};
	int status = command_line_read(&console.words, argc, argv);
	enum err r;

	if (status != 0)
		return status - 1;
	conf_places(&console.places, &console.words);
	if (console.words.check_config)
		return start_check_config(&console.places, &console.words);
	if ((status = read_files(&console)) != 0
	    || (status = start_terminal(memory->stood)) != 0
	    || (status = start_hub(&console.settings, &console.hub)) != 0)
		return status;
	process_harden();
	console.crypto = crypto_sodium();
	if (console.crypto == NULL)
		return command_line_complain("the system gives no random numbers", "");
	if ((r = start_key(console.crypto, console.settings.key, &console.secret_key)) != ERR_OK) {
		finish(&console);
		return command_line_complain("the operator's key cannot be read", err_text(r));
	}
	console.clock = clock_start(console.words.clock_offset_ms);
	console.loop = loop_new();
	if (console.loop == NULL)
		return command_line_complain("the event loop cannot be started", "");
	if (screen_open(console.settings.ascii, &console.theme, &console.screen) != ERR_OK) {
		finish(&console);
		return command_line_complain("this kind of terminal is not known",
		                             getenv("TERM") ? getenv("TERM") : "TERM is not set");
	}
	memory->stood = true;
	run(&console);
	finish(&console);
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	return guardian_run(console_main, argc, argv);
}
