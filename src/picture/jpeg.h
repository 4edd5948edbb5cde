/* A camera's JPEG to the grey picture that is drawn, within base/limits.h, or a reason why not. */
#ifndef TILLSYN_PICTURE_JPEG_H
#define TILLSYN_PICTURE_JPEG_H

#include "base/err.h"
#include "base/limits.h"
#include "picture/grey.h"

#include <stddef.h>
#include <stdint.h>

/*
 * Decodes data into grey, whose data has room for capacity bytes and whose size is set here: the
 * largest that fits. width and height become the picture's own, upright. ERR_PARSE, ERR_LIMIT,
 * ERR_UNSUPPORTED or ERR_MEMORY, with the reason in words. What is damaged anywhere is refused
 * whole: half a bedroom must not look like an empty bed.
 */
enum err jpeg_decode(const uint8_t *data, size_t len, const struct fit *fit, size_t capacity,
                     struct grey *grey, int32_t *width, int32_t *height,
                     char words[REASON_MAX_BYTES]);

#endif
