/*
 * Memory for keys and plaintext. Not sodium_malloc(): beyond RLIMIT_MEMLOCK that hands out unlocked
 * memory without a word, and freeing it needs mprotect, which the picture process has given up by
 * then. Here memory that cannot be locked is no memory, and freeing needs munmap alone.
 */
#include "os/secmem.h"

#include <errno.h>
#include <assert.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Stands before the data, in locked memory too. Its alignment keeps the data fit for any type. */
struct head {
	_Alignas(64) uint64_t magic;
	size_t len; /* locked bytes, this head included; whole pages */
};

static const uint64_t MAGIC = 0x74696c6c73796e21u;

static size_t page_size(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

/* One page that nobody may touch on either side: an overrun is a crash, not a leak. */
static uint8_t *map_guarded(size_t len)
{
	size_t page = page_size();
	uint8_t *all = mmap(NULL, len + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (all == MAP_FAILED)
		return NULL;
	if (mprotect(all + page, len, PROT_READ | PROT_WRITE) == 0)
		return all + page;
	munmap(all, len + 2 * page);
	return NULL;
}

static void unmap_guarded(uint8_t *data, size_t len)
{
	size_t page = page_size();

	munmap(data - page, len + 2 * page);
}

/*
 * All of it is counted against RLIMIT_MEMLOCK at once, but a page is made, and locked, when it is
 * first touched: the picture process asks for room for the largest snapshot and needs a tenth of
 * it. A forked child has no lock on its copy, so it gets none.
 */
static bool protect(uint8_t *data, size_t len)
{
	bool locked = mlock2(data, len, MLOCK_ONFAULT) == 0;

	/*
	 * Where that call is not known (an old kernel, an emulation), all of it is made and locked
	 * at once. glibc says EINVAL for ENOSYS here.
	 */
	if (!locked && (errno == ENOSYS || errno == EINVAL))
		locked = mlock(data, len) == 0;
	return locked && madvise(data, len, MADV_DONTDUMP) == 0
	    && madvise(data, len, MADV_WIPEONFORK) == 0;
}

void *secmem_alloc(size_t len)
{
	size_t page = page_size(), total;
	uint8_t *data;
	struct head *head;

	if (len > SIZE_MAX / 2)
		return NULL;
	total = (sizeof *head + len + page - 1) / page * page;
	data = map_guarded(total);
	if (data == NULL)
		return NULL;
	if (!protect(data, total)) {
		unmap_guarded(data, total);
		return NULL;
	}
	head = (struct head *)(void *)data;
	head->magic = MAGIC;
	head->len = total;
	return head + 1;
}

void secmem_free(void *data)
{
	struct head *head = data;
	size_t len;

	if (data == NULL)
		return;
	head--;
	/* Zero: this is a forked child, and the kernel has wiped its copy already. */
	if (head->magic == 0)
		return;
	assert(head->magic == MAGIC);
	len = head->len;
	explicit_bzero(head, len);
	unmap_guarded((uint8_t *)head, len);
}
