/*
 * One error idiom for every folder: a function that can fail returns enum err, 0 is success,
 * results come back through out-parameters that are last. err_text() is the only place that has
 * words for it.
 */
#ifndef TILLSYN_BASE_ERR_H
#define TILLSYN_BASE_ERR_H

enum err {
	ERR_OK = 0,
	ERR_MEMORY,      /* the allocator said no */
	ERR_LIMIT,       /* larger than base/limits.h allows */
	ERR_PARSE,       /* bytes from outside that are not what they should be */
	ERR_NOT_FOUND,
	ERR_EXISTS,
	ERR_WRONG_STATE,       /* not possible in the present state */
	ERR_STALE,       /* based on something that has changed since */
	ERR_DENIED,      /* known, but not allowed */
	ERR_SIGNATURE,   /* a signature or seal does not verify */
	ERR_EXPIRED,     /* its interval is over */
	ERR_NOT_YET,     /* its interval has not begun */
	ERR_CLOCK,       /* a clock that cannot be trusted */
	ERR_VERSION,     /* a version that this program does not know */
	ERR_IO,          /* the operating system said no; errno tells */
	ERR_CLOSED,      /* the other end is gone */
	ERR_UNSUPPORTED, /* valid, but not handled here */
};

/* A short English phrase for the error, never NULL. */
const char *err_text(enum err err);

#endif
