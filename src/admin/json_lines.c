/*
 * Positions in a JSON text: a flat list of values in document order, each knowing where its subtree
 * ends.
 */
#include "admin/json_lines.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* As deep as jansson itself goes. */
#define DEPTH_MAX 2048

struct node {
	int line;
	bool array;
	uint32_t key, key_len; /* offset of its key, without quotes; key_len 0 also for elements */
	size_t end;            /* the node after its subtree */
};

struct json_lines {
	const char *text;
	struct node *node;
	size_t n, room;
};

struct scan {
	struct json_lines *lines;
	const char *text;
	size_t len, at;
	int line;
	enum err err;
};

static char peek(const struct scan *s)
{
	return s->at < s->len ? s->text[s->at] : '\0';
}

static void space(struct scan *s)
{
	while (s->at < s->len && strchr(" \t\r\n", s->text[s->at]) != NULL
	       && s->text[s->at] != '\0')
		s->line += s->text[s->at++] == '\n';
}

static void fail(struct scan *s, enum err err)
{
	if (s->err == ERR_OK)
		s->err = err;
}

/* Moves past one expected character. */
static void want(struct scan *s, char c)
{
	if (peek(s) != c)
		fail(s, ERR_PARSE);
	else
		s->at++;
}

static void string(struct scan *s)
{
	want(s, '"');
	while (s->err == ERR_OK && s->at < s->len && s->text[s->at] != '"')
		s->at += s->text[s->at] == '\\' ? 2 : 1;
	want(s, '"');
}

static size_t add(struct scan *s, int line)
{
	struct json_lines *lines = s->lines;

	if (lines->n == lines->room) {
		size_t room = lines->room ? 2 * lines->room : 256;
		struct node *node = realloc(lines->node, room * sizeof *node);

		if (node == NULL) {
			fail(s, ERR_MEMORY);
			return 0;
		}
		lines->node = node;
		lines->room = room;
	}
	lines->node[lines->n] = (struct node){.line = line};
	return lines->n++;
}

static void value(struct scan *s, int line, int depth);

/* The members of an object or the elements of an array, up to and with the closing bracket. */
static void children(struct scan *s, bool object, int depth)
{
	char close = object ? '}' : ']';

	s->at++;
	space(s);
	while (s->err == ERR_OK && peek(s) != close) {
		size_t node = s->lines->n, key = s->at;
		int line = s->line;

		if (object) {
			string(s);
			space(s);
			want(s, ':');
			space(s);
		}
		value(s, line, depth + 1);
		if (object && s->err == ERR_OK) {
			const char *quote = memchr(s->text + key + 1, '"', s->len - key - 1);

			s->lines->node[node].key = (uint32_t)key + 1;
			s->lines->node[node].key_len =
				(uint32_t)(quote - s->text - (ptrdiff_t)key - 1);
		}
		space(s);
		if (peek(s) != close)
			want(s, ',');
		space(s);
	}
	want(s, close);
}

static void value(struct scan *s, int line, int depth)
{
	size_t node = add(s, line);

	if (depth > DEPTH_MAX)
		fail(s, ERR_PARSE);
	if (s->err != ERR_OK)
		return;
	if (peek(s) == '{' || peek(s) == '[') {
		s->lines->node[node].array = peek(s) == '[';
		children(s, peek(s) == '{', depth);
	} else if (peek(s) == '"') {
		string(s);
	} else {
		size_t start = s->at;

		while (s->at < s->len && strchr(",]} \t\r\n", s->text[s->at]) == NULL)
			s->at++;
		if (s->at == start)
			fail(s, ERR_PARSE);
	}
	if (s->err == ERR_OK)
		s->lines->node[node].end = s->lines->n;
}

enum err json_lines_read(const char *text, size_t len, struct json_lines **lines)
{
	struct scan s = {.text = text, .len = len, .line = 1};

	*lines = NULL;
	if (len > UINT32_MAX)
		return ERR_LIMIT;
	s.lines = calloc(1, sizeof *s.lines);
	if (s.lines == NULL)
		return ERR_MEMORY;
	s.lines->text = text;
	space(&s);
	value(&s, s.line, 0);
	space(&s);
	if (s.err == ERR_OK && s.at < s.len)
		s.err = ERR_PARSE;
	if (s.err != ERR_OK) {
		json_lines_free(s.lines);
		return s.err;
	}
	*lines = s.lines;
	return ERR_OK;
}

void json_lines_free(struct json_lines *lines)
{
	if (lines == NULL)
		return;
	free(lines->node);
	free(lines);
}

/* The n-th element of an array, from 0; node itself when there is none. */
static size_t element(const struct json_lines *lines, size_t node, size_t n)
{
	size_t child = node + 1;

	if (!lines->node[node].array)
		return node;
	while (n > 0 && child < lines->node[node].end) {
		child = lines->node[child].end;
		n--;
	}
	return child < lines->node[node].end ? child : node;
}

/* The child with this key; node itself when there is none. */
static size_t member(const struct json_lines *lines, size_t node, const char *key, size_t len)
{
	for (size_t child = node + 1; child < lines->node[node].end;
	     child = lines->node[child].end) {
		const struct node *c = &lines->node[child];

		if (c->key_len == len && memcmp(lines->text + c->key, key, len) == 0)
			return child;
	}
	return node;
}

int json_lines_find(const struct json_lines *lines, const char *path)
{
	size_t node = 0;

	while (*path != '\0') {
		size_t next, len = strcspn(path, ".[");

		if (*path == '[') {
			char *end;

			next = element(lines, node, strtoul(path + 1, &end, 10));
			if (end == path + 1 || *end != ']')
				break;
			len = (size_t)(end - path) + 1;
		} else {
			next = member(lines, node, path, len);
		}
		if (next == node)
			break;
		node = next;
		path += len;
		path += *path == '.';
	}
	return lines->node[node].line;
}
