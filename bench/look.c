/*
 * The real picture process, given a look as a console gives it one: from the fork until the picture stands,
 * all of it read, and until the process has blanked its place and is gone. The sealing in between is the
 * camera's work on another machine; it is left out of the time.
 *
 * With --line the terminal takes so many bytes a second, as over a slow line; with --end the console ends
 * the view once so many bytes of its drawing have been read.
 */
#include "screen.h"

#include "core/snapshot.h"
#include "core/viewer.h"
#include "os/crypto.h"

#include <getopt.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATIENCE_MS 30000

/* The terminal has a row above and below the place, and the place a spare one below the picture. */
#define ROWS_AROUND 2
#define ROWS_SPARE 1

#define LOOK 7
#define CAMERA "cam-bench"

/* A slow line hands on a packet at a time. */
#define PACKET_BYTES 1250

struct job {
	const char *program, *drawing;
	enum viewer_mode mode;
	int32_t columns, rows, colours;
	double line_bytes_a_ms; /* 0: as fast as it can be read */
	size_t end_bytes;       /* of its drawing that are read before it is ended; 0: it stands first */
	struct buf jpeg;
};

struct look {
	const struct job *job;
	const struct crypto *crypto;
	struct screen screen;
	int console;
	pid_t child;
	struct buf in;        /* from the picture process */
	size_t taken;         /* of in */
	struct buf drawn;
	bool over;            /* nobody writes to the terminal any more */
	double line_free_ms;  /* when the line takes its next packet */
	double began_ms, sealing_ms, standing_ms, shown_ms, ended_ms, gone_ms, exited_ms, blank_ms;
	size_t bytes;         /* of the drawing */
	uint8_t picture_key[KEY_BYTES], device_public[KEY_BYTES], device_secret[SECRET_KEY_BYTES];
};

static void must(enum err r)
{
	if (r != ERR_OK)
		fail("error %d", (int)r);
}

static void send_frame(const struct look *look, enum err r, struct buf *frame)
{
	size_t at = 0;

	must(r);
	while (at < frame->len) {
		ssize_t n = send(look->console, frame->data + at, frame->len - at, MSG_NOSIGNAL);

		if (n <= 0)
			fail("the picture process does not listen");
		at += (size_t)n;
	}
	buf_free(frame);
}

static struct snapshot_header header_of(const struct job *job)
{
	return (struct snapshot_header){
		.look = LOOK, .camera = CAMERA, .permit_received_ms = 100, .captured_ms = 900,
		.captured_utc_ms = 1760000000000, .jpeg_len = (uint32_t)job->jpeg.len,
	};
}

/* What the camera does. */
static struct buf seal(struct look *look)
{
	struct snapshot_header header = header_of(look->job);
	struct buf sealed = buf_new(SNAPSHOT_MAX_BYTES), frame = buf_new(SNAPSHOT_MAX_BYTES + 64);

	look->crypto->sign_keypair(look->device_public, look->device_secret);
	must(snapshot_seal(look->crypto, &header, look->job->jpeg.data, look->device_secret, look->picture_key,
	                   &sealed));
	must(viewer_put_sealed(&frame, sealed.data, sealed.len));
	buf_free(&sealed);
	return frame;
}

static void send_expect(const struct look *look)
{
	struct viewer_expect expect = {
		.look = LOOK, .camera = CAMERA, .fresh_ms = PATIENCE_MS, .view_ms = PATIENCE_MS,
	};
	struct buf frame = buf_new(1024);

	memcpy(expect.device_key, look->device_public, KEY_BYTES);
	send_frame(look, viewer_put_expect(&frame, &expect), &frame);
}

static void send_place(const struct look *look)
{
	const struct job *job = look->job;
	struct viewer_place place = {
		.mode = job->mode, .row = 1, .rows = job->rows + ROWS_SPARE, .columns = job->columns,
		.cell_width = CELL_WIDTH, .cell_height = CELL_HEIGHT,
		.picture_width = job->columns * CELL_WIDTH, .picture_height = job->rows * CELL_HEIGHT,
		.colours = job->colours, .utf8 = true,
	};
	struct buf frame = buf_new(1024);

	memcpy(place.tty, look->screen.path, sizeof place.tty);
	send_frame(look, viewer_put_place(&frame, &place), &frame);
}

static void send_end(struct look *look)
{
	struct buf frame = buf_new(64);

	look->ended_ms = now_ms();
	send_frame(look, viewer_put_end(&frame), &frame);
}

