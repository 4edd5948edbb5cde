/* The layers that settings come in. */
#include "console/conf.h"

#include "base/text.h"
#include "os/file.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * Set by the centre alone where it has locked its file, even when it leaves them at their default.
 */
static bool is_of_centre(const char *name)
{
	return text_equal(name, "theme") || text_equal(name, "keymap");
}

/* A path of two parts, or nowhere when it is too long. */
static void join(char out[PATH_MAX_BYTES], const char *folder, const char *name)
{
	if (folder[0] == '\0'
	    || snprintf(out, PATH_MAX_BYTES, "%s/%s", folder, name) >= PATH_MAX_BYTES)
		out[0] = '\0';
}

void conf_places(struct conf_places *places, const struct command_line *line)
{
	const char *home = getenv("HOME"), *config = getenv("XDG_CONFIG_HOME");
	char folder[PATH_MAX_BYTES] = "";

	*places = (struct conf_places){.centre = "/etc/tillsyn"};
	if (home != NULL && home[0] == '/')
		text_copy(places->home, sizeof places->home, home);
	/* The XDG base directory specification: a relative path is to be ignored. */
	if (config != NULL && config[0] == '/')
		text_copy(folder, sizeof folder, config);
	else
		join(folder, places->home, ".config");
	join(places->user, folder, "tillsyn");
	if (line->config != NULL)
		text_copy(places->file, sizeof places->file, line->config);
}

struct reading {
	const struct fault_sink *sink;
	int faults;
};

static void count_fault(void *arg, const char *line)
{
	struct reading *reading = arg;

	reading->faults++;
	if (reading->sink != NULL && reading->sink->say != NULL)
		reading->sink->say(reading->sink->arg, line);
}

static void __attribute__((format(printf, 3, 4)))
say(struct reading *reading, const char *file, const char *format, ...)
{
	const struct fault_sink counted = {count_fault, reading};
	char what[NOTE_MAX_BYTES];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof what, format, args);
	va_end(args);
	fault_say(&counted, &(struct fault_place){.file = file}, "%s", what);
}

/* What is as it should be, but not as somebody may expect. */
static void __attribute__((format(printf, 3, 4)))
note(struct reading *reading, const char *file, const char *format, ...)
{
	char what[NOTE_MAX_BYTES];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof what, format, args);
	va_end(args);
	fault_say(reading->sink, &(struct fault_place){.file = file}, "%s", what);
}

/* Lays a file over the settings; ERR_NOT_FOUND says nothing, since most files may be absent. */
static enum err lay_file(struct reading *reading, struct options *options, const char *path)
{
	const struct fault_sink counted = {count_fault, reading};
	struct buf text = buf_new(CONFIG_MAX_BYTES);
	enum err r = path[0] != '\0' ? file_read(path, &text) : ERR_NOT_FOUND;

	if (r == ERR_OK)
		options_lay(options, path, text.len > 0 ? (const char *)text.data : "", text.len,
		            &counted);
	else if (r != ERR_NOT_FOUND)
		say(reading, path, "cannot be read: %s", err_text(r));
	buf_free(&text);
	return r;
}

/* The hub is in one place: a command line that says where takes back what a file said. */
static void forget_hub(struct options *options, const struct command_line *line)
{
	struct options none;

	options_defaults(&none);
	for (int i = 0; i < line->n_given; i++) {
		if (text_equal(line->given[i].name, "host"))
			options->socket[0] = '\0';
		if (!text_equal(line->given[i].name, "socket"))
			continue;
		options->host[0] = options->certificate[0] = '\0';
		options->certificate_key[0] = options->ca[0] = '\0';
		options->port = none.port;
		memcpy(options->pin, none.pin, sizeof options->pin);
	}
}

static void lay_command_line(struct reading *reading, struct options *options,
                             const struct command_line *line, bool locked)
{
	char wrong[OPTIONS_WRONG_MAX];

	forget_hub(options, line);
	for (int i = 0; i < line->n_given; i++)
		if (locked && is_of_centre(line->given[i].name))
			note(reading, "command line", "--%s is not used: the centre's %s is locked",
			     line->given[i].name, line->given[i].name);
		else
			options_set(options, line->given[i].name, line->given[i].value, wrong);
}

/* The centre's file over everything: what it leaves open is the command line's. */
static void read_locked(struct reading *reading, const struct conf_places *places,
                        const struct command_line *line, const char *centre,
                        struct options *options)
{
	struct reading again = {0};

	if (places->file[0] != '\0')
		note(reading, places->file, "is not read: %s is locked", centre);
	options_defaults(options);
	lay_command_line(reading, options, line, true);
	/* Its faults have been said. */
	lay_file(&again, options, centre);
	options->locked = true;
}

