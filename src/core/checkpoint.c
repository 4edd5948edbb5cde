/*
 * Writing is one spelling; reading accepts that spelling alone, by writing what was read and
 * comparing, so no two texts mean the same checkpoint.
 */
#include "core/checkpoint.h"

#include "base/text.h"

#include <inttypes.h>
#include <string.h>

/* Signed-note's type byte of Ed25519. */
#define NOTE_ED25519 0x01
#define NOTE_KEY_BYTES 4
/* Em dash, blank. */
#define NOTE_SIGNATURE "\xe2\x80\x94 "

bool checkpoint_is_origin(const char *origin)
{
	return origin[0] != '\0' && text_is_clean(origin) && strpbrk(origin, " +") == NULL
	       && strlen(origin) < NAME_MAX_BYTES;
}

static enum err add_base64_line(struct buf *out, const void *data, size_t len)
{
	enum err r = text_base64(out, data, len);

	return r != ERR_OK ? r : buf_add_text(out, "\n");
}

enum err checkpoint_text(const struct checkpoint *checkpoint, struct buf *out)
{
	enum err r;

	if (!checkpoint_is_origin(checkpoint->origin))
		return ERR_PARSE;
	(void)((r = buf_printf(out, "%s\n%" PRIu64 "\n", checkpoint->origin, checkpoint->size))
	               != ERR_OK
	       || (r = add_base64_line(out, checkpoint->root, HASH_BYTES)) != ERR_OK
	       || (r = buf_printf(out, "epoch %" PRIu64 "\nindex %" PRIu64 " ",
	                          checkpoint->epoch, checkpoint->residents)) != ERR_OK
	       || (r = add_base64_line(out, checkpoint->index_root, HASH_BYTES)) != ERR_OK);
	return r;
}

/* Signed-note: the first bytes of SHA-256 over name, newline, type and key. */
static void key_hash(const struct crypto *crypto, const char *name,
                     const uint8_t public_key[KEY_BYTES], uint8_t hash[HASH_BYTES])
{
	uint8_t bytes[NAME_MAX_BYTES + 2 + KEY_BYTES];
	size_t len = strlen(name);

	memcpy(bytes, name, len);
	bytes[len++] = '\n';
	bytes[len++] = NOTE_ED25519;
	memcpy(bytes + len, public_key, KEY_BYTES);
	crypto->sha256(hash, bytes, len + KEY_BYTES);
}

enum err checkpoint_sign(const struct crypto *crypto, const struct checkpoint *checkpoint,
                         const uint8_t public_key[KEY_BYTES],
                         const uint8_t secret_key[SECRET_KEY_BYTES], struct buf *out)
{
	uint8_t signature[HASH_BYTES + SIGNATURE_BYTES];
	size_t start = out->len, len;
	enum err r = checkpoint_text(checkpoint, out);

	if (r != ERR_OK)
		return r;
	len = out->len - start;
	key_hash(crypto, checkpoint->origin, public_key, signature);
	crypto->sign(signature + NOTE_KEY_BYTES, out->data + start, len, secret_key);
	(void)((r = buf_printf(out, "\n" NOTE_SIGNATURE "%s ", checkpoint->origin)) != ERR_OK
	       || (r = add_base64_line(out, signature, NOTE_KEY_BYTES + SIGNATURE_BYTES))
	                  != ERR_OK);
	return r;
}

/* What is left to read of a note; every line ends with a newline. */
struct lines {
	const char *at, *end;
};

/* The next line, without its newline; false at the end. */
static bool next_line(struct lines *lines, const char **line, size_t *len)
{
	const char *newline = memchr(lines->at, '\n', (size_t)(lines->end - lines->at));

	if (newline == NULL)
		return false;
	*line = lines->at;
	*len = (size_t)(newline - lines->at);
	lines->at = newline + 1;
	return true;
}

/* Goes past a word that must be there. */
static bool skip(const char **at, size_t *len, const char *word)
{
	size_t n = strlen(word);

	if (*len < n || memcmp(*at, word, n) != 0)
		return false;
	*at += n;
	*len -= n;
	return true;
}

/* Digits, as far as they go. */
static uint64_t take_number(const char **at, size_t *len)
{
	uint64_t value = 0;

	for (; *len > 0 && **at >= '0' && **at <= '9'; (*at)++, (*len)--)
		value = 10 * value + (uint64_t)(**at - '0');
	return value;
}

