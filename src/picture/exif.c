/*
 * A bounded look into EXIF (TIFF 6.0 §2): header, first directory, one tag. Written here because a
 * whole EXIF library would let a camera's bytes reach parsers of a hundred tags nobody asks for.
 */
#include "picture/exif.h"

#include "picture/grey.h"

#include <stdbool.h>
#include <string.h>

#define EXIF_HEAD 6 /* "Exif", NUL, NUL */
#define TIFF_HEAD 8
#define ENTRY_BYTES 12
#define TAG_ORIENTATION 0x0112
#define TYPE_SHORT 3

struct tiff {
	const uint8_t *data;
	size_t len;
	bool big_endian;
};

/* The caller has checked that two bytes are there. */
static uint32_t get16(const struct tiff *tiff, size_t at)
{
	uint32_t first = tiff->data[at], second = tiff->data[at + 1];

	return tiff->big_endian ? first << 8 | second : second << 8 | first;
}

static uint32_t get32(const struct tiff *tiff, size_t at)
{
	uint32_t first = get16(tiff, at), second = get16(tiff, at + 2);

	return tiff->big_endian ? first << 16 | second : second << 16 | first;
}

static bool is_tiff(const struct tiff *tiff)
{
	const char *order = tiff->big_endian ? "MM" : "II";

	return tiff->len >= TIFF_HEAD && memcmp(tiff->data, order, 2) == 0 && get16(tiff, 2) == 42;
}

static int directory_orientation(const struct tiff *tiff, size_t at)
{
	size_t n;

	if (at > tiff->len || tiff->len - at < 2)
		return ORIENTATION_UPRIGHT;
	n = get16(tiff, at);
	at += 2;
	for (size_t i = 0; i < n && tiff->len - at >= ENTRY_BYTES; i++, at += ENTRY_BYTES) {
		uint32_t value = get16(tiff, at + 8);

		if (get16(tiff, at) != TAG_ORIENTATION)
			continue;
		if (get16(tiff, at + 2) != TYPE_SHORT || get32(tiff, at + 4) != 1)
			break;
		return value >= 1 && value <= ORIENTATIONS ? (int)value : ORIENTATION_UPRIGHT;
	}
	return ORIENTATION_UPRIGHT;
}

int exif_orientation(const uint8_t *data, size_t len)
{
	struct tiff tiff;

	if (len < EXIF_HEAD + TIFF_HEAD || memcmp(data, "Exif\0", EXIF_HEAD) != 0)
		return ORIENTATION_UPRIGHT;
	tiff = (struct tiff){.data = data + EXIF_HEAD, .len = len - EXIF_HEAD};
	tiff.big_endian = tiff.data[0] == 'M';
	return is_tiff(&tiff) ? directory_orientation(&tiff, get32(&tiff, 4)) : ORIENTATION_UPRIGHT;
}