/*
 * What a file in a home folder may not say. An operator who has the console and nothing else, over
 * SSH, must not get any program she likes out of it.
 */
static void take_back(struct reading *reading, const char *path, const struct options *centre,
                      struct options *options)
{
	if (text_equal(options->picture_program, centre->picture_program))
		return;
	say(reading, path, "picture_program: only the centre's file and the command line name a "
	    "program");
	memcpy(options->picture_program, centre->picture_program, sizeof centre->picture_program);
}

static void read_user(struct reading *reading, const struct conf_places *places,
                      struct options *options)
{
	const struct options centre = *options;
	char path[PATH_MAX_BYTES];

	if (places->file[0] != '\0')
		memcpy(path, places->file, sizeof path);
	else
		join(path, places->user, "tui.conf");
	if (lay_file(reading, options, path) == ERR_NOT_FOUND && places->file[0] != '\0')
		say(reading, path, "not found");
	if (places->file[0] == '\0')
		take_back(reading, path, &centre, options);
	if (options->locked)
		say(reading, path, "locked: only the centre's own file can lock a console");
	options->locked = false;
}

/* ~/ at the start of a path is the operator's home folder, so that one file fits every operator. */
static void expand(struct reading *reading, const struct conf_places *places,
                   char path[PATH_MAX_BYTES])
{
	char whole[PATH_MAX_BYTES];

	if (strncmp(path, "~/", 2) != 0)
		return;
	join(whole, places->home, path + 2);
	if (whole[0] == '\0')
		say(reading, path, "is no path: there is no home folder, or it is too long");
	else
		memcpy(path, whole, sizeof whole);
}

static void expand_all(struct reading *reading, const struct conf_places *places,
                       struct options *options)
{
	char *const paths[] = {options->socket, options->certificate, options->certificate_key,
	                       options->ca,     options->key,         options->picture_program,
	                       options->theme,  options->keymap};

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		expand(reading, places, paths[i]);
}

/* Beside this program, wherever it was installed. */
static void find_picture_program(char out[PATH_MAX_BYTES])
{
	char self[PATH_MAX_BYTES];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	char *slash;

	self[n > 0 ? n : 0] = '\0';
	slash = strrchr(self, '/');
	if (slash != NULL)
		*slash = '\0';
	join(out, slash != NULL ? self : ".", "tillsyn-picture");
}

int conf_read(const struct conf_places *places, const struct command_line *line,
              struct options *options, const struct fault_sink *faults)
{
	struct reading reading = {.sink = faults};
	char centre[PATH_MAX_BYTES];
	enum err r;

	join(centre, places->centre, "tui.conf");
	options_defaults(options);
	r = lay_file(&reading, options, centre);
	if (options->locked || (r != ERR_OK && r != ERR_NOT_FOUND)) {
		read_locked(&reading, places, line, centre, options);
	} else {
		read_user(&reading, places, options);
		lay_command_line(&reading, options, line, false);
	}
	expand_all(&reading, places, options);
	if (options->picture_program[0] == '\0')
		find_picture_program(options->picture_program);
	return reading.faults;
}

int conf_check(const struct conf_places *places, struct options *options,
               const struct fault_sink *faults)
{
	const struct command_line nothing = {0};
	struct reading reading = {.sink = faults};

	if (places->file[0] == '\0')
		return conf_read(places, &nothing, options, faults);
	options_defaults(options);
	if (lay_file(&reading, options, places->file) == ERR_NOT_FOUND)
		say(&reading, places->file, "not found");
	expand_all(&reading, places, options);
	return reading.faults;
}

int conf_paths(const struct conf_places *places, const struct options *options, const char *folder,
               const char *name, const char *suffix, char out[CONF_PATHS][PATH_MAX_BYTES])
{
	char file[PATH_MAX_BYTES];

	if (strchr(name, '/') != NULL) {
		text_copy(out[0], PATH_MAX_BYTES, name);
		return 1;
	}
	if (snprintf(file, sizeof file, "%s/%s%s", folder, name, suffix) >= (int)sizeof file)
		return 0;
	join(out[0], places->centre, file);
	join(out[1], options->locked ? "" : places->user, file);
	return out[1][0] != '\0' ? 2 : 1;
}

int conf_files(const struct conf_places *places, const struct options *options,
               char out[CONF_PATHS][PATH_MAX_BYTES])
{
	join(out[0], places->centre, "tui.conf");
	if (options->locked)
		return 1;
	if (places->file[0] != '\0')
		memcpy(out[1], places->file, PATH_MAX_BYTES);
	else
		join(out[1], places->user, "tui.conf");
	return out[1][0] != '\0' ? 2 : 1;
}
