/*
 * Looks for what is left of a picture. A picture is made anew for each run, of random tones, so that none
 * of its bytes is known to any memory before; afterwards pieces of it are searched for in the memory of
 * processes and in files.
 *
 *   residue picture FILE                   makes a JPEG
 *   residue take FILE PID                  finds one in the memory of a picture process
 *   residue scan NEEDLES... -- PLACE...    tells how many pieces are in each place: a process's number, a
 *                                          file, or a folder with all that is in it
 *   residue catch FILE PID NEEDLES...      waits until the process has read the file, and stops it for as
 *                                          long as it is searched
 *
 * Needles are
 *
 *   jpeg=FILE        the bytes of a JPEG, from its scan on
 *   pixels=FILE      the rows that it decodes to, at each scale that the picture process may choose
 *   pixels=FILE,RECORDING  and those of the size that the sixel in the recording was drawn at
 *   drawn=RECORDING  the longest drawing among the bytes that a terminal was sent
 *   cells=FILE       a captured screen's text where it shows more than letters
 *
 * One line of output a place and kind: kind, place, pieces found, pieces looked for. The exit status is 3
 * when a process may not be read.
 */
#include "picture/draw.h"
#include "picture/jpeg.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jpeglib.h>

/* A piece as long as this, from every so manieth byte on: whatever is left of 56 bytes in a row is found. */
#define PIECE 24
#define STEP 32

/* What has fewer different bytes may stand in any memory. */
#define DIFFERENT_MIN 8

/* A drawing begins with what is the same for every picture: a palette, a file's header. */
#define HEAD_BYTES 512

#define SLOTS (1u << 18)
#define PIECES_MAX (SLOTS / 4)
#define CHUNK (1u << 20)

/* AddressSanitizer's shadow is terabytes of its own marks, and holds no byte of the program's. */
#define MAPPING_MAX ((uint64_t)64 << 30)

#define CATCH_MS 20000

/* Tones of a made picture: one for each square of so many pixels, blended between them. */
#define MADE_WIDTH 640
#define MADE_HEIGHT 480
#define SQUARE 32
#define NOISE 3

/* The picture process has its snapshot in a mapping of its own, of the largest snapshot's size. */
#define TAKEN_MAPPING_MAX ((uint64_t)16 << 20)
#define TAKEN_BYTES_MIN 8192

#define EXIT_DENIED 3

enum { KINDS_MAX = 8 };

struct search {
	const char *kind[KINDS_MAX];
	int n_kinds;
	uint8_t piece[PIECES_MAX][PIECE];
	uint8_t kind_of[PIECES_MAX]; /* the number of its kind */
	bool found[PIECES_MAX];
	uint32_t n;
	uint32_t slots[SLOTS];       /* 1 + the piece's number, by its first eight bytes; 0 = free */
	uint64_t filled[SLOTS / 64]; /* which slots are not free, in what a processor's nearest cache holds */
};

static void fail(const char *what, const char *detail)
{
	fprintf(stderr, "residue: %s: %s\n", what, detail);
	exit(2);
}

static struct buf read_file(const char *path)
{
	struct buf out = buf_new((size_t)1 << 30);
	static uint8_t chunk[CHUNK];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		fail(path, strerror(errno));
	while ((n = read(fd, chunk, sizeof chunk)) > 0)
		if (buf_add(&out, chunk, (size_t)n) != ERR_OK)
			fail(path, "too large");
	close(fd);
	return out;
}

static int open_of(const char *pid, const char *name)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%s/%s", pid, name);
	return open(path, O_RDONLY | O_CLOEXEC);
}

/* Making a picture. */

static void fill_random(uint8_t *out, size_t len)
{
	for (size_t done = 0; done < len;) {
		ssize_t n = getrandom(out + done, len - done, 0);

		if (n <= 0)
			fail("getrandom", strerror(errno));
		done += (size_t)n;
	}
}

static void paint_row(const uint8_t *tone, int across, int y, uint8_t *row)
{
	const uint8_t *above = tone + (size_t)(y / SQUARE * across), *below = above + across;
	int down = y % SQUARE;

	/* Without noise there would be even slopes, which stand in many a table. */
	fill_random(row, MADE_WIDTH);
	for (int x = 0; x < MADE_WIDTH; x++) {
		int left = x / SQUARE, right = x % SQUARE;
		int upper = above[left] * (SQUARE - right) + above[left + 1] * right;
		int lower = below[left] * (SQUARE - right) + below[left + 1] * right;

		int level = (upper * (SQUARE - down) + lower * down) / (SQUARE * SQUARE);

		row[x] = (uint8_t)(level * (UINT8_MAX - NOISE) / UINT8_MAX + row[x] % (NOISE + 1));
	}
}

