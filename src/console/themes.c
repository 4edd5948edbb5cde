/* Theme files, found and read. */
#include "console/themes.h"

#include "base/text.h"
#include "console/shipped.h"
#include "os/file.h"

#include <stdio.h>
#include <string.h>

static const char standard[] = "night";

static const struct shipped *find_shipped(const char *name)
{
	for (const struct shipped *theme = shipped_themes; theme->name != NULL; theme++)
		if (text_equal(theme->name, name))
			return theme;
	return NULL;
}

/* A shipped theme with a fault does not pass our tests. */
static bool lay_over(struct theme_rules *rules, const char *name)
{
	const struct shipped *theme = find_shipped(name);

	if (theme == NULL)
		return false;
	*rules = (struct theme_rules){0};
	theme_read(rules, theme->name, (const char *)theme->text, theme->len, NULL, NULL);
	return true;
}

static bool read_shipped(struct theme_rules *rules, const char *name)
{
	bool found = lay_over(rules, name);

	if (!found)
		lay_over(rules, standard);
	return found;
}

bool themes_shipped(const char *name, struct theme *theme)
{
	struct theme_rules rules = {0};
	bool found = read_shipped(&rules, name);

	theme_resolve(&rules, theme);
	return found;
}

/* Returns the number of faults; *found stays when there is no such file. */
static int lay_file(struct theme_rules *rules, const char *path, const struct fault_sink *faults,
                    bool *found)
{
	struct buf text = buf_new(CONFIG_MAX_BYTES);
	enum err r = path[0] != '\0' ? file_read(path, &text) : ERR_NOT_FOUND;
	int n = 0;

	if (r == ERR_OK)
		n = theme_read(rules, path, text.len > 0 ? (const char *)text.data : "", text.len,
		               lay_over, faults);
	else if (r != ERR_NOT_FOUND)
		fault_say(faults, &(struct fault_place){.file = path}, "cannot be read: %s",
		          err_text(r));
	buf_free(&text);
	*found = *found || r != ERR_NOT_FOUND;
	return n + (r != ERR_OK && r != ERR_NOT_FOUND);
}

static void say_missing(const char *name, const struct fault_sink *faults)
{
	char shipped[128] = "";
	size_t len = 0;

	for (const struct shipped *theme = shipped_themes; theme->name != NULL; theme++)
		len += (size_t)snprintf(shipped + len, sizeof shipped - len, " %s", theme->name);
	fault_say(faults, &(struct fault_place){.file = name},
	          "there is no theme of that name; the shipped ones are%s", shipped);
}

int themes_paths(const struct conf_places *places, const struct options *options,
                 char out[CONF_PATHS][PATH_MAX_BYTES])
{
	return conf_paths(places, options, "themes", options->theme, ".theme", out);
}

int themes_load(const struct conf_places *places, const struct options *options,
                struct theme *theme, const struct fault_sink *faults)
{
	char path[CONF_PATHS][PATH_MAX_BYTES];
	int n = themes_paths(places, options, path), n_faults = 0;
	struct theme_rules rules = {0};
	bool found = read_shipped(&rules, options->theme);

	for (int i = 0; i < n; i++)
		n_faults += lay_file(&rules, path[i], faults, &found);
	if (!found) {
		say_missing(options->theme, faults);
		n_faults++;
	}
	theme_resolve(&rules, theme);
	return n_faults;
}
