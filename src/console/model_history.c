/* The nights before this one, of the resident whose details are shown: asked for when they are. */
#include "console/model_inside.h"

#include "base/text.h"

#include <string.h>

void model_history_ask(struct model *model)
{
	struct wire_message *query;

	if (model->screen != SCREEN_DETAILS || !model->connected)
		return;
	memcpy(model->history.resident, model->details, sizeof model->details);
	model->history.n = 0;
	query = wire_new(WIRE_HISTORY_QUERY);
	model->history.command = ++model->last_command;
	wire_set_int(query, "command", model->history.command);
	wire_set_text(query, "resident", model->details);
	model_send_plain(model, query);
}

void model_history_message(struct model *model, const struct wire_message *message)
{
	struct history *history = &model->history;

	if (!text_equal(wire_text(message, "resident"), history->resident)
	    || wire_int(message, "command") != history->command
	    || history->n == HISTORY_NIGHTS)
		return;
	history->night[history->n++] = (struct past_night){
		.night = (int32_t)wire_int(message, "night"),
		.well = (int)wire_int(message, "well"),
		.visited = (int)wire_int(message, "visited"),
		.excused = (int)wire_int(message, "excused"),
		.open = (int)wire_int(message, "open"),
		.rechecked = (int)wire_int(message, "rechecked"),
		.no_picture = (int)wire_int(message, "no_picture"),
		.unanswered = (int)wire_int(message, "unanswered"),
	};
}
