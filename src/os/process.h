/* What a process does to itself at its start. */
#ifndef TILLSYN_OS_PROCESS_H
#define TILLSYN_OS_PROCESS_H

#include "base/err.h"

/* No core dumps, not dumpable (so /proc/self/mem is root's only), umask 077. */
void process_harden(void);
/*
 * From here on free() and realloc() overwrite what they let go, also what libraries do. For a
 * process that holds a picture. Not pieces of 1 kB and less, which glibc puts aside for each thread
 * as they are; and without effect under AddressSanitizer and valgrind.
 */
void process_wipe_freed(void);
/*
 * SIGKILL when the parent dies; returns ERR_CLOSED when it is dead already (parent_pid is what
 * getppid() must say).
 */
enum err process_die_with_parent(int parent_pid);
/*
 * seccomp for the picture process: read write brk mmap (never executable) munmap mremap madvise
 * futex poll getrandom clock_gettime exit_group rt_sigreturn; anything else kills it.
 */
enum err process_sandbox_picture(void);
/*
 * seccomp for the log's signer, whose socket listens already: it accepts and answers, makes files
 * that were not there, renames and syncs them. No file that exists can be opened, only folders; no
 * socket can be made, no program run; anything else kills it. Its journal line and its clock are
 * allowed.
 */
enum err process_sandbox_signer(void);

#endif
