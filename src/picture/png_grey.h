/* A grey picture as a PNG, for terminals that take one. */
#ifndef TILLSYN_PICTURE_PNG_GREY_H
#define TILLSYN_PICTURE_PNG_GREY_H

#include "base/buf.h"
#include "base/err.h"
#include "picture/grey.h"

/*
 * Appends it: in LEVELS greys, eight bits a pixel, no text, no time. ERR_MEMORY, or out's
 * ERR_LIMIT.
 */
enum err png_grey(const struct grey *grey, struct buf *out);
/* The same in base64 (RFC 4648 §4). */
enum err png_grey_base64(const struct grey *grey, struct buf *out);

#endif
