/*
 * Keymap files: every fault is said where it stands and leaves the rest alone, and nothing in a file
 * takes away what an operator cannot do without.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "console/keymap_load.h"
#include "console/shipped.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct said {
	char line[64][FAULT_LINE_BYTES];
	size_t n, counted;
};

static void hear(void *arg, const char *line)
{
	struct said *said = arg;

	assert_true(said->n < 64);
	assert_true(text_is_clean(line));
	snprintf(said->line[said->n++], FAULT_LINE_BYTES, "%s", line);
}

static struct keymap *read_bytes(struct said *said, const char *text, size_t len)
{
	const struct fault_sink sink = {hear, said};

	said->n = 0;
	return keymap_parse("my.keys", text, len, NULL, &sink, &said->counted);
}

static struct keymap *read_text(struct said *said, const char *text)
{
	return read_bytes(said, text, strlen(text));
}

/* What the keys do there, by name; "begun" and "nothing" where no command runs. */
static const char *meaning(const struct keymap *map, unsigned context, const char *keys)
{
	struct key_sequence typed = {0};
	const struct command *command;
	size_t len = strlen(keys);

	for (size_t size; len > 0; keys += size, len -= size) {
		size = keys_parse(keys, len, &typed.key[typed.n++]);
		assert_int_not_equal(size, 0);
	}
	switch (keymap_match(map, context, &typed, &command)) {
	case KEYMAP_COMMAND:
		return command->name;
	case KEYMAP_BEGUN:
		return "begun";
	default:
		return "nothing";
	}
}

static void test_default_map(void **state)
{
	struct keymap *map = keymap_default();

	(void)state;
	assert_string_equal(meaning(map, IN_TONIGHT, "<Enter>"), "look");
	assert_string_equal(meaning(map, IN_TONIGHT, "g"), "begun");
	assert_string_equal(meaning(map, IN_TONIGHT, "gg"), "move first");
	assert_string_equal(meaning(map, IN_TONIGHT, "j"), "move down");
	assert_string_equal(meaning(map, IN_HELP, "j"), "move down");
	assert_string_equal(meaning(map, IN_LOOK, "c"), "answer well");
	assert_string_equal(meaning(map, IN_PATROL, "c"), "seen well");
	assert_string_equal(meaning(map, IN_TONIGHT, "c"), "nothing");
	assert_string_equal(meaning(map, IN_LOOK, "?"), "help");
	assert_string_equal(meaning(map, IN_LOOK, "j"), "nothing");
	keymap_free(map);
}

