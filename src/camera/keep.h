/*
 * What an agent keeps over a restart: a few small named records, each replaced whole. A struct of
 * functions, so that a test or a simulator keeps them in memory.
 */
#ifndef TILLSYN_CAMERA_KEEP_H
#define TILLSYN_CAMERA_KEEP_H

#include "base/buf.h"
#include "base/err.h"

struct keep {
	void *impl;
	/* Appends the record to out. ERR_NOT_FOUND: never written. */
	enum err (*read)(void *impl, const char *name, struct buf *out);
	/*
	 * Durable when it returns ERR_OK; after an error either the old or the new record stands.
	 */
	enum err (*write)(void *impl, const char *name, const void *data, size_t len);
	void (*free)(void *impl);
};

/* One file a record, in a folder of the agent's own; makes the folder. */
enum err keep_folder(struct keep *keep, const char *folder);

#endif
