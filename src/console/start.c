/* What must be right before there is a screen, each with one clear line for what is not. */
#include "console/start.h"

#include "base/text.h"
#include "console/keymap_load.h"
#include "console/theme_contrast.h"
#include "console/themes.h"
#include "os/file.h"
#include "os/secmem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { ROWS_MIN = 10, COLUMNS_MIN = 40 };

static void print(void *arg, const char *line)
{
	fprintf(arg, "%s\n", line);
}

int start_check_config(const struct conf_places *places, const struct command_line *line)
{
	const struct fault_sink faults = {print, stdout};
	char wrong[OPTIONS_WRONG_MAX];
	struct options options;
	struct theme theme;
	int n = conf_check(places, &options, &faults);
	size_t n_keymap;

	for (int i = 0; i < line->n_given; i++)
		options_set(&options, line->given[i].name, line->given[i].value, wrong);
	n += themes_load(places, &options, &theme, &faults);
	n += theme_check_contrast(&theme, options.theme, &faults);
	keymap_free(keymap_load(places, &options, &faults, &n_keymap));
	return n == 0 && n_keymap == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

enum err start_key(const struct crypto *crypto, const char *path, uint8_t **secret_key)
{
	struct buf text = buf_new(512);
	enum err r = file_read_secret(path, &text);
	char hex[2 * SECRET_KEY_BYTES + 1] = "";

	*secret_key = secmem_alloc(SECRET_KEY_BYTES);
	if (*secret_key == NULL)
		r = ERR_MEMORY;
	while (text.len > 0 && (text.data[text.len - 1] == '\n' || text.data[text.len - 1] == '\r'))
		text.len--;
	if (r == ERR_OK && text.len != sizeof hex - 1)
		r = ERR_PARSE;
	if (r == ERR_OK) {
		memcpy(hex, text.data, sizeof hex - 1);
		r = text_from_hex(*secret_key, SECRET_KEY_BYTES, hex);
	}
	crypto->wipe(hex, sizeof hex);
	if (text.data != NULL)
		crypto->wipe(text.data, text.cap);
	buf_free(&text);
	return r;
}

int start_terminal(bool any_size)
{
	struct winsize size = {0};
	char detail[64];

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return command_line_complain("this is not a terminal", "");
	if (!any_size && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0
	    && (size.ws_row < ROWS_MIN || size.ws_col < COLUMNS_MIN)) {
		snprintf(detail, sizeof detail,
		         "%d columns by %d rows; at least %d by %d are needed", size.ws_col,
		         size.ws_row, COLUMNS_MIN, ROWS_MIN);
		return command_line_complain("the terminal is too small", detail);
	}
	return 0;
}

static const char *or_null(const char *text)
{
	return text[0] == '\0' ? NULL : text;
}

int start_hub(const struct options *s, struct ws_connect *hub)
{
	char fault[REASON_MAX_BYTES];
	enum err r;

	*hub = (struct ws_connect){
		.unix_path = or_null(s->socket),
		.host = s->host,
		.port = (uint16_t)s->port,
		.tls = s->host[0] != '\0',
		.ca = or_null(s->ca),
		.certificate = or_null(s->certificate),
		.key = or_null(s->certificate_key),
		.server_key_hash = options_has_pin(s) ? s->pin : NULL,
	};
	r = ws_connect_check(hub, fault);
	return r == ERR_OK ? 0
	                   : command_line_complain("the hub cannot be reached like this",
	                                           fault[0] != '\0' ? fault : err_text(r));
}