/* One wrong line between two right ones, which work. */
static void test_each_fault_has_its_place(void **state)
{
	static const struct {
		const char *line, *said;
	} faults[] = {
		{"x = fly", "my.keys:3:5: unknown command \"fly\""},
		{"  x   =  answer wel", "my.keys:3:10: unknown command \"answer wel\""},
		{"<Foo> = details", "my.keys:3:1: unknown key <Foo>"},
		{"x <F13> = details", "my.keys:3:3: unknown key <F13>"},
		{"x<Up = details", "my.keys:3:2: unknown key <Up"},
		{"<Ctrl-M> = details", "my.keys:3:1: unknown key <Ctrl-M>"},
		{"abcde = details", "my.keys:3:5: more than 4 keys one after the other"},
		{"J = move down", "my.keys:3:1: J stands in line 2 of [list] already"},
		{"x x = details", "my.keys:3:3: x stands in line 3 of [list] already"},
		{"g = details", "my.keys:3:1: g begins gg of \"move first\" in [list]: "
		                "first write gg = none there"},
		{"Jx = details", "my.keys:3:1: Jx begins with J of \"move down\" in [list]: "
		                 "first write J = none there"},
		{":x = details", "my.keys:3:1: :x begins with : of \"prompt\" in [everywhere]: "
		                 "first write : = none there"},
		{"<Enter>x = details", "my.keys:3:1: Enter x begins with Enter of \"look\" in [tonight]: "
		                       "first write Enter = none there"},
		{"x = page", "my.keys:3:5: \"page\" does not work everywhere in [list]; "
		             "it works in [tonight]"},
		{"x = undo", "my.keys:3:5: \"undo\" has no key: it is typed after the prompt"},
		{"x = none", "my.keys:3:1: x does nothing in [list]: there is nothing to take away"},
		{"x details", "my.keys:3:1: a line is written: keys = command"},
		{"x =", "my.keys:3:1: a line is written: keys = command"},
		{"= details", "my.keys:3:1: a line is written: keys = command"},
		{"x=details", "my.keys:3:1: a line is written: keys = command"},
		{"x = details\x01", "my.keys:3:12: this is not text in UTF-8"},
		{"\xc3( = details", "my.keys:3:1: this is not text in UTF-8"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		char text[256];
		struct said said;
		struct keymap *map;

		snprintf(text, sizeof text, "[list]\nJ = move down\n%s\nK = move up\n",
		         faults[i].line);
		map = read_text(&said, text);
		assert_non_null(map);
		assert_int_equal(said.n, 1);
		assert_string_equal(said.line[0], faults[i].said);
		assert_string_equal(meaning(map, IN_TONIGHT, "J"), "move down");
		assert_string_equal(meaning(map, IN_TONIGHT, "K"), "move up");
		assert_string_equal(meaning(map, IN_TONIGHT, "gg"), "move first");
		keymap_free(map);
	}
}

static void test_faults_of_sections(void **state)
{
	static const struct {
		const char *text, *said;
	} faults[] = {
		{"[cellar]\nx = fly\n",
		 "my.keys:1:2: unknown section [cellar]; the lines below it are left out"},
		{"[tonight : look]\nx = fly\n",
		 "my.keys:1:12: [tonight] inherits from list; the lines below it are left out"},
		{"[everywhere : list]\n",
		 "my.keys:1:15: [everywhere] inherits from nothing; the lines below it are left out"},
		{"[list\nx = fly\n", "my.keys:1:6: a section is written [name] or [name : parent]; "
		                     "the lines below it are left out"},
		{"[list] x\n", "my.keys:1:6: a section is written [name] or [name : parent]; "
		               "the lines below it are left out"},
		{"x = details\n", "my.keys:1:1: a key stands in a section: "
		                  "write [everywhere] or another above"},
		{"over = emacs\n", "my.keys:1:8: unknown map \"emacs\": "
		                   "it is default, vi, function or nothing"},
	};
	struct said said;

	(void)state;
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		struct keymap *map = read_text(&said, faults[i].text);

		assert_non_null(map);
		assert_int_equal(said.n, 1);
		assert_string_equal(said.line[0], faults[i].said);
		assert_string_equal(meaning(map, IN_LOOK, "c"), "answer well");
		keymap_free(map);
	}
}

static void test_laid_over(void **state)
{
	struct said said;
	struct keymap *map = read_text(&said,
	                               "\xef\xbb\xbf# mine\r\n"
	                               "[look]\r\n"
	                               "w å\t= answer well   # well\r\n"
	                               "c = none\r\n"
	                               "[tonight : list]\r\n"
	                               "gg = none\r\n"
	                               "g = board\r\n"
	                               "j = find\r\n"
	                               "<Hash> = details\r\n");
	char key[SEQUENCE_NAME_BYTES];

	(void)state;
	assert_non_null(map);
	assert_int_equal(said.n, 0);
	assert_string_equal(meaning(map, IN_LOOK, "w"), "answer well");
	assert_string_equal(meaning(map, IN_LOOK, "å"), "answer well");
	assert_string_equal(meaning(map, IN_LOOK, "c"), "nothing");
	assert_string_equal(meaning(map, IN_LOOK, "r"), "answer not-seen");
	assert_string_equal(meaning(map, IN_TONIGHT, "g"), "board");
	assert_string_equal(meaning(map, IN_TONIGHT, "j"), "find");
	assert_string_equal(meaning(map, IN_TONIGHT, "<Hash>"), "details");
	/* Another screen keeps what the shared section says. */
	assert_string_equal(meaning(map, IN_PATROL, "gg"), "move first");
	assert_string_equal(meaning(map, IN_PATROL, "j"), "move down");
	/* Her own key is the one that is shown. */
	keymap_key(map, IN_LOOK, command_named("answer well"), key);
	assert_string_equal(key, "w");
	keymap_key(map, IN_TONIGHT, command_named("move down"), key);
	assert_string_equal(key, "Down");
	keymap_free(map);
}

