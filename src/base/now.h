/* The shape of an instant. os/clock.h fills it in; nothing below os/ asks what time it is. */
#ifndef TILLSYN_BASE_NOW_H
#define TILLSYN_BASE_NOW_H

#include <stdint.h>

struct now {
	int64_t utc_ms;     /* UTC read at start plus elapsed; milliseconds since 1970 */
	int64_t elapsed_ms; /* CLOCK_BOOTTIME; comparable only under one boot_id */
	uint64_t boot_id;   /* folded from the kernel's boot id; differs after a reboot */
};

#define MS_SECOND ((int64_t)1000)
#define MS_MINUTE ((int64_t)60 * MS_SECOND)
#define MS_HOUR ((int64_t)60 * MS_MINUTE)
#define MS_DAY ((int64_t)24 * MS_HOUR)

#endif
