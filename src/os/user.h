/* Who a Unix user is. */
#ifndef TILLSYN_OS_USER_H
#define TILLSYN_OS_USER_H

#include "base/err.h"
#include "base/limits.h"

#include <stdint.h>

/*
 * The login name of a user id; ERR_NOT_FOUND when there is none, or one longer than an identifier.
 */
enum err user_name(uint32_t uid, char name[ID_MAX]);
/* The other way round; a number names itself. ERR_NOT_FOUND. */
enum err user_id(const char *name, uint32_t *uid);

#endif
