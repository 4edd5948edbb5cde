/*
 * The one place that asks the kernel what time it is. UTC is read once and carried on by
 * CLOCK_BOOTTIME, which nobody can set and which goes on through suspend; so a stepped wall clock
 * neither hides a check nor makes one due twice.
 */
#include "os/clock.h"

#include <fcntl.h>
#include <string.h>
#include <sys/random.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

static int64_t read_ms(clockid_t which)
{
	struct timespec at = { 0, 0 };

	clock_gettime(which, &at);
	return (int64_t)at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

/* FNV-1a: the identifier is random already, it only has to become shorter. */
static uint64_t fold(const char *text, size_t len)
{
	uint64_t hash = 0xcbf29ce484222325u;
	size_t i;

	for (i = 0; i < len; i++)
		hash = (hash ^ (uint8_t)text[i]) * 0x100000001b3u;
	return hash;
}

static uint64_t read_boot_id(void)
{
	char text[64];
	ssize_t len = -1;
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);

	if (fd >= 0) {
		len = read(fd, text, sizeof text);
		close(fd);
	}
	/*
	 * Without an identifier of the boot nothing may look as if it came from this one: a random
	 * number makes every stored duration be judged by UTC, as after a reboot.
	 */
	if (len <= 0)
		len = getrandom(text, sizeof text, GRND_NONBLOCK);
	return len <= 0 ? (uint64_t)read_ms(CLOCK_REALTIME) : fold(text, (size_t)len);
}

struct clock clock_start(int64_t offset_ms)
{
	struct clock clock = { .boot_id = read_boot_id(), .offset_ms = offset_ms };

	clock_anchor(&clock);
	return clock;
}

struct now clock_now(const struct clock *clock)
{
	int64_t elapsed_ms = read_ms(CLOCK_BOOTTIME);

	return (struct now){
		.utc_ms = clock->utc_at_start_ms + (elapsed_ms - clock->elapsed_at_start_ms) +
		          clock->offset_ms,
		.elapsed_ms = elapsed_ms,
		.boot_id = clock->boot_id,
	};
}

int64_t clock_step_ms(const struct clock *clock)
{
	return read_ms(CLOCK_REALTIME) - (clock_now(clock).utc_ms - clock->offset_ms);
}

void clock_anchor(struct clock *clock)
{
	clock->utc_at_start_ms = read_ms(CLOCK_REALTIME);
	clock->elapsed_at_start_ms = read_ms(CLOCK_BOOTTIME);
}

bool clock_is_synchronised(void)
{
	struct timex state;
	int status;

	memset(&state, 0, sizeof state);
	status = adjtimex(&state);
	return status >= 0 && status != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
}
