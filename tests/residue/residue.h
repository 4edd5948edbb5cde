/* What the files of the residue test share: the pieces that are searched for, and where. */
#ifndef TILLSYN_TESTS_RESIDUE_H
#define TILLSYN_TESTS_RESIDUE_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* A piece as long as this, from every so manieth byte on: whatever is left of 56 bytes in a row is found. */
#define PIECE 24
#define STEP 32

#define SLOTS (1u << 18)
#define PIECES_MAX (SLOTS / 4)
#define CHUNK (1u << 20)

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

static inline uint32_t slot_of(const uint8_t *data)
{
	uint64_t head;

	memcpy(&head, data, sizeof head);
	return (uint32_t)(head * 0x9e3779b97f4a7c15u >> 46);
}

static_assert(SLOTS == 1u << (64 - 46), "slot_of() gives a slot");

/* Says what is wrong and ends the program. */
_Noreturn void fail(const char *what, const char *detail);
/* A file of /proc/PID; -1 when it may not be read. */
int open_of(const char *pid, const char *name);

/* made.c */
/* A JPEG of random tones. */
void make_picture(const char *path);
/* Writes the JPEG that a picture process has into a file: the program's exit status. */
int take_picture(const char *path, const char *pid);

/* pieces.c: KIND=PATH, as residue.c says; changes the argument and keeps it. */
void add_needles(struct search *search, char *argument);

/* search.c */
/* False: the process may not be read. One that is gone has nothing. */
bool search_process(struct search *search, const char *pid);
/* A process's number, a file or a folder. */
bool search_place(struct search *search, const char *place);
/* Prints what was found there, and forgets it. */
void tell(struct search *search, const char *place);

#endif