static void read_console(struct look *look)
{
	uint8_t bytes[4096];
	ssize_t n = read(look->console, bytes, sizeof bytes);

	if (n <= 0)
		fail("the picture process died");
	must(buf_add(&look->in, bytes, (size_t)n));
}

/* The line carries the packet for its time; time in which there was none is lost. */
static void read_line(struct look *look)
{
	size_t max = look->job->line_bytes_a_ms > 0 ? PACKET_BYTES : SCREEN_BYTES_MAX;
	size_t n = screen_read(&look->screen, &look->drawn, max);

	look->over = n == 0;
	if (look->job->line_bytes_a_ms > 0)
		look->line_free_ms = now_ms() + (double)n / look->job->line_bytes_a_ms;
}

/* Reads whatever there is within max_ms: the console's end of the socket, and the terminal if its line is free. */
static void turn(struct look *look, double max_ms)
{
	double busy_ms = look->line_free_ms - now_ms();
	struct pollfd fds[] = {
		{.fd = look->console, .events = POLLIN},
		{.fd = busy_ms > 0 ? -1 : look->screen.master, .events = POLLIN},
	};

	if (busy_ms > 0 && busy_ms < max_ms)
		max_ms = busy_ms;
	poll(fds, 2, (int)max_ms + 1);
	if (fds[0].revents != 0)
		read_console(look);
	if (fds[1].revents != 0)
		read_line(look);
}

/* Whether a whole frame is there; kind is the only one that may come. */
static bool take(struct look *look, enum viewer_kind kind, struct viewer_frame *frame)
{
	must(viewer_next(look->in.data, look->in.len, frame, &look->taken));
	if (look->taken > 0 && frame->kind != kind)
		fail("the picture process sent a frame of kind %d, not %d", (int)frame->kind, (int)kind);
	return look->taken > 0;
}

static struct viewer_frame await(struct look *look, enum viewer_kind kind)
{
	double until_ms = now_ms() + PATIENCE_MS;
	struct viewer_frame frame;

	buf_drop(&look->in, look->taken);
	while (!take(look, kind, &frame)) {
		if (now_ms() > until_ms)
			fail("no frame of kind %d came", (int)kind);
		turn(look, PATIENCE_MS);
	}
	return frame;
}

/* A drawing ends by putting the cursor back. */
static void drain(struct look *look)
{
	double until_ms = now_ms() + PATIENCE_MS;

	while (look->drawn.len < 2 || memcmp(look->drawn.data + look->drawn.len - 2, "\0338", 2) != 0) {
		if (now_ms() > until_ms)
			fail("the drawing never ended");
		turn(look, PATIENCE_MS);
	}
}

static void begin(struct look *look)
{
	char *argv[] = {(char *)look->job->program, NULL};
	struct viewer_frame frame;
	int ends[2];

	look->began_ms = now_ms();
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		fail("no socket pair");
	look->console = ends[0];
	look->child = start(argv, -1, ends[1]);
	close(ends[1]);
	frame = await(look, VIEWER_KEY);
	must(viewer_get_key(&frame, look->picture_key));
}

static void hand_over(struct look *look)
{
	double paused_ms = now_ms();
	struct buf sealed = seal(look);

	look->sealing_ms = now_ms() - paused_ms;
	send_place(look);
	send_expect(look);
	send_frame(look, ERR_OK, &sealed);
}

static void let_stand(struct look *look)
{
	await(look, VIEWER_STANDING);
	look->standing_ms = now_ms();
	drain(look);
	look->shown_ms = now_ms();
	look->bytes = look->drawn.len;
	if (look->job->drawing != NULL)
		file_write(look->job->drawing, &look->drawn);
}

/* The end comes in the middle of the drawing, or the figure would mean nothing. */
static void let_draw(struct look *look)
{
	struct viewer_frame frame;

	buf_drop(&look->in, look->taken);
	look->taken = 0;
	while (look->drawn.len < look->job->end_bytes)
		turn(look, PATIENCE_MS);
	if (take(look, VIEWER_STANDING, &frame))
		fail("the end came after the drawing");
}

/* Until the blanking has left the line too: the terminal has no writer any more. */
static void let_blank(struct look *look)
{
	send_end(look);
	await(look, VIEWER_GONE);
	look->gone_ms = now_ms();
	await_exit(look->child);
	look->exited_ms = now_ms();
	close(look->console);
	look->console = -1;
	screen_give_up_slave(&look->screen);
	while (!look->over)
		turn(look, PATIENCE_MS);
	look->blank_ms = now_ms();
}

