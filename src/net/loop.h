/*
 * The one loop of a program: libuv, with libwebsockets on it. Callbacks only turn bytes into
 * events, and carry an argument that outlives the loop, plus ids, never pointers to what may be
 * gone. Opaque, so that a simulator can put another behind it.
 */
#ifndef TILLSYN_NET_LOOP_H
#define TILLSYN_NET_LOOP_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct loop;

struct loop *loop_new(void); /* NULL: no memory, or the library's loop plugin is missing */
/* Never from a callback. What is still open is closed without a word to its handlers. */
void loop_free(struct loop *loop);
void loop_run(struct loop *loop); /* until loop_stop() */
void loop_stop(struct loop *loop);

typedef void loop_fn(void *arg);

/* Timers. An id is never 0 and never used again; 0 = no memory. */
uint32_t loop_after(struct loop *loop, int64_t ms, loop_fn *fn, void *arg);
void loop_cancel(struct loop *loop, uint32_t timer); /* unknown ids are ignored */

/*
 * Readable / writable descriptors. events: what happened; 0 = error, after which the watch is
 * paused. A hang-up is readable: read(2) tells. loop_watch() gives 0 for what cannot be waited for
 * (a plain file). Unwatch before closing the descriptor.
 */
enum { LOOP_READ = 1, LOOP_WRITE = 2 };
typedef void loop_fd_fn(void *arg, int events);
uint32_t loop_watch(struct loop *loop, int fd, int events, loop_fd_fn *fn, void *arg);
void loop_rewatch(struct loop *loop, uint32_t watch, int events);
void loop_unwatch(struct loop *loop, uint32_t watch);

/*
 * Files that people edit. fn is called when the file may have other content than before, when it
 *has come or gone, a moment after the last of it was seen; it may be called for nothing, and reads
 *the file itself. The file need not exist, nor its folder; links are followed. Nothing is polled.
 *0: no memory, or the system watches nothing more. To take the file up when it changes:
 *
 *	static void on_change(void *arg) { ... read the path again, keep the last good ... }
 *	watch = loop_watch_file(loop, path, on_change, arg);
 */
uint32_t loop_watch_file(struct loop *loop, const char *path, loop_fn *fn, void *arg);
void loop_unwatch_file(struct loop *loop, uint32_t watch); /* unknown ids are ignored */

/*
 * loop_new() ignores SIGPIPE and sets the limit on open files. Signals arrive as events. Watching a
 * signal stops its default action.
 */
void loop_signal(struct loop *loop, int signal, loop_fn *fn, void *arg);

#endif