static void make_picture(const char *path)
{
	enum { ACROSS = MADE_WIDTH / SQUARE + 1, DOWN = MADE_HEIGHT / SQUARE + 1 };
	static uint8_t tone[ACROSS * DOWN], row[MADE_WIDTH];
	struct jpeg_compress_struct jpeg;
	struct jpeg_error_mgr errors;
	JSAMPROW rows = row;
	FILE *file = fopen(path, "wb");

	if (file == NULL)
		fail(path, strerror(errno));
	fill_random(tone, sizeof tone);
	jpeg.err = jpeg_std_error(&errors);
	jpeg_create_compress(&jpeg);
	jpeg_stdio_dest(&jpeg, file);
	jpeg.image_width = MADE_WIDTH;
	jpeg.image_height = MADE_HEIGHT;
	jpeg.input_components = 1;
	jpeg.in_color_space = JCS_GRAYSCALE;
	jpeg_set_defaults(&jpeg);
	jpeg_set_quality(&jpeg, 95, TRUE);
	jpeg_start_compress(&jpeg, TRUE);
	for (int y = 0; y < MADE_HEIGHT; y++) {
		paint_row(tone, ACROSS, y, row);
		jpeg_write_scanlines(&jpeg, &rows, 1);
	}
	jpeg_finish_compress(&jpeg);
	jpeg_destroy_compress(&jpeg);
	if (fclose(file) != 0)
		fail(path, strerror(errno));
}

/* Taking a picture out of a process that is known to have it. */

/* Whether the mapping had a whole JPEG, which is then in the file. */
static bool take_from(int memory, uint64_t from, size_t len, const char *path)
{
	static const uint8_t start[] = {0xff, 0xd8, 0xff};
	uint8_t *bytes = malloc(len), *first, *last;
	ssize_t n = bytes == NULL ? -1 : pread(memory, bytes, len, (off_t)from);
	FILE *file;

	first = n <= 0 ? NULL : memmem(bytes, (size_t)n, start, sizeof start);
	last = first == NULL ? NULL : memmem(first, (size_t)(bytes + n - first), "\xff\xd9", 2);
	if (last == NULL || last - first < TAKEN_BYTES_MIN) {
		free(bytes);
		return false;
	}
	file = fopen(path, "wb");
	if (file == NULL || fwrite(first, 1, (size_t)(last + 2 - first), file) == 0 || fclose(file) != 0)
		fail(path, strerror(errno));
	free(bytes);
	return true;
}