/* At each look the terminal, the process and the keys are new. */
static struct look run(const struct job *job)
{
	struct look look = {.job = job, .crypto = crypto_sodium(), .in = buf_new(1 << 20),
	                    .drawn = buf_new(SCREEN_BYTES_MAX)};

	look.screen = screen_open(job->columns, job->rows + ROWS_SPARE + ROWS_AROUND);
	begin(&look);
	hand_over(&look);
	if (job->end_bytes > 0)
		let_draw(&look);
	else
		let_stand(&look);
	let_blank(&look);
	screen_close(&look.screen);
	buf_free(&look.in);
	buf_free(&look.drawn);
	return look;
}

/* Whole looks: ms until it stands and is read, ms until the process has exited, bytes of the drawing. */
static void report_looks(const struct job *job, size_t runs)
{
	double shown_ms[RUNS_MAX], whole_ms[RUNS_MAX];
	size_t bytes = 0;

	for (size_t i = 0; i < runs; i++) {
		struct look look = run(job);

		shown_ms[i] = look.shown_ms - look.began_ms - look.sealing_ms;
		whole_ms[i] = look.exited_ms - look.began_ms - look.sealing_ms;
		bytes = look.bytes;
	}
	printf("%.2f %.2f %zu\n", median(shown_ms, runs), median(whole_ms, runs), bytes);
}

/* Looks over a line: ms until STANDING, ms until the last byte has left the line; the longest of each. */
static void report_line(const struct job *job, size_t runs)
{
	double standing_ms[RUNS_MAX], shown_ms[RUNS_MAX];

	for (size_t i = 0; i < runs; i++) {
		struct look look = run(job);

		standing_ms[i] = look.standing_ms - look.began_ms - look.sealing_ms;
		shown_ms[i] = look.shown_ms - look.began_ms - look.sealing_ms;
	}
	median(standing_ms, runs);
	median(shown_ms, runs);
	printf("%.0f %.0f\n", standing_ms[runs - 1], shown_ms[runs - 1]);
}

/* Looks that are ended while they are drawn: the longest ms from END to GONE, and until the place is blank. */
static void report_ends(const struct job *job, size_t runs)
{
	double gone_ms[RUNS_MAX], blank_ms[RUNS_MAX];

	for (size_t i = 0; i < runs; i++) {
		struct look look = run(job);

		gone_ms[i] = look.gone_ms - look.ended_ms;
		blank_ms[i] = look.blank_ms - look.ended_ms;
	}
	median(gone_ms, runs);
	median(blank_ms, runs);
	printf("%.0f %.0f\n", gone_ms[runs - 1], blank_ms[runs - 1]);
}

static void usage(void)
{
	fprintf(stderr, "look [--line BYTES-A-SECOND] [--end BYTES] [--drawing FILE] "
	                "sixel|kitty|COLOURS COLUMNS ROWS RUNS PROGRAM JPEG\n");
	exit(2);
}

static void take_options(struct job *job, int argc, char **argv)
{
	static const struct option options[] = {
		{"line", required_argument, NULL, 'l'},
		{"end", required_argument, NULL, 'e'},
		{"drawing", required_argument, NULL, 'd'},
		{NULL, 0, NULL, 0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'l')
			job->line_bytes_a_ms = (double)number(optarg, 1000, 1000000000) / 1000;
		else if (option == 'e')
			job->end_bytes = (size_t)number(optarg, 1, SCREEN_BYTES_MAX);
		else if (option == 'd')
			job->drawing = optarg;
		else
			usage();
	}
}

int main(int argc, char **argv)
{
	struct job job = {.mode = VIEWER_SIXEL, .colours = 256};
	size_t runs;

	take_options(&job, argc, argv);
	argv += optind;
	if (argc - optind != 6)
		usage();
	if (strcmp(argv[0], "kitty") == 0) {
		job.mode = VIEWER_KITTY;
	} else if (strcmp(argv[0], "sixel") != 0) {
		job.mode = VIEWER_SYMBOLS;
		job.colours = (int32_t)number(argv[0], 2, 1 << 24);
	}
	job.columns = (int32_t)number(argv[1], 8, 1000);
	job.rows = (int32_t)number(argv[2], 4, 1000);
	runs = (size_t)number(argv[3], 1, RUNS_MAX);
	job.program = argv[4];
	job.jpeg = file_read(argv[5], JPEG_MAX_BYTES);
	if (job.end_bytes > 0)
		report_ends(&job, runs);
	else if (job.line_bytes_a_ms > 0)
		report_line(&job, runs);
	else
		report_looks(&job, runs);
	buf_free(&job.jpeg);
	return 0;
}
