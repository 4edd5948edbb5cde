/* Grey pixels to a JPEG file. */
#ifndef TILLSYN_CAMERA_JPEG_H
#define TILLSYN_CAMERA_JPEG_H

#include "base/buf.h"
#include "base/err.h"

#include <stdint.h>

/*
 * Appends a baseline greyscale JPEG of width × height bytes of pixels. ERR_LIMIT: larger than out
 * allows.
 */
enum err jpeg_encode(struct buf *out, const uint8_t *pixels, int width, int height, int quality);

#endif