static int take(const char *path, const char *pid)
{
	int memory = open_of(pid, "mem");
	FILE *maps = fdopen(open_of(pid, "maps"), "r");
	bool taken = false;
	char line[1024];

	if (memory < 0 || maps == NULL)
		fail(pid, strerror(errno));
	while (!taken && fgets(line, sizeof line, maps) != NULL) {
		uint64_t from, to;

		if (sscanf(line, "%" SCNx64 "-%" SCNx64 " r", &from, &to) == 2 && to - from <= TAKEN_MAPPING_MAX)
			taken = take_from(memory, from, (size_t)(to - from), path);
	}
	fclose(maps);
	close(memory);
	return taken ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* Cutting pieces. */

static bool is_peculiar(const uint8_t *piece)
{
	bool seen[256] = {false};
	int different = 0;

	for (int i = 0; i < PIECE; i++) {
		different += !seen[piece[i]];
		seen[piece[i]] = true;
	}
	return different >= DIFFERENT_MIN;
}

static uint32_t slot_of(const uint8_t *data)
{
	uint64_t head;

	memcpy(&head, data, sizeof head);
	return (uint32_t)(head * 0x9e3779b97f4a7c15u >> 46);
}

static_assert(SLOTS == 1u << (64 - 46), "slot_of() gives a slot");

static void add_piece(struct search *search, const uint8_t *piece)
{
	uint32_t slot = slot_of(piece);

	memcpy(search->piece[search->n], piece, PIECE);
	search->kind_of[search->n] = (uint8_t)(search->n_kinds - 1);
	while (search->slots[slot] != 0)
		slot = (slot + 1) % SLOTS;
	search->slots[slot] = ++search->n;
	search->filled[slot / 64] |= (uint64_t)1 << slot % 64;
}

/* Of the present kind. */
static void cut(struct search *search, const uint8_t *data, size_t len)
{
	for (size_t at = 0; at + PIECE <= len && search->n < PIECES_MAX; at += STEP)
		if (is_peculiar(data + at))
			add_piece(search, data + at);
}

static void cut_jpeg(struct search *search, char *path)
{
	struct buf file = read_file(path);
	const uint8_t *scan = memmem(file.data, file.len, "\xff\xda", 2);

	if (scan == NULL)
		fail(path, "no JPEG");
	/* Behind the scan's header, which every JPEG of one grey component has. */
	scan += 2 + 8;
	cut(search, scan, file.len - (size_t)(scan - file.data));
	buf_free(&file);
}

static void cut_scaled(struct search *search, const struct buf *file, unsigned scale)
{
	struct jpeg_decompress_struct jpeg;
	struct jpeg_error_mgr errors;
	static uint8_t row[JPEG_SIDE_MAX];
	JSAMPROW rows = row;

	jpeg.err = jpeg_std_error(&errors);
	jpeg_create_decompress(&jpeg);
	jpeg_mem_src(&jpeg, file->data, file->len);
	jpeg_read_header(&jpeg, TRUE);
	jpeg.scale_num = scale;
	jpeg.scale_denom = 8;
	jpeg.out_color_space = JCS_GRAYSCALE;
	jpeg_start_decompress(&jpeg);
	while (jpeg.output_scanline < jpeg.output_height) {
		jpeg_read_scanlines(&jpeg, &rows, 1);
		cut(search, row, jpeg.output_width);
	}
	jpeg_finish_decompress(&jpeg);
	jpeg_destroy_decompress(&jpeg);
}

/* As the picture process makes them: averaged to the size that is drawn. */
static void cut_fitted(struct search *search, const struct buf *file, const struct buf *recording)
{
	struct fit fit = {.step = 1, .pixel_width = 1, .pixel_height = 1};
	struct grey grey = {.data = malloc(DRAW_PIXELS_MAX)};
	const char *sixel = memmem(recording->data, recording->len, "\"1;1;", 5);
	char words[REASON_MAX_BYTES];
	int32_t width, height;

	if (sixel == NULL || sscanf(sixel, "\"1;1;%" SCNd32 ";%" SCNd32, &fit.width, &fit.height) != 2)
		fail("recording", "no sixel");
	if (grey.data == NULL || jpeg_decode(file->data, file->len, &fit, DRAW_PIXELS_MAX, &grey, &width,
	                                     &height, words) != ERR_OK)
		fail("picture", "cannot be decoded");
	cut(search, grey.data, (size_t)grey.width * (size_t)grey.height);
	free(grey.data);
}

static void cut_pixels(struct search *search, char *paths)
{
	char *recording_path = strchr(paths, ',');
	struct buf file, recording;

	if (recording_path != NULL)
		*recording_path++ = '\0';
	file = read_file(paths);
	for (unsigned scale = 1; scale <= 8; scale *= 2)
		cut_scaled(search, &file, scale);
	if (recording_path != NULL) {
		recording = read_file(recording_path);
		cut_fitted(search, &file, &recording);
		buf_free(&recording);
	}
	buf_free(&file);
}

/* A drawing is what stands between saving the cursor and putting it back. */
static void cut_drawing(struct search *search, char *path)
{
	struct buf file = read_file(path);
	const uint8_t *at = file.data, *end = file.data + file.len, *longest = NULL;
	size_t len = 0;

	while (at != NULL && (at = memmem(at, (size_t)(end - at), "\0337", 2)) != NULL) {
		const uint8_t *last = memmem(at, (size_t)(end - at), "\0338", 2);

		if (last != NULL && (size_t)(last - at) > len) {
			longest = at;
			len = (size_t)(last - at);
		}
		at = last;
	}
	if (len > HEAD_BYTES)
		cut(search, longest + HEAD_BYTES, len - HEAD_BYTES);
	buf_free(&file);
}

/* Block elements (U+2580 to U+259F) are what pictures are made of there; the console's cursor is a single one. */
static void cut_cells(struct search *search, char *path)
{
	struct buf file = read_file(path);

	for (size_t at = 0; at + PIECE <= file.len; at += STEP) {
		const uint8_t *piece = file.data + at;
		const uint8_t *first = memmem(piece, PIECE, "\xe2\x96", 2);

		if (first != NULL && memmem(first + 2, (size_t)(piece + PIECE - first - 2), "\xe2\x96", 2) != NULL)
			cut(search, piece, PIECE);
	}
	buf_free(&file);
}

/* Searching. */

static void look_up(struct search *search, const uint8_t *at)
{
	for (uint32_t slot = slot_of(at); search->slots[slot] != 0; slot = (slot + 1) % SLOTS) {
		uint32_t i = search->slots[slot] - 1;

		if (memcmp(search->piece[i], at, PIECE) == 0)
			search->found[i] = true;
	}
}

static void search_bytes(struct search *search, const uint8_t *data, size_t len)
{
	for (size_t at = 0; at + PIECE <= len; at++) {
		uint32_t slot = slot_of(data + at);

		if ((search->filled[slot / 64] >> slot % 64 & 1) != 0)
			look_up(search, data + at);
	}
}

/* From one offset of an open file or memory to another; what cannot be read there is passed over. */
static void search_range(struct search *search, int fd, uint64_t from, uint64_t to)
{
	static uint8_t chunk[CHUNK];

	while (from < to) {
		size_t want = to - from < CHUNK ? (size_t)(to - from) : CHUNK;
		ssize_t n = pread(fd, chunk, want, (off_t)from);

		if (n <= 0)
			return;
		search_bytes(search, chunk, (size_t)n);
		from += (uint64_t)n;
		/* The next begins a little earlier: a piece may lie across. */
		if (from < to)
			from -= n < PIECE ? 0 : PIECE - 1;
	}
}

/* Runs of pages of one mapping that are in memory or swapped out; the others have never been written to. */
static void search_mapping(struct search *search, int memory, int pagemap, uint64_t from, uint64_t to)
{
	const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	uint64_t entry[512], began = to;

	for (uint64_t at = from; at < to;) {
		size_t left = (size_t)((to - at) / page), want = left < 512 ? left : 512;
		ssize_t n = pread(pagemap, entry, want * sizeof *entry, (off_t)(at / page * sizeof *entry));

		if (n <= 0)
			break;
		for (size_t i = 0; i < (size_t)n / sizeof *entry; i++, at += page) {
			bool there = entry[i] >> 62 != 0;

			if (there && began == to)
				began = at;
			if (there || began == to)
				continue;
			search_range(search, memory, began, at);
			began = to;
		}
	}
	search_range(search, memory, began, to);
}

static void search_file(struct search *search, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat about;

	if (fd < 0)
		return;
	if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode))
		search_range(search, fd, 0, (uint64_t)about.st_size);
	close(fd);
}

