/*
 * The real program, between a console's end of its socket and a pseudo-terminal that is read as a screen
 * would read it: what it shows, what it refuses, and that nothing but a blank place is left behind.
 */
#include "stage.h"

static void the_view_ends_by_itself(void **state)
{
	struct stage *stage = stage_begin();
	struct viewer_frame frame;
	struct viewer_standing standing;
	int64_t view_ms;

	(void)state;
	stage->expect.view_ms = 300;
	send_place(stage);
	send_expect(stage);
	send_snapshot(stage);
	frame = await(stage, VIEWER_STANDING);
	assert_int_equal(viewer_get_standing(&frame, &standing), ERR_OK);
	assert_int_equal(standing.taken_utc_ms, 1760000000000);
	assert_int_equal(standing.mode, VIEWER_SYMBOLS);
	assert_int_equal(standing.width, 640);
	assert_int_equal(standing.height, 480);
	drain_screen(stage);
	/* Standing was said only when all was written: the picture ends by putting the cursor back. */
	assert_true(stage->screen.len > 1000);
	assert_memory_equal(stage->screen.data, "\0337", 2);
	assert_memory_equal(stage->screen.data + stage->screen.len - 2, "\0338", 2);
	view_ms = await_gone(stage);
	assert_in_range(view_ms, 300, 5000);
	assert_int_equal(await_exit(stage), 0);
	assert_blanked(stage);
	stage_free(stage);
}

static void the_console_ends_the_view(void **state)
{
	struct stage *stage = stage_standing(30000);

	(void)state;
	send_end(stage);
	assert_in_range(await_gone(stage), 0, 5000);
	assert_int_equal(await_exit(stage), 0);
	assert_blanked(stage);
	stage_free(stage);
}

static void a_place_that_moves_under_a_picture_ends_the_view(void **state)
{
	struct stage *stage = stage_standing(30000);

	(void)state;
	send_place(stage);
	await_gone(stage);
	assert_int_equal(await_exit(stage), 0);
	assert_blanked(stage);
	stage_free(stage);
}

static void a_signal_ends_the_view(void **state)
{
	static const int signals[] = {SIGTERM, SIGHUP};

	(void)state;
	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
		struct stage *stage = stage_standing(30000);

		kill(stage->child, signals[i]);
		await_gone(stage);
		assert_int_equal(await_exit(stage), 0);
		assert_blanked(stage);
		stage_free(stage);
	}
}

static void a_stop_from_the_keyboard_does_not_hold_the_picture(void **state)
{
	struct stage *stage = stage_standing(300);

	(void)state;
	kill(stage->child, SIGTSTP);
	await_gone(stage);
	assert_int_equal(await_exit(stage), 0);
	assert_blanked(stage);
	stage_free(stage);
}

/* The console is dead: nobody but the picture process can blank the place. */
static void a_closed_socket_ends_the_view(void **state)
{
	struct stage *stage = stage_standing(30000);

	(void)state;
	shutdown(stage->console, SHUT_RDWR);
	await_exit(stage);
	assert_blanked(stage);
	stage_free(stage);
}

/* As above, but somebody still holds the dead console's socket: the kernel's word alone must do. */
static void the_parents_death_ends_the_view(void **state)
{
	struct stage *stage = stage_new();
	struct viewer_frame frame;
	char path[4096];
	pid_t parent;
	int ends[2];

	(void)state;
	program_path(path, sizeof path);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	stage->console = ends[0];
	parent = fork();
	assert_true(parent >= 0);
	if (parent == 0) {
		if (fork() == 0)
			become_program(path, ends[1]);
		for (;;)
			pause();
	}
	close(ends[1]);
	frame = await(stage, VIEWER_KEY);
	assert_int_equal(viewer_get_key(&frame, stage->picture_key), ERR_OK);
	send_place(stage);
	send_expect(stage);
	send_snapshot(stage);
	await(stage, VIEWER_STANDING);
	kill(parent, SIGKILL);
	waitpid(parent, NULL, 0);
	await_gone(stage);
	while (turn(stage, PATIENCE_MS))
		;
	assert_blanked(stage);
	stage_free(stage);
}

