/* The password database, asked for one name or one number. */
#include "os/user.h"

#include "base/text.h"

#include <pwd.h>
#include <stdlib.h>

enum err user_name(uint32_t uid, char name[ID_MAX])
{
	struct passwd entry, *found = NULL;
	char room[4096];

	name[0] = '\0';
	if (getpwuid_r(uid, &entry, room, sizeof room, &found) != 0 || found == NULL)
		return ERR_NOT_FOUND;
	return text_copy(name, ID_MAX, entry.pw_name) == ERR_OK ? ERR_OK : ERR_NOT_FOUND;
}

enum err user_id(const char *name, uint32_t *uid)
{
	struct passwd entry, *found = NULL;
	char room[4096], *rest = NULL;
	unsigned long number;

	if (name[0] >= '0' && name[0] <= '9') {
		number = strtoul(name, &rest, 10);
		*uid = (uint32_t)number;
		/* The largest is what the system calls for "no user" take. */
		return *rest == '\0' && number < UINT32_MAX ? ERR_OK : ERR_NOT_FOUND;
	}
	if (getpwnam_r(name, &entry, room, sizeof room, &found) != 0 || found == NULL)
		return ERR_NOT_FOUND;
	*uid = entry.pw_uid;
	return ERR_OK;
}
