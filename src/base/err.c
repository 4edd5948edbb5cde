/* The words for enum err. */
#include "base/err.h"

#include <stddef.h>

static const char *const texts[] = {
	[ERR_OK] = "ok",
	[ERR_MEMORY] = "out of memory",
	[ERR_LIMIT] = "too large",
	[ERR_PARSE] = "malformed",
	[ERR_NOT_FOUND] = "not found",
	[ERR_EXISTS] = "exists already",
	[ERR_WRONG_STATE] = "not possible in this state",
	[ERR_STALE] = "changed since it was read",
	[ERR_DENIED] = "not allowed",
	[ERR_SIGNATURE] = "signature does not verify",
	[ERR_EXPIRED] = "expired",
	[ERR_NOT_YET] = "not yet valid",
	[ERR_CLOCK] = "clock cannot be trusted",
	[ERR_VERSION] = "unknown version",
	[ERR_IO] = "input/output error",
	[ERR_CLOSED] = "closed by the other end",
	[ERR_UNSUPPORTED] = "not supported",
};

const char *err_text(enum err err)
{
	if ((size_t)err >= sizeof texts / sizeof texts[0] || texts[err] == NULL)
		return "unknown error";
	return texts[err];
}