/* The terminal is full and the picture half written when the view must end. */
static void an_end_in_mid_picture_leaves_a_blank_place(void **state)
{
	struct stage *stage = stage_begin();
	const char *cut, *text;

	(void)state;
	stage->place.mode = VIEWER_SIXEL;
	stage->recipe.noise = 30;
	stage->deaf = true;
	stage->place.rows = 22;
	stage->place.columns = 78;
	send_place(stage);
	send_expect(stage);
	send_snapshot(stage);
	/* The pseudo-terminal holds some 11 kB of it; then it waits for us. */
	while (poll(&(struct pollfd){.fd = stage->master, .events = POLLIN}, 1, PATIENCE_MS) != 1)
		;
	usleep(100000);
	send_end(stage);
	usleep(50000);
	stage->deaf = false;
	await_gone(stage);
	assert_int_equal(await_exit(stage), 0);
	assert_blanked(stage);
	text = (const char *)stage->screen.data;
	assert_non_null(strstr(text, "\033P"));
	/* Whatever stood open is closed before a single space is sent. */
	cut = strstr(text, "\033\\");
	assert_non_null(cut);
	assert_null(memchr(text, ' ', (size_t)(cut - text)));
	stage_free(stage);
}

/* A line that has gone slow: the end must not wait behind what it is still to carry. */
static void an_end_takes_back_what_was_not_shown(void **state)
{
	struct stage *stage = stage_begin();
	struct buf blank = buf_new(DRAW_BYTES_MAX);
	size_t read;

	(void)state;
	stage->place.mode = VIEWER_SIXEL;
	stage->recipe.noise = 30;
	stage->place.rows = 22;
	stage->place.columns = 78;
	send_place(stage);
	send_expect(stage);
	send_snapshot(stage);
	while (stage->screen.len < 20000)
		assert_true(turn(stage, PATIENCE_MS));
	/* Not another byte is read before the process has gone. */
	stage->deaf = true;
	read = stage->screen.len;
	send_end(stage);
	await_gone(stage);
	assert_int_equal(await_exit(stage), 0);
	assert_blanked(stage);
	assert_int_equal(draw_blank(&stage->place, &blank), ERR_OK);
	/* The reader's own 4 KiB are beyond recall. */
	assert_in_range(stage->screen.len - read, blank.len, 4096 + blank.len);
	buf_free(&blank);
	stage_free(stage);
}

static void a_hang_up_ends_the_view(void **state)
{
	struct stage *stage = stage_standing(30000);

	(void)state;
	close(stage->master);
	stage->master = -1;
	stage->deaf = true;
	await_gone(stage);
	assert_int_equal(waitpid(stage->child, NULL, 0), stage->child);
	stage->child = 0;
	stage_free(stage);
}

/* Each way of drawing, within the sandbox: libraries have their own ideas of which system calls they need. */
static void every_way_of_drawing_is_allowed(void **state)
{
	static const int32_t colours[] = {16777216, 256, 16, 8, 2};

	(void)state;
	for (size_t i = 0; i < 2 * sizeof colours / sizeof colours[0]; i++) {
		struct stage *stage = stage_begin();

		stage->place.colours = colours[i / 2];
		stage->place.utf8 = i % 2 == 0;
		send_place(stage);
		stage->place.columns -= 5; /* the operator makes the window smaller meanwhile */
		send_place(stage);
		send_expect(stage);
		send_snapshot(stage);
		await(stage, VIEWER_STANDING);
		send_end(stage);
		await_gone(stage);
		assert_int_equal(await_exit(stage), 0);
		assert_blanked(stage);
		stage_free(stage);
	}
}

static struct viewer_standing await_standing(struct stage *stage)
{
	struct viewer_frame frame = await(stage, VIEWER_STANDING);
	struct viewer_standing standing;

	assert_int_equal(viewer_get_standing(&frame, &standing), ERR_OK);
	drain_screen(stage);
	return standing;
}

/* What was sent since the screen held so many bytes. */
static bool was_sent(const struct stage *stage, size_t since, const char *bytes)
{
	return memmem(stage->screen.data + since, stage->screen.len - since, bytes, strlen(bytes)) != NULL;
}

static const struct {
	enum viewer_mode mode;
	const char *begins;
} graphics[] = {
	{VIEWER_SYMBOLS, "\xe2\x96"},
	{VIEWER_SIXEL, "\033P0;1;0q"},
	{VIEWER_KITTY, "\033_Ga=T,"},
	{VIEWER_ITERM, "\033]1337;File="},
};

enum { GRAPHICS = sizeof graphics / sizeof *graphics };

