/* The password database, asked for one name. */
#include "os/user.h"

#include "base/text.h"

#include <pwd.h>

enum err user_name(uint32_t uid, char name[ID_MAX])
{
	struct passwd entry, *found = NULL;
	char room[4096];

	name[0] = '\0';
	if (getpwuid_r(uid, &entry, room, sizeof room, &found) != 0 || found == NULL)
		return ERR_NOT_FOUND;
	return text_copy(name, ID_MAX, entry.pw_name) == ERR_OK ? ERR_OK : ERR_NOT_FOUND;
}
