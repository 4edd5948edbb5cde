/* Opening and writing a terminal without ever waiting for it. */
#include "picture/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

enum err terminal_open(const char *path, int *fd)
{
	*fd = open(path, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (*fd < 0)
		return ERR_IO;
	if (isatty(*fd))
		return ERR_OK;
	close(*fd);
	*fd = -1;
	return ERR_UNSUPPORTED;
}

enum err terminal_write(int fd, const void *data, size_t len, size_t *n)
{
	ssize_t written = write(fd, data, len);

	*n = written > 0 ? (size_t)written : 0;
	if (written >= 0 || errno == EAGAIN || errno == EINTR)
		return ERR_OK;
	return ERR_CLOSED;
}

void terminal_discard(int fd)
{
	tcflush(fd, TCOFLUSH);
}
