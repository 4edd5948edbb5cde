/* Keymap files, from the disk. */
#include "console/keymap_load.h"

#include "os/file.h"

#include <string.h>

struct loading {
	struct keymap *map;
	const struct fault_sink *faults;
	size_t n_faults;
};

static void say(struct loading *loading, const char *file, const char *what)
{
	loading->n_faults++;
	fault_say(loading->faults, &(struct fault_place){.file = file}, "%s", what);
}

/* Lays a file over what is there; a refused one leaves it. ERR_NOT_FOUND says nothing. */
static enum err lay_file(struct loading *loading, const char *path)
{
	struct buf text = buf_new(CONFIG_MAX_BYTES + 1);
	enum err r = file_read(path, &text);
	struct keymap *map;
	size_t n_faults = 0;

	if (r == ERR_OK) {
		map = keymap_parse(path, text.len > 0 ? (const char *)text.data : "", text.len,
		                   loading->map, loading->faults, &n_faults);
		loading->n_faults += n_faults;
		if (map != NULL) {
			keymap_free(loading->map);
			loading->map = map;
		}
	} else if (r == ERR_LIMIT) {
		say(loading, path, "is too large for a keymap: this map is not used");
	} else if (r != ERR_NOT_FOUND) {
		say(loading, path, "cannot be read: this map is not used");
	}
	buf_free(&text);
	return r;
}

struct keymap *keymap_load(const struct conf_places *places, const struct options *options,
                           const struct fault_sink *faults, size_t *n_faults)
{
	struct loading loading = {.map = keymap_shipped(options->keymap), .faults = faults};
	char path[CONF_PATHS][PATH_MAX_BYTES];
	bool found = loading.map != NULL;

	if (loading.map == NULL)
		loading.map = keymap_default();
	for (int i = 0, n = keymap_paths(places, options, path); i < n; i++)
		if (path[i][0] != '\0' && lay_file(&loading, path[i]) != ERR_NOT_FOUND)
			found = true;
	if (!found)
		say(&loading, options->keymap,
		    strchr(options->keymap, '/') != NULL
		            ? "not found: the default keys are used"
		            : "no keymap has that name (a path has a slash in it): "
		              "the default keys are used");
	*n_faults = loading.n_faults;
	return loading.map;
}

int keymap_paths(const struct conf_places *places, const struct options *options,
                 char out[CONF_PATHS][PATH_MAX_BYTES])
{
	return conf_paths(places, options, "keymaps", options->keymap, ".keys", out);
}