static void graphics_are_used_where_they_exist(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * GRAPHICS; i++) {
		struct stage *stage = stage_begin();
		enum viewer_mode mode = graphics[i / 2].mode, drawn = mode;
		struct viewer_standing standing;

		stage->place.mode = mode;
		if (i % 2 == 1) { /* cells of unknown size */
			stage->place.cell_width = stage->place.cell_height = 0;
			drawn = mode == VIEWER_ITERM ? mode : VIEWER_SYMBOLS;
		}
		send_place(stage);
		send_expect(stage);
		send_snapshot(stage);
		standing = await_standing(stage);
		/* What was drawn is told, not what was asked for. */
		assert_int_equal(standing.mode, drawn);
		for (size_t k = 0; k < GRAPHICS; k++)
			assert_int_equal(was_sent(stage, 0, graphics[k].begins), graphics[k].mode == drawn);
		stage->place.mode = drawn;
		send_end(stage);
		await_gone(stage);
		assert_int_equal(await_exit(stage), 0);
		assert_blanked(stage);
		assert_int_equal(was_sent(stage, 0, VIEWER_KITTY_DELETE), drawn == VIEWER_KITTY);
		stage_free(stage);
	}
}

/* The terminal's size changes: blank at once, whole again in its new place, one view with one time. */
static void a_hidden_picture_is_drawn_again_elsewhere(void **state)
{
	(void)state;
	for (size_t i = 0; i < GRAPHICS; i++) {
		struct stage *stage = stage_begin();
		struct viewer_standing first, second;
		size_t before;

		stage->expect.view_ms = 2000;
		stage->place.mode = graphics[i].mode;
		send_place(stage);
		send_expect(stage);
		send_snapshot(stage);
		first = await_standing(stage);
		send_hide(stage);
		await(stage, VIEWER_HIDDEN);
		assert_blanked(stage);
		/* The font has become larger too, and its snapshot is as sharp as it came. */
		stage->place.columns = 40;
		stage->place.rows = 14;
		stage->place.cell_width = 16;
		stage->place.cell_height = 32;
		before = stage->screen.len;
		usleep(300000);
		send_place(stage);
		second = await_standing(stage);
		assert_true(was_sent(stage, before, graphics[i].begins));
		assert_int_equal(second.taken_utc_ms, first.taken_utc_ms);
		assert_int_equal(second.mode, graphics[i].mode);
		if (graphics[i].mode != VIEWER_SYMBOLS)
			assert_true(second.drawn_height > first.drawn_height);
		/* One view: its time goes on while nothing stands. */
		assert_in_range(await_gone(stage), 2000, 2000 + 5000);
		assert_int_equal(await_exit(stage), 0);
		assert_blanked(stage);
		stage_free(stage);
	}
}

/* A window that is dragged while a slow line still carries the picture. */
static void a_half_drawn_picture_is_hidden_too(void **state)
{
	struct stage *stage = stage_begin();
	size_t before;

	(void)state;
	stage->place.mode = VIEWER_KITTY;
	stage->recipe.noise = 30;
	stage->deaf = true;
	send_place(stage);
	send_expect(stage);
	send_snapshot(stage);
	while (poll(&(struct pollfd){.fd = stage->master, .events = POLLIN}, 1, PATIENCE_MS) != 1)
		;
	usleep(100000);
	send_hide(stage);
	usleep(50000);
	stage->deaf = false;
	await(stage, VIEWER_HIDDEN);
	assert_blanked(stage);
	assert_true(was_sent(stage, 0, VIEWER_KITTY_DELETE));
	before = stage->screen.len;
	send_place(stage);
	assert_int_equal(await_standing(stage).mode, VIEWER_KITTY);
	assert_true(stage->screen.len > before + 10000);
	send_end(stage);
	await_gone(stage);
	assert_int_equal(await_exit(stage), 0);
	assert_blanked(stage);
	stage_free(stage);
}

static void a_hidden_picture_ends_like_any_other(void **state)
{
	struct stage *stage = stage_standing(30000);
	size_t sent;
	int64_t view_ms;

	(void)state;
	send_hide(stage);
	await(stage, VIEWER_HIDDEN);
	drain_screen(stage);
	sent = stage->screen.len;
	usleep(500000);
	send_end(stage);
	/* What is told is how long there was something to see; and the console's own frame is left alone. */
	view_ms = await_gone(stage);
	assert_in_range(view_ms, 0, 400);
	assert_int_equal(await_exit(stage), 0);
	assert_int_equal(stage->screen.len, sent);
	stage_free(stage);

	/* By its time. */
	stage = stage_standing(300);
	send_hide(stage);
	await(stage, VIEWER_HIDDEN);
	await_gone(stage);
	assert_int_equal(await_exit(stage), 0);
	stage_free(stage);

	/* By a place that is no place for a picture. */
	stage = stage_standing(30000);
	send_hide(stage);
	await(stage, VIEWER_HIDDEN);
	stage->place.rows = 2;
	send_place(stage);
	await_gone(stage);
	assert_int_equal(await_exit(stage), 0);
	stage_free(stage);
}

