/*
 * Memory for secrets and plaintext: locked, never in a core dump, wiped when freed, and all zero in
 * a forked child. Allocating needs system calls that process_sandbox_picture() gives up, so it
 * comes before that; freeing does not.
 */
#ifndef TILLSYN_OS_SECMEM_H
#define TILLSYN_OS_SECMEM_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Zeroed, aligned for any type. NULL when there is no memory, or none that can be locked
 * (RLIMIT_MEMLOCK).
 */
void *secmem_alloc(size_t len);
void secmem_free(void *data);

#endif