/* Files that a process has open have perhaps no name any more. */
static void search_open_files(struct search *search, const char *pid)
{
	char folder[64], path[512];
	struct dirent *entry;
	DIR *files;

	snprintf(folder, sizeof folder, "/proc/%s/fd", pid);
	files = opendir(folder);
	while (files != NULL && (entry = readdir(files)) != NULL) {
		struct stat about;

		snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		if (entry->d_name[0] != '.' && stat(path, &about) == 0 && S_ISREG(about.st_mode))
			search_file(search, path);
	}
	if (files != NULL)
		closedir(files);
}

static void search_mappings(struct search *search, FILE *maps, int memory, int pagemap)
{
	char line[1024];

	while (fgets(line, sizeof line, maps) != NULL) {
		uint64_t from, to;
		char readable;

		if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %c", &from, &to, &readable) == 3
		    && readable == 'r' && to - from <= MAPPING_MAX)
			search_mapping(search, memory, pagemap, from, to);
	}
}

/* False: it may not be read. A process that is gone has nothing. */
static bool search_process(struct search *search, const char *pid)
{
	int maps_fd = open_of(pid, "maps"), memory = open_of(pid, "mem"), pagemap = open_of(pid, "pagemap");
	bool readable = maps_fd >= 0 && memory >= 0 && pagemap >= 0;
	FILE *maps = readable ? fdopen(maps_fd, "r") : NULL;

	if (maps != NULL) {
		search_mappings(search, maps, memory, pagemap);
		search_open_files(search, pid);
		fclose(maps);
	}
	close(memory);
	close(pagemap);
	return readable || kill((pid_t)atoi(pid), 0) != 0;
}

static struct search *walking; /* nftw() has no argument of ours */