/* The key that confirms is never the key that asked, and Esc never does anything to anybody. */
static void test_keys_that_may_not_act(void **state)
{
	static const struct {
		const char *text, *said;
	} faults[] = {
		{"[look]\n<Enter> = answer well\n",
		 "my.keys:2:1: <Enter> confirms; the key of \"answer well\" must be another"},
		{"[tonight]\nx<Enter> = page\n",
		 "my.keys:2:1: <Enter> confirms; the key of \"page\" must be another"},
		{"[tonight]\nx<Enter> = quit\n",
		 "my.keys:2:1: <Enter> confirms; the key of \"quit\" must be another"},
		{"[look]\n<Esc> = answer other\n",
		 "my.keys:2:1: <Esc> takes back; it cannot be a key of \"answer other\""},
		{"[tonight]\n<Esc> = look\n",
		 "my.keys:2:1: <Esc> takes back; it cannot be a key of \"look\""},
		{"[tonight]\nc = look\n", "my.keys:2:1: the key that opens a look cannot answer it: "
		                          "\"answer well\" has this key as well"},
		{"[tonight]\nx = look\n[look]\nx = answer not-seen\n",
		 "my.keys:4:1: the key that opens a look cannot answer it: "
		 "\"look\" has this key as well"},
		{"[tonight]\nx = look\n[look]\nxx = answer not-seen\n",
		 "my.keys:4:1: the key that opens a look cannot answer it: "
		 "\"look\" has this key as well"},
	};
	struct said said;

	(void)state;
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		struct keymap *map = read_text(&said, faults[i].text);

		assert_non_null(map);
		assert_int_equal(said.n, 1);
		assert_string_equal(said.line[0], faults[i].said);
		keymap_free(map);
	}
}

static void test_what_no_map_may_take_away(void **state)
{
	static const struct {
		const char *text, *said;
	} faults[] = {
		{"[look]\nc = none\n", "[look] for \"answer well\""},
		{"[look]\nr = none\n", "[look] for \"answer not-seen\""},
		{"[look]\np = none\n", "[look] for \"answer patrol\""},
		{"[look]\nh = none\n", "[look] for \"answer help\""},
		{"[look]\n<Esc> = none\n", "[look] for \"end view\""},
		{"[tonight]\np = none\n", "[tonight] for \"page\""},
		{"[tonight]\n<F10> = none\n", "[tonight] for \"quit\""},
		{"[tonight]\n<F10> = board\n", "[tonight] for \"quit\""},
		/* Hidden on one screen is away on that screen. */
		{"[patrol]\n? <F1> = none\n", "[patrol] for \"help\""},
	};
	struct said said;

	(void)state;
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		char whole[FAULT_LINE_BYTES];

		snprintf(whole, sizeof whole, "my.keys: no key in %s: this map is not used",
		         faults[i].said);
		assert_null(read_text(&said, faults[i].text));
		assert_int_equal(said.n, 1);
		assert_string_equal(said.line[0], whole);
	}
	assert_null(read_text(&said, "over = nothing\n"));
	assert_true(said.n > 10);
}

/* They have no fault, every command has a key or is typed, and no screen is a dead end. */
static void test_shipped_maps(void **state)
{
	(void)state;
	for (const struct shipped *file = shipped_keymaps; file->name != NULL; file++) {
		struct said said;
		struct keymap *map = read_bytes(&said, (const char *)file->text, file->len);

		assert_non_null(map);
		assert_int_equal(said.n, 0);
		for (size_t i = 0; i < n_console_commands; i++)
			for (unsigned screen = 1; screen <= IN_ALL; screen <<= 1) {
				char keys[256];

				if ((console_commands[i].contexts & screen & IN_ALL) != 0
				    && keymap_keys(map, screen, &console_commands[i], keys,
				                   sizeof keys) == 0)
					fail_msg("%s has no key for %s", file->name,
					         console_commands[i].name);
			}
		keymap_free(map);
	}
}

static void test_function_map_has_no_letter(void **state)
{
	struct keymap *map = keymap_shipped("function");

	(void)state;
	for (unsigned screen = 1; screen <= IN_ALL; screen <<= 1)
		for (char c = 'a'; c <= 'z'; c++) {
			const char small[] = {c, '\0'}, large[] = {(char)(c ^ 0x20), '\0'};

			assert_string_equal(meaning(map, screen, small), "nothing");
			assert_string_equal(meaning(map, screen, large), "nothing");
		}
	assert_string_equal(meaning(map, IN_LOOK, "<F2>"), "answer well");
	keymap_free(map);
}

static void test_vi_map_changes_no_answer(void **state)
{
	struct keymap *vi = keymap_shipped("vi"), *map = keymap_default();

	(void)state;
	for (char c = '!'; c <= '~'; c++) {
		const char keys[] = {c, '\0'};

		if (c != '<')
			assert_string_equal(meaning(vi, IN_LOOK, keys), meaning(map, IN_LOOK, keys));
	}
	assert_string_equal(meaning(vi, IN_TONIGHT, "<Ctrl-D>"), "page down");
	assert_string_equal(meaning(vi, IN_TONIGHT, "Z"), "begun");
	assert_string_equal(meaning(vi, IN_TONIGHT, "ZZ"), "quit");
	keymap_free(vi);
	keymap_free(map);
}

