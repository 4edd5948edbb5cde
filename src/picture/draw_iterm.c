/*
 * iTerm2's inline images (iterm2.com/documentation-images.html): a file in base64. The size is told
 * in cells, since the terminal's pixels may be larger than those it draws with; such a picture is
 * part of the text, and what is written over it takes it away.
 */
#include "picture/draw.h"

#include "picture/png_grey.h"

#include <string.h>

enum err draw_iterm(const struct viewer_place *place, const struct grey *grey, struct buf *out)
{
	struct buf text = buf_new(DRAW_BYTES_MAX);
	enum err r = draw_move_to_middle(place, grey, out);
	int32_t rows, columns;

	draw_cells_of(place, grey, &rows, &columns);
	if (r == ERR_OK)
		r = png_grey_base64(grey, &text);
	if (r == ERR_OK)
		r = buf_printf(out,
		               "\033]1337;File=inline=1;width=%d;height=%d;preserveAspectRatio=1;"
		               "doNotMoveCursor=1:",
		               columns, rows);
	if (r == ERR_OK)
		r = buf_add(out, text.data, text.len);
	if (text.data != NULL)
		explicit_bzero(text.data, text.cap);
	buf_free(&text);
	return r != ERR_OK ? r : buf_add_text(out, "\a");
}
