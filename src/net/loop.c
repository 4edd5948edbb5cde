/*
 * libuv behind loop.h. Whatever the caller holds is a number, so that cancelling something that has
 * fired meanwhile is harmless; libuv frees a handle only after a further turn of the loop, which is
 * why each is an object of its own with a closing callback.
 */
#include "net/loop.h"

#include "net/id_table.h"
#include "net/loop_inner.h"

#include <assert.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

struct loop {
	uv_loop_t uv;
	uv_async_t awake; /* never sent to: an open handle keeps an idle loop running */
	struct id_table timers, watches, files;
	struct signal_watch *signals;
	struct ws_world *websockets;
};

/* The handle comes first in each, so that one function can free them all. */
struct timer {
	uv_timer_t handle;
	struct loop *loop;
	uint32_t id;
	loop_fn *fn;
	void *arg;
};

struct watch {
	uv_poll_t handle;
	loop_fd_fn *fn;
	void *arg;
};

struct signal_watch {
	uv_signal_t handle;
	struct signal_watch *next;
	loop_fn *fn;
	void *arg;
};

static void free_handle(uv_handle_t *handle)
{
	free(handle);
}

static void close_item(void *item)
{
	if (item != NULL)
		uv_close(item, free_handle);
}

/* Ids are 32 bits outside. At ten timers a second they last for thirteen years. */
static uint32_t add_item(struct id_table *table, void *item)
{
	uint64_t id = id_table_add(table, item);

	assert(id <= UINT32_MAX);
	return (uint32_t)id;
}

enum { DESCRIPTORS = 16384 };

/*
 * The library sizes its tables by the limit on open files: 1,024 by default would hold too few
 * cameras, and the billion that some containers grant would be gigabytes.
 */
static void limit_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	limit.rlim_cur = limit.rlim_max < DESCRIPTORS ? limit.rlim_max : DESCRIPTORS;
	setrlimit(RLIMIT_NOFILE, &limit);
}

struct loop *loop_new(void)
{
	struct loop *loop = calloc(1, sizeof *loop);

	if (loop == NULL)
		return NULL;
	/* A peer that has gone is an error from write(2), not a reason to die. */
	signal(SIGPIPE, SIG_IGN);
	limit_descriptors();
	if (uv_loop_init(&loop->uv) != 0) {
		free(loop);
		return NULL;
	}
	uv_async_init(&loop->uv, &loop->awake, NULL);
	loop->websockets = ws_world_new(loop);
	if (loop->websockets == NULL) {
		loop_free(loop);
		return NULL;
	}
	return loop;
}

static void close_signals(struct loop *loop)
{
	while (loop->signals != NULL) {
		struct signal_watch *watch = loop->signals;

		loop->signals = watch->next;
		close_item(watch);
	}
}

void loop_free(struct loop *loop)
{
	void *item;
	int left;

	if (loop == NULL)
		return;
	ws_world_close(loop->websockets);
	while ((item = id_table_take_any(&loop->timers)) != NULL)
		close_item(item);
	while ((item = id_table_take_any(&loop->watches)) != NULL)
		close_item(item);
	while ((item = id_table_take_any(&loop->files)) != NULL)
		file_watch_close(item);
	close_signals(loop);
	uv_close((uv_handle_t *)&loop->awake, NULL);
	while (uv_run(&loop->uv, UV_RUN_DEFAULT) != 0)
		;
	ws_world_free(loop->websockets);
	while (uv_run(&loop->uv, UV_RUN_DEFAULT) != 0)
		;
	/* EBUSY: a handle is left open. */
	left = uv_loop_close(&loop->uv);
	assert(left == 0);
	id_table_free(&loop->timers);
	id_table_free(&loop->watches);
	id_table_free(&loop->files);
	free(loop);
}

void loop_run(struct loop *loop)
{
	uv_run(&loop->uv, UV_RUN_DEFAULT);
}

void loop_stop(struct loop *loop)
{
	uv_stop(&loop->uv);
}

uv_loop_t *loop_uv(struct loop *loop)
{
	return &loop->uv;
}

struct ws_world *loop_websockets(struct loop *loop)
{
	return loop->websockets;
}

int64_t loop_now_ms(const struct loop *loop)
{
	return (int64_t)uv_now(&loop->uv);
}

static void timer_fired(uv_timer_t *handle)
{
	struct timer *timer = (struct timer *)handle;
	loop_fn *fn = timer->fn;
	void *arg = timer->arg;

	/* Gone before its function runs: there it may be cancelled, or another armed. */
	close_item(id_table_take(&timer->loop->timers, timer->id));
	fn(arg);
}

