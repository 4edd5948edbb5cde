/* The one thing an EXIF block is read for: which way up the picture is. */
#ifndef TILLSYN_PICTURE_EXIF_H
#define TILLSYN_PICTURE_EXIF_H

#include <stddef.h>
#include <stdint.h>

/*
 * The orientation, 1 to 8, out of an APP1 marker's bytes; 1 for anything that is not a sound EXIF
 * block.
 */
int exif_orientation(const uint8_t *data, size_t len);

#endif
