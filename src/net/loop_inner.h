/* What websockets and file watches need of the loop, and nobody outside net/ does. */
#ifndef TILLSYN_NET_LOOP_INNER_H
#define TILLSYN_NET_LOOP_INNER_H

#include "net/loop.h"

#include <uv.h>

struct ws_world;

uv_loop_t *loop_uv(struct loop *loop);
struct ws_world *loop_websockets(struct loop *loop);
/*
 * Milliseconds on the loop's own clock, as of this turn of the loop; only differences mean
 * anything.
 */
int64_t loop_now_ms(const struct loop *loop);

/* The world of websockets on one loop. NULL: no memory, or the library's loop plugin is missing. */
struct ws_world *ws_world_new(struct loop *loop);
/*
 * Drops every connection without a word to its handler, and starts to close what the library holds.
 */
void ws_world_close(struct ws_world *world);
/* After the loop has run dry. */
void ws_world_free(struct ws_world *world);

/* loop_file.c. NULL: no memory. Not armed: the system watches nothing more. */
struct file_watch;
struct file_watch *file_watch_new(uv_loop_t *loop, const char *path, loop_fn *fn, void *arg);
bool file_watch_is_armed(const struct file_watch *watch);
/* Freed some turns of the loop later. */
void file_watch_close(struct file_watch *watch);

#endif
