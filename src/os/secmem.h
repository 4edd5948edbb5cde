/* Memory for secrets and plaintext: locked, never in a core dump, wiped when freed. */
#ifndef TILLSYN_OS_SECMEM_H
#define TILLSYN_OS_SECMEM_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

/* NULL when there is no memory, or none that can be locked (RLIMIT_MEMLOCK). */
void *secmem_alloc(size_t len);
void secmem_free(void *data);

#endif
