/* Searches memory and files for pieces: every page in use of every mapping, every byte of a file. */
#include "residue.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* AddressSanitizer's shadow is terabytes of its own marks, and holds no byte of the program's. */
#define MAPPING_MAX ((uint64_t)64 << 30)

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
bool search_process(struct search *search, const char *pid)
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

bool search_place(struct search *search, const char *place)
{
	if (strspn(place, "0123456789") == strlen(place))
		return search_process(search, place);
	if (access(place, F_OK) != 0)
		fail(place, strerror(errno));
	walking = search;
	nftw(place, walk, 16, FTW_PHYS);
	return true;
}

void tell(struct search *search, const char *place)
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
