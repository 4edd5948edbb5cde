/* The names of time zones: they come from agreements and settings, and name a file in os/. */
#include "base/zonedata.h"

#include <string.h>

bool zone_name_is_sound(const char *name)
{
	size_t len =
		strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/_+-");

	return len > 0 && len < ZONE_NAME_MAX && name[len] == '\0' && name[0] != '/'
	       && name[len - 1] != '/' && strstr(name, "//") == NULL;
}
