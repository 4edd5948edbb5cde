/* Which view draws which screen. */
#include "console/view.h"

static const struct view *const views[SCREENS] = {
	[SCREEN_TONIGHT] = &view_tonight, [SCREEN_GRID] = &view_grid,
	[SCREEN_LOOK] = &view_look,       [SCREEN_DETAILS] = &view_details,
	[SCREEN_PATROL] = &view_patrol,   [SCREEN_HELP] = &view_help,
	[SCREEN_MESSAGES] = &view_messages,
};

void view_draw(const struct model *model, struct canvas *canvas)
{
	canvas_clear(canvas);
	views[model->screen]->draw(model, canvas);
}