/* Hidden before there is a picture, it is not drawn until it has a place. */
static void a_picture_that_comes_while_hidden_waits(void **state)
{
	struct stage *stage = stage_begin();

	(void)state;
	send_place(stage);
	send_expect(stage);
	send_hide(stage);
	send_snapshot(stage);
	await(stage, VIEWER_HIDDEN);
	usleep(100000);
	drain_screen(stage);
	assert_int_equal(stage->screen.len, 0);
	send_place(stage);
	await_standing(stage);
	send_end(stage);
	await_gone(stage);
	assert_int_equal(await_exit(stage), 0);
	assert_blanked(stage);
	stage_free(stage);
}

/* The fault's kind; the terminal has not been sent a byte, and the process ends by itself. */
static void assert_fault(struct stage *stage, enum viewer_fault wanted, const char *words_wanted)
{
	struct viewer_frame frame = await(stage, VIEWER_FAULT);
	enum viewer_fault fault;
	char words[REASON_MAX_BYTES];

	assert_int_equal(viewer_get_fault(&frame, &fault, words), ERR_OK);
	if (fault != wanted || strstr(words, words_wanted) == NULL)
		fail_msg("fault %d: %s", (int)fault, words);
	assert_int_equal(await_exit(stage), 0);
	assert_int_equal(stage->screen.len, 0);
	stage_free(stage);
}

static struct stage *stage_ready(void)
{
	struct stage *stage = stage_begin();

	send_place(stage);
	send_expect(stage);
	return stage;
}

static void only_this_looks_picture_is_shown(void **state)
{
	struct stage *stage = stage_ready();
	uint8_t other[KEY_BYTES];
	struct buf frame = buf_new(1024);

	(void)state;
	stage->header.nonce[0] ^= 1;
	send_snapshot(stage);
	assert_fault(stage, VIEWER_FAULT_STALE, "another look");

	stage = stage_ready();
	stage->header.look++;
	send_snapshot(stage);
	assert_fault(stage, VIEWER_FAULT_STALE, "another look");

	stage = stage_ready();
	stage->header.captured_ms = 99;
	send_snapshot(stage);
	assert_fault(stage, VIEWER_FAULT_STALE, "another look");

	stage = stage_ready();
	stage->crypto->box_keypair(stage->picture_key, other);
	send_snapshot(stage);
	assert_fault(stage, VIEWER_FAULT_SEAL, "key");

	stage = stage_ready();
	stage->crypto->sign_keypair(other, stage->device_secret);
	send_snapshot(stage);
	assert_fault(stage, VIEWER_FAULT_SEAL, "signed");

	stage = stage_ready();
	send_frame(stage, viewer_put_sealed(&frame, "short", 5), &frame);
	assert_fault(stage, VIEWER_FAULT_SEAL, "no sealed picture");
}

static void late_is_too_late(void **state)
{
	struct stage *stage = stage_begin();

	(void)state;
	stage->expect.fresh_ms = 200;
	send_place(stage);
	send_expect(stage);
	assert_fault(stage, VIEWER_FAULT_TIME, "in time");
}

static void useless_pictures_are_faults(void **state)
{
	struct stage *stage = stage_ready();
	struct buf jpeg = buf_new(JPEG_MAX_BYTES);

	(void)state;
	memset(stage->recipe.quadrant, 3, 4);
	send_snapshot(stage);
	assert_fault(stage, VIEWER_FAULT_CONTENT, "black");

	stage = stage_ready();
	memset(stage->recipe.quadrant, 130, 4);
	send_snapshot(stage);
	assert_fault(stage, VIEWER_FAULT_CONTENT, "even grey");

	stage = stage_ready();
	jpeg_make(&stage->recipe, &jpeg);
	send_bytes(stage, jpeg.data, jpeg.len / 2);
	assert_fault(stage, VIEWER_FAULT_JPEG, "cut off");

	stage = stage_ready();
	send_bytes(stage, "\x89PNG\r\n\x1a\n", 8);
	assert_fault(stage, VIEWER_FAULT_JPEG, "not a JPEG");

	stage = stage_ready();
	send_bytes(stage, "", 0);
	assert_fault(stage, VIEWER_FAULT_JPEG, "empty");

	stage = stage_ready();
	stage->recipe = jpeg_recipe(64, 64);
	stage->recipe.kind = JPEG_COLOUR;
	stage->recipe.scans = 1000;
	send_snapshot(stage);
	assert_fault(stage, VIEWER_FAULT_JPEG, "scans");
	buf_free(&jpeg);
}

