/*
 * The agent: protocol tillsyn-camera.1 as a state machine around a lens guard. It has no sockets,
 * no loop and no clock of its own, so that a test or a simulator runs a hundred of them in one
 * process.
 *
 * One connection: challenge ← · camera-hello → · welcome ← · then roster, agreement and stop ←,
 * each answered with holding →; permit ← answered with permit-refused →, or with the sealed picture
 * (binary) → and measured →, or with camera-fault → and, if the lens was told to open, measured →.
 */
#ifndef TILLSYN_CAMERA_AGENT_H
#define TILLSYN_CAMERA_AGENT_H

#include "base/crypto.h"
#include "base/now.h"
#include "camera/guard.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the world does for an agent. Pointers outlive it. */
struct agent_ports {
	void *arg;
	void (*send)(void *arg, const void *data, size_t len, bool binary);
	/* agent_closed() follows, at once or later. */
	void (*close)(void *arg, const char *why);
	/* How far the wall clock has moved away from the agent's; NULL: never. */
	int64_t (*clock_step_ms)(void *arg);
	/* One line for whoever looks after the camera; NULL: nobody does. */
	void (*note)(void *arg, const char *line);
};

struct agent;

/*
 * device_secret_key is copied into locked memory. On an error the guard's driver and keep are
 * freed.
 */
enum err agent_new(const struct guard_set_up *set_up,
                   const uint8_t device_secret_key[SECRET_KEY_BYTES],
                   const struct agent_ports *ports, const struct now *now, struct agent **agent);
/* Parks the lens. NULL is fine. */
void agent_free(struct agent *agent, const struct now *now);

void agent_opened(struct agent *agent, const struct now *now);
void agent_message(struct agent *agent, const uint8_t *data, size_t len, bool binary,
                   const struct now *now);
/* Closes the lens at once. */
void agent_closed(struct agent *agent, const struct now *now);
/*
 * Before the program ends: a look that is under way is ended, measured and told as any other, and
 * nothing is granted after it. Tick on until agent_is_idle(), then close and free.
 */
void agent_retire(struct agent *agent, const struct now *now);
/*
 * Returns the elapsed instant at which it wants the next tick; every other call may bring that
 * forward.
 */
int64_t agent_tick(struct agent *agent, const struct now *now);
int64_t agent_next_ms(const struct agent *agent);
/* Welcomed by the hub, on the present connection. */
bool agent_is_ready(const struct agent *agent);
/* No look is under way. */
bool agent_is_idle(const struct agent *agent);
/* The lens is verified as parked. */
bool agent_is_parked(const struct agent *agent, const struct now *now);

#endif
