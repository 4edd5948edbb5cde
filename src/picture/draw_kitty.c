/*
 * kitty's graphics protocol (sw.kovidgoyal.net/kitty/graphics-protocol): one PNG in pieces of
 * base64, under a number by which it is erased. q=2: the terminal says nothing to it, for whoever
 * reads answers by then would not know them; C=1: the cursor stays, so nothing scrolls.
 */
#include "picture/draw.h"

#include "picture/png_grey.h"

#include <stdbool.h>
#include <string.h>

#define PIECE 4096 /* at most, and a multiple of four */

static enum err put_piece(const struct buf *text, size_t at, struct buf *out)
{
	size_t left = text->len - at, n = left < PIECE ? left : PIECE;
	bool more = left > n;
	enum err r;

	if (at == 0)
		r = buf_printf(out, "\033_Ga=T,f=100,i=%d,p=1,C=1,q=2,m=%d;", VIEWER_KITTY_ID,
		               more);
	else
		r = buf_printf(out, "\033_Gm=%d,q=2;", more);
	if (r == ERR_OK)
		r = buf_add(out, text->data + at, n);
	return r != ERR_OK ? r : buf_add_text(out, "\033\\");
}

enum err draw_kitty(const struct viewer_place *place, const struct grey *grey, struct buf *out)
{
	struct buf text = buf_new(DRAW_BYTES_MAX);
	enum err r = draw_move_to_middle(place, grey, out);

	if (r == ERR_OK)
		r = png_grey_base64(grey, &text);
	for (size_t at = 0; r == ERR_OK && at < text.len; at += PIECE)
		r = put_piece(&text, at, out);
	if (text.data != NULL)
		explicit_bzero(text.data, text.cap);
	buf_free(&text);
	return r;
}
