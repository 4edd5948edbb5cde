/*
 * What goes to the hub. A command carries a number that done or refused brings back. Answers and
 * calls are kept until the hub has them: after a lost link they are sent again, as they were
 * (SERVICE.md hard case 16; an answer is right for its look whenever it arrives).
 */
#include "console/model_inside.h"

#include <string.h>

static bool encode(struct wire_message *message, struct buf *out)
{
	bool good = wire_encode(message, out) == ERR_OK;

	wire_free(message);
	return good;
}

void model_send_plain(struct model *model, struct wire_message *message)
{
	struct buf out = buf_new(MESSAGE_MAX_BYTES);

	if (encode(message, &out) && model->connected)
		model->ports.send(model->ports.arg, out.data, out.len);
	buf_free(&out);
}

static struct pending *pending_slot(struct model *model)
{
	for (int i = 0; i < PENDING_MAX; i++)
		if (model->pending[i].command == 0)
			return &model->pending[i];
	return NULL;
}

bool model_send_command(struct model *model, struct wire_message *message, bool kept, int64_t check,
                        int64_t look, enum answer answer)
{
	struct pending *pending = pending_slot(model);
	struct buf out = buf_new(sizeof pending->text);
	int kind = (int)wire_id(message);
	bool good;

	wire_set_int(message, "command", ++model->last_command);
	good = encode(message, &out) && pending != NULL && (kept || model->connected);
	if (good) {
		*pending = (struct pending){.command = model->last_command,
		                            .kind = kind,
		                            .check = check,
		                            .look = look,
		                            .answer = answer,
		                            .len = kept ? out.len : 0};
		if (kept)
			memcpy(pending->text, out.data, out.len);
		if (model->connected)
			model->ports.send(model->ports.arg, out.data, out.len);
	} else {
		model_note(model, "Nothing was sent: %s.",
		           model->connected ? "too much is unanswered"
		                            : "there is no contact with the hub");
	}
	buf_free(&out);
	return good;
}

bool model_pending_take(struct model *model, int64_t command, struct pending *out)
{
	for (int i = 0; i < PENDING_MAX; i++)
		if (model->pending[i].command == command && command != 0) {
			*out = model->pending[i];
			model->pending[i].command = 0;
			return true;
		}
	return false;
}

void model_pending_link_lost(struct model *model)
{
	for (int i = 0; i < PENDING_MAX; i++)
		if (model->pending[i].len == 0)
			model->pending[i].command = 0;
}

void model_pending_resend(struct model *model)
{
	for (int i = 0; i < PENDING_MAX; i++)
		if (model->pending[i].command != 0 && model->pending[i].len > 0)
			model->ports.send(model->ports.arg, model->pending[i].text,
			                  model->pending[i].len);
}

bool model_has_pending_answer(const struct model *model, int64_t look)
{
	for (int i = 0; i < PENDING_MAX; i++)
		if (model->pending[i].command != 0 && model->pending[i].kind == WIRE_ANSWER
		    && model->pending[i].look == look)
			return true;
	return false;
}