static int walk(const char *path, const struct stat *about, int kind, struct FTW *where)
{
	(void)about;
	(void)where;
	if (kind == FTW_F)
		search_file(walking, path);
	return 0;
}

static bool search_place(struct search *search, const char *place)
{
	if (strspn(place, "0123456789") == strlen(place))
		return search_process(search, place);
	if (access(place, F_OK) != 0)
		fail(place, strerror(errno));
	walking = search;
	nftw(place, walk, 16, FTW_PHYS);
	return true;
}

static void tell(struct search *search, const char *place)
{
	uint32_t found[KINDS_MAX] = {0}, all[KINDS_MAX] = {0};

	for (uint32_t i = 0; i < search->n; i++) {
		all[search->kind_of[i]]++;
		found[search->kind_of[i]] += search->found[i];
	}
	for (int i = 0; i < search->n_kinds; i++)
		printf("%s %s %" PRIu32 " %" PRIu32 "\n", search->kind[i], place, found[i], all[i]);
	memset(search->found, 0, sizeof search->found);
	fflush(stdout);
}

static void add_needles(struct search *search, char *argument)
{
	static const struct {
		const char *kind;
		void (*cut)(struct search *, char *);
	} cutters[] = {
		{"jpeg", cut_jpeg},
		{"pixels", cut_pixels},
		{"drawn", cut_drawing},
		{"cells", cut_cells},
	};
	char *path = strchr(argument, '=');

	if (path == NULL || search->n_kinds == KINDS_MAX)
		fail(argument, "no needles");
	*path++ = '\0';
	search->kind[search->n_kinds++] = argument;
	for (size_t i = 0; i < sizeof cutters / sizeof *cutters; i++)
		if (strcmp(cutters[i].kind, argument) == 0) {
			cutters[i].cut(search, path);
			return;
		}
	fail(argument, "no kind of needles");
}

static struct search *begin(void)
{
	struct search *search = calloc(1, sizeof *search);

	if (search == NULL)
		fail("memory", strerror(errno));
	return search;
}

static int scan(int n, char **arguments)
{
	struct search *search = begin();
	bool readable = true;
	int i = 0;

	for (; i < n && strcmp(arguments[i], "--") != 0; i++)
		add_needles(search, arguments[i]);
	for (i++; readable && i < n; i++) {
		readable = search_place(search, arguments[i]);
		if (readable)
			tell(search, arguments[i]);
	}
	free(search);
	return readable ? EXIT_SUCCESS : EXIT_DENIED;
}

/* The watched file has been closed by its reader, or it takes too long. */
static bool await_reader(int watch)
{
	struct pollfd read_ = {.fd = watch, .events = POLLIN};

	return poll(&read_, 1, CATCH_MS) == 1;
}

static int catch(const char *path, const char *pid, int n, char **needles)
{
	struct search *search = begin();
	pid_t process = (pid_t)atoi(pid);
	bool readable;
	int watch;

	for (int i = 0; i < n; i++)
		add_needles(search, needles[i]);
	/* The lens closes in a tenth of a second: on a busy machine too this must be sooner. */
	setpriority(PRIO_PROCESS, 0, -20);
	watch = inotify_init1(IN_CLOEXEC);
	if (watch < 0 || inotify_add_watch(watch, path, IN_CLOSE_NOWRITE) < 0)
		fail(path, strerror(errno));
	printf("watching\n");
	fflush(stdout);
	if (!await_reader(watch))
		fail(path, "nobody has read it");
	if (kill(process, SIGSTOP) != 0)
		fail(pid, strerror(errno));
	readable = search_process(search, pid);
	kill(process, SIGCONT);
	tell(search, pid);
	free(search);
	return readable ? EXIT_SUCCESS : EXIT_DENIED;
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "picture") == 0) {
		make_picture(argv[2]);
		return EXIT_SUCCESS;
	}
	if (argc == 4 && strcmp(argv[1], "take") == 0)
		return take(argv[2], argv[3]);
	if (argc > 3 && strcmp(argv[1], "scan") == 0)
		return scan(argc - 2, argv + 2);
	if (argc > 4 && strcmp(argv[1], "catch") == 0)
		return catch(argv[2], argv[3], argc - 4, argv + 4);
	fprintf(stderr, "usage: residue picture FILE | take FILE PID | scan NEEDLES... -- PLACE... | catch FILE PID NEEDLES...\n");
	return 2;
}