/* Whatever bytes a file has, something is said, and what comes back is a whole map or none. */
static void test_hostile_files(void **state)
{
	size_t len = 1 << 20;
	char *bytes = malloc(len);
	struct said said;
	uint32_t random = 1;

	(void)state;
	assert_non_null(bytes);
	memset(bytes, 'j', len);
	assert_null(read_bytes(&said, bytes, len));
	assert_string_equal(said.line[0], "my.keys: more than 65536 bytes: this map is not used");
	/* A line that is too long is left out; what is around it stays. */
	memcpy(bytes, "[list]\n", 7);
	memcpy(bytes + 60000, "\nJ = move down\n", 15);
	keymap_free(read_bytes(&said, bytes, 60015));
	assert_int_equal(said.n, 1);
	assert_string_equal(said.line[0], "my.keys:2:1: a line has at most 200 bytes");
	keymap_free(read_bytes(&said, "[list]\nx\0y = details\n", 21));
	assert_int_equal(said.n, 1);
	assert_string_equal(said.line[0], "my.keys:2:2: this is not text in UTF-8");
	for (int round = 0; round < 20; round++) {
		for (size_t i = 0; i < 4096; i++) {
			random = random * 1664525 + 1013904223;
			bytes[i] = (char)(random >> 24);
		}
		keymap_free(read_bytes(&said, bytes, 4096));
		assert_true(said.n > 0 && said.counted >= said.n);
	}
	free(bytes);
}

/* Many faults are counted, and not all of them said. */
static void test_faults_are_bounded(void **state)
{
	struct said said;
	char text[3000] = "[list]\n";

	(void)state;
	for (int i = 0; i < 200; i++)
		strcat(text, "x = fly\n");
	keymap_free(read_text(&said, text));
	assert_int_equal(said.n, 21);
	assert_int_equal(said.counted, 200);
	assert_string_equal(said.line[20], "my.keys: 180 more faults");
}

/* Whatever one byte of a shipped file becomes: a map that can be worked with, or a refusal. */
static void test_changed_shipped_files(void **state)
{
	uint32_t random = 7;

	(void)state;
	for (const struct shipped *file = shipped_keymaps; file->name != NULL; file++)
		for (int round = 0; round < 1000; round++) {
			char *copy = malloc(file->len);
			struct said said;
			struct keymap *map;

			assert_non_null(copy);
			memcpy(copy, file->text, file->len);
			for (int flips = 0; flips <= round % 3; flips++) {
				random = random * 1664525 + 1013904223;
				copy[random % file->len] ^= (char)(1u << (random >> 29));
			}
			map = read_bytes(&said, copy, file->len);
			free(copy);
			if (map == NULL) {
				assert_true(said.n > 0);
				continue;
			}
			for (size_t i = 0; i < n_console_commands; i++) {
				char key[SEQUENCE_NAME_BYTES];

				keymap_key(map, IN_LOOK, &console_commands[i], key);
				if ((console_commands[i].contexts & IN_LOOK) != 0
				    && (console_commands[i].traits & COMMAND_NEEDED) != 0)
					assert_true(key[0] != '\0');
			}
			keymap_free(map);
		}
}

/* From the disk */

/* A folder for the centre and one for the operator, and what the settings name. */
struct disk {
	char folder[64];
	struct conf_places places;
	struct options options;
};

static void disk_open(struct disk *disk, const char *keymap)
{
	char path[PATH_MAX_BYTES];

	*disk = (struct disk){.folder = "/tmp/tillsyn-keymap.XXXXXX"};
	assert_non_null(mkdtemp(disk->folder));
	options_defaults(&disk->options);
	snprintf(disk->options.keymap, sizeof disk->options.keymap, "%s", keymap);
	snprintf(disk->places.centre, sizeof disk->places.centre, "%s/centre", disk->folder);
	snprintf(disk->places.user, sizeof disk->places.user, "%s/user", disk->folder);
	for (int i = 0; i < 4; i++) {
		snprintf(path, sizeof path, "%s/%s%s", disk->folder, i < 2 ? "centre" : "user",
		         i % 2 == 0 ? "" : "/keymaps");
		assert_int_equal(mkdir(path, 0700), 0);
	}
}