/* Exactly n bytes in base64, to the end of the line. */
static bool take_bytes(const char *at, size_t len, void *out, size_t n)
{
	struct buf bytes = buf_new(n);
	bool whole = text_from_base64(&bytes, at, len) == ERR_OK && bytes.len == n;

	if (whole)
		memcpy(out, bytes.data, n);
	buf_free(&bytes);
	return whole;
}

static bool take_origin(struct lines *lines, struct checkpoint *checkpoint)
{
	const char *line;
	size_t len;

	if (!next_line(lines, &line, &len) || len >= sizeof checkpoint->origin)
		return false;
	memcpy(checkpoint->origin, line, len);
	checkpoint->origin[len] = '\0';
	return strlen(checkpoint->origin) == len;
}

static bool take_tree(struct lines *lines, struct checkpoint *checkpoint)
{
	const char *line;
	size_t len;

	if (!next_line(lines, &line, &len))
		return false;
	checkpoint->size = take_number(&line, &len);
	return len == 0 && next_line(lines, &line, &len)
	       && take_bytes(line, len, checkpoint->root, HASH_BYTES);
}

static bool take_extensions(struct lines *lines, struct checkpoint *checkpoint)
{
	const char *line;
	size_t len;

	if (!next_line(lines, &line, &len) || !skip(&line, &len, "epoch "))
		return false;
	checkpoint->epoch = take_number(&line, &len);
	if (len != 0 || !next_line(lines, &line, &len) || !skip(&line, &len, "index "))
		return false;
	checkpoint->residents = take_number(&line, &len);
	return skip(&line, &len, " ") && take_bytes(line, len, checkpoint->index_root, HASH_BYTES);
}

/* Reads the text and makes sure that it is the one spelling of what it says. */
static bool take_text(struct lines *lines, struct checkpoint *checkpoint)
{
	const char *start = lines->at;
	struct buf again = buf_new(CHECKPOINT_MAX_BYTES);
	bool same = take_origin(lines, checkpoint) && take_tree(lines, checkpoint)
	            && take_extensions(lines, checkpoint)
	            && checkpoint_text(checkpoint, &again) == ERR_OK
	            && again.len == (size_t)(lines->at - start)
	            && memcmp(again.data, start, again.len) == 0;

	buf_free(&again);
	return same;
}

static bool is_signed(const struct crypto *crypto, const char *line, size_t len, const char *text,
                      size_t text_len, const char *origin, const uint8_t public_key[KEY_BYTES])
{
	uint8_t signature[NOTE_KEY_BYTES + SIGNATURE_BYTES], hash[HASH_BYTES];

	if (!skip(&line, &len, NOTE_SIGNATURE) || !skip(&line, &len, origin)
	    || !skip(&line, &len, " ") || !take_bytes(line, len, signature, sizeof signature))
		return false;
	key_hash(crypto, origin, public_key, hash);
	return memcmp(signature, hash, NOTE_KEY_BYTES) == 0
	       && crypto->verify(signature + NOTE_KEY_BYTES, text, text_len, public_key);
}

enum err checkpoint_open(const struct crypto *crypto, const void *note, size_t len,
                         const uint8_t public_key[KEY_BYTES], struct checkpoint *checkpoint)
{
	struct lines lines = {note, (const char *)note + len};
	struct checkpoint read = {.size = 0};
	const char *line;
	size_t text_len, line_len;

	if (len > CHECKPOINT_MAX_BYTES || !take_text(&lines, &read))
		return ERR_PARSE;
	text_len = (size_t)(lines.at - (const char *)note);
	if (!next_line(&lines, &line, &line_len) || line_len != 0)
		return ERR_PARSE;
	while (next_line(&lines, &line, &line_len)) {
		if (!is_signed(crypto, line, line_len, note, text_len, read.origin, public_key))
			continue;
		*checkpoint = read;
		return ERR_OK;
	}
	return ERR_SIGNATURE;
}

enum err checkpoint_read(const void *note, size_t len, struct checkpoint *checkpoint)
{
	struct lines lines = {note, (const char *)note + len};
	struct checkpoint read = {.size = 0};

	if (len > CHECKPOINT_MAX_BYTES || !take_text(&lines, &read)
	    || (lines.at != lines.end && *lines.at != '\n'))
		return ERR_PARSE;
	*checkpoint = read;
	return ERR_OK;
}