static void a_confused_console_is_told(void **state)
{
	struct stage *stage = stage_begin();
	struct buf frame = buf_new(1024);

	(void)state;
	send_place(stage);
	send_snapshot(stage);
	assert_fault(stage, VIEWER_FAULT_STALE, "no permit");

	stage = stage_ready();
	send_expect(stage);
	assert_fault(stage, VIEWER_FAULT_STALE, "permit");

	stage = stage_ready();
	assert_int_equal(buf_add(&frame, "\xff\xff\xff\xff\xff\xff", 6), ERR_OK);
	send_frame(stage, ERR_OK, &frame);
	assert_fault(stage, VIEWER_FAULT_TERMINAL, "cannot be read");

	stage = stage_begin();
	strcpy(stage->place.tty, "/dev/null");
	send_place(stage);
	assert_fault(stage, VIEWER_FAULT_TERMINAL, "cannot be opened");

	stage = stage_begin();
	stage->place.rows = 2;
	send_place(stage);
	assert_fault(stage, VIEWER_FAULT_TERMINAL, "too small");
}

static void an_end_before_anything_leaves_nothing(void **state)
{
	struct stage *stage = stage_ready();

	(void)state;
	send_end(stage);
	assert_int_equal(await_gone(stage), 0);
	assert_int_equal(await_exit(stage), 0);
	assert_int_equal(stage->screen.len, 0);
	stage_free(stage);
}

/* The value of a line of /proc/PID/status. */
static long status_value(pid_t pid, const char *name)
{
	char path[64], line[256];
	long value = -1;
	FILE *file;

	snprintf(path, sizeof path, "/proc/%ld/status", (long)pid);
	file = fopen(path, "r");
	assert_non_null(file);
	while (value < 0 && fgets(line, sizeof line, file) != NULL)
		if (strncmp(line, name, strlen(name)) == 0 && line[strlen(name)] == ':')
			value = strtol(line + strlen(name) + 1, NULL, 10);
	fclose(file);
	return value;
}

static void the_process_is_shut_in(void **state)
{
	struct stage *stage = stage_standing(30000);

	(void)state;
	assert_int_equal(status_value(stage->child, "Seccomp"), 2);
	assert_int_equal(status_value(stage->child, "NoNewPrivs"), 1);
	assert_int_equal(status_value(stage->child, "Threads"), 1);
	/* Key, plaintext and pixels are locked. */
	assert_true(status_value(stage->child, "VmLck") >= (SNAPSHOT_MAX_BYTES + DRAW_PIXELS_MAX) / 1024);
	send_end(stage);
	await_gone(stage);
	stage_free(stage);
}

static void started_by_hand_it_says_so(void **state)
{
	char path[4096];
	pid_t child;
	int status;

	(void)state;
	program_path(path, sizeof path);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		char *argv[] = {(char *)"tillsyn-picture", NULL};
		int null = open("/dev/null", O_RDWR);

		dup2(null, STDERR_FILENO);
		dup2(null, 3);
		execv(path, argv);
		_exit(127);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_view_ends_by_itself),
		cmocka_unit_test(the_console_ends_the_view),
		cmocka_unit_test(a_place_that_moves_under_a_picture_ends_the_view),
		cmocka_unit_test(a_signal_ends_the_view),
		cmocka_unit_test(a_stop_from_the_keyboard_does_not_hold_the_picture),
		cmocka_unit_test(a_closed_socket_ends_the_view),
		cmocka_unit_test(the_parents_death_ends_the_view),
		cmocka_unit_test(an_end_in_mid_picture_leaves_a_blank_place),
		cmocka_unit_test(an_end_takes_back_what_was_not_shown),
		cmocka_unit_test(a_hang_up_ends_the_view),
		cmocka_unit_test(every_way_of_drawing_is_allowed),
		cmocka_unit_test(graphics_are_used_where_they_exist),
		cmocka_unit_test(a_hidden_picture_is_drawn_again_elsewhere),
		cmocka_unit_test(a_half_drawn_picture_is_hidden_too),
		cmocka_unit_test(a_hidden_picture_ends_like_any_other),
		cmocka_unit_test(a_picture_that_comes_while_hidden_waits),
		cmocka_unit_test(only_this_looks_picture_is_shown),
		cmocka_unit_test(late_is_too_late),
		cmocka_unit_test(useless_pictures_are_faults),
		cmocka_unit_test(a_confused_console_is_told),
		cmocka_unit_test(an_end_before_anything_leaves_nothing),
		cmocka_unit_test(the_process_is_shut_in),
		cmocka_unit_test(started_by_hand_it_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