static void disk_put(const struct disk *disk, const char *name, const char *text)
{
	char path[PATH_MAX_BYTES];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", disk->folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void disk_close(const struct disk *disk)
{
	static const char *const names[] = {"centre/keymaps/mine.keys", "user/keymaps/mine.keys",
	                                    "user/keymaps/vi.keys",     "centre/keymaps", "centre",
	                                    "user/keymaps",             "user",           ""};
	char path[PATH_MAX_BYTES];

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(path, sizeof path, "%s/%s", disk->folder, names[i]);
		(void)remove(path);
	}
}

static struct keymap *disk_load(const struct disk *disk, struct said *said)
{
	const struct fault_sink sink = {hear, said};

	said->n = 0;
	return keymap_load(&disk->places, &disk->options, &sink, &said->counted);
}

static void test_centre_then_operator(void **state)
{
	struct disk disk;
	struct said said;
	struct keymap *map;

	(void)state;
	disk_open(&disk, "mine");
	disk_put(&disk, "centre/keymaps/mine.keys", "[look]\nw = answer well\n[list]\nx = details\n");
	disk_put(&disk, "user/keymaps/mine.keys", "[list]\nx = move down\n");
	map = disk_load(&disk, &said);
	assert_int_equal(said.n, 0);
	assert_string_equal(meaning(map, IN_LOOK, "w"), "answer well");
	assert_string_equal(meaning(map, IN_TONIGHT, "x"), "move down");
	keymap_free(map);
	/* A locked console has the centre's keys, so that they mean the same at every desk. */
	disk.options.locked = true;
	map = disk_load(&disk, &said);
	assert_string_equal(meaning(map, IN_TONIGHT, "x"), "details");
	keymap_free(map);
	disk_close(&disk);
}

static void test_over_a_shipped_map(void **state)
{
	struct disk disk;
	struct said said;
	struct keymap *map;

	(void)state;
	disk_open(&disk, "vi");
	disk_put(&disk, "user/keymaps/vi.keys", "[look]\nw = answer well\n");
	map = disk_load(&disk, &said);
	assert_int_equal(said.n, 0);
	assert_string_equal(meaning(map, IN_TONIGHT, "<Ctrl-D>"), "page down");
	assert_string_equal(meaning(map, IN_LOOK, "w"), "answer well");
	keymap_free(map);
	/* Refused, it leaves the map that it was to be laid over. */
	disk_put(&disk, "user/keymaps/vi.keys", "[look]\nw = answer well\nc r = none\n");
	map = disk_load(&disk, &said);
	assert_int_equal(said.n, 1);
	assert_string_equal(meaning(map, IN_TONIGHT, "<Ctrl-D>"), "page down");
	assert_string_equal(meaning(map, IN_LOOK, "w"), "nothing");
	assert_string_equal(meaning(map, IN_LOOK, "c"), "answer well");
	keymap_free(map);
	disk_close(&disk);
}

/* Whatever is named, an operator has keys, and is told. */
static void test_names_that_are_no_keymap(void **state)
{
	static const struct {
		const char *name, *said;
	} names[] = {
		{"emacs", "emacs: no keymap has that name (a path has a slash in it): "
		          "the default keys are used"},
		{"/nowhere/x.keys", "/nowhere/x.keys: not found: the default keys are used"},
		{"/tmp", "/tmp: cannot be read: this map is not used"},
		{"/dev/zero", "/dev/zero: is too large for a keymap: this map is not used"},
	};
	struct disk disk;

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct said said;
		struct keymap *map;

		disk_open(&disk, names[i].name);
		map = disk_load(&disk, &said);
		assert_int_equal(said.n, 1);
		assert_int_equal(said.counted, 1);
		assert_string_equal(said.line[0], names[i].said);
		assert_string_equal(meaning(map, IN_LOOK, "c"), "answer well");
		keymap_free(map);
		disk_close(&disk);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_default_map),
		cmocka_unit_test(test_each_fault_has_its_place),
		cmocka_unit_test(test_faults_of_sections),
		cmocka_unit_test(test_laid_over),
		cmocka_unit_test(test_keys_that_may_not_act),
		cmocka_unit_test(test_what_no_map_may_take_away),
		cmocka_unit_test(test_shipped_maps),
		cmocka_unit_test(test_function_map_has_no_letter),
		cmocka_unit_test(test_vi_map_changes_no_answer),
		cmocka_unit_test(test_hostile_files),
		cmocka_unit_test(test_faults_are_bounded),
		cmocka_unit_test(test_changed_shipped_files),
		cmocka_unit_test(test_centre_then_operator),
		cmocka_unit_test(test_over_a_shipped_map),
		cmocka_unit_test(test_names_that_are_no_keymap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