uint32_t loop_after(struct loop *loop, int64_t ms, loop_fn *fn, void *arg)
{
	struct timer *timer = calloc(1, sizeof *timer);

	if (timer == NULL)
		return 0;
	timer->loop = loop;
	timer->fn = fn;
	timer->arg = arg;
	timer->id = add_item(&loop->timers, timer);
	if (timer->id == 0) {
		free(timer);
		return 0;
	}
	uv_timer_init(&loop->uv, &timer->handle);
	/* Otherwise the time that a long callback has taken already would be taken off. */
	uv_update_time(&loop->uv);
	uv_timer_start(&timer->handle, timer_fired, ms < 0 ? 0 : (uint64_t)ms, 0);
	return timer->id;
}

void loop_cancel(struct loop *loop, uint32_t timer)
{
	close_item(id_table_take(&loop->timers, timer));
}

static void descriptor_ready(uv_poll_t *handle, int status, int events)
{
	struct watch *watch = (struct watch *)handle;
	int happened = 0;

	if (status == 0 && (events & UV_READABLE) != 0)
		happened |= LOOP_READ;
	if (status == 0 && (events & UV_WRITABLE) != 0)
		happened |= LOOP_WRITE;
	watch->fn(watch->arg, happened);
}

/* libuv stops a descriptor's watch by itself when it reports an error. */
static int start_watch(struct watch *watch, int events)
{
	int wanted = 0;

	if ((events & LOOP_READ) != 0)
		wanted |= UV_READABLE;
	if ((events & LOOP_WRITE) != 0)
		wanted |= UV_WRITABLE;
	return wanted == 0 ? uv_poll_stop(&watch->handle)
	                   : uv_poll_start(&watch->handle, wanted, descriptor_ready);
}

/*
 * libuv makes the descriptor non-blocking. A terminal shares that flag with the shell that started
 * us, and reading what is there needs no such flag, so it is put back.
 */
static int init_poll(struct loop *loop, struct watch *watch, int fd)
{
	int flags = fcntl(fd, F_GETFL);
	int result = uv_poll_init(&loop->uv, &watch->handle, fd);

	if (flags >= 0 && (flags & O_NONBLOCK) == 0)
		fcntl(fd, F_SETFL, flags);
	return result;
}

uint32_t loop_watch(struct loop *loop, int fd, int events, loop_fd_fn *fn, void *arg)
{
	struct watch *watch = calloc(1, sizeof *watch);
	uint32_t id;

	if (watch == NULL)
		return 0;
	watch->fn = fn;
	watch->arg = arg;
	if (init_poll(loop, watch, fd) != 0) {
		free(watch);
		return 0;
	}
	id = start_watch(watch, events) == 0 ? add_item(&loop->watches, watch) : 0;
	if (id == 0)
		close_item(watch);
	return id;
}

void loop_rewatch(struct loop *loop, uint32_t watch, int events)
{
	struct watch *item = id_table_find(&loop->watches, watch);

	if (item != NULL)
		start_watch(item, events);
}

void loop_unwatch(struct loop *loop, uint32_t watch)
{
	close_item(id_table_take(&loop->watches, watch));
}

uint32_t loop_watch_file(struct loop *loop, const char *path, loop_fn *fn, void *arg)
{
	struct file_watch *watch = file_watch_new(&loop->uv, path, fn, arg);
	uint32_t id;

	if (watch == NULL)
		return 0;
	id = file_watch_is_armed(watch) ? add_item(&loop->files, watch) : 0;
	if (id == 0)
		file_watch_close(watch);
	return id;
}

void loop_unwatch_file(struct loop *loop, uint32_t watch)
{
	struct file_watch *item = id_table_take(&loop->files, watch);

	if (item != NULL)
		file_watch_close(item);
}

static void signal_came(uv_signal_t *handle, int number)
{
	struct signal_watch *watch = (struct signal_watch *)handle;

	(void)number;
	watch->fn(watch->arg);
}

void loop_signal(struct loop *loop, int number, loop_fn *fn, void *arg)
{
	struct signal_watch *watch = calloc(1, sizeof *watch);

	if (watch == NULL)
		return;
	watch->fn = fn;
	watch->arg = arg;
	uv_signal_init(&loop->uv, &watch->handle);
	uv_signal_start(&watch->handle, signal_came, number);
	watch->next = loop->signals;
	loop->signals = watch;
}
