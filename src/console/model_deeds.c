/* What Enter in the prompt does: one function a deed, and the commands that can be typed. */
#include "console/model_inside.h"

#include "base/text.h"

#include <string.h>

static void do_command(struct model *model, const struct deed *deed, const char *text)
{
	const char *words = "";
	const struct command *command = command_by_name(text, &words);
	char help[SEQUENCE_NAME_BYTES];

	(void)deed;
	if (text[strspn(text, " ")] == '\0')
		return;
	if (command == NULL)
		model_note(model, "There is no command \"%s\". %s shows all.", text,
		           model_key_words(model, "help", help));
	else
		command->run(model, words);
}

static void do_find(struct model *model, const struct deed *deed, const char *text)
{
	(void)deed;
	model_search_done(model, text);
}

static void do_answer(struct model *model, const struct deed *deed, const char *text)
{
	const struct look *look = &model->look;

	if (look->check[look->person] != deed->check) {
		model_note(model, "That look is over: nothing was sent.");
		return;
	}
	model_look_answer(model, deed->answer, text);
}

static void do_page(struct model *model, const struct deed *deed, const char *text)
{
	struct wire_message *message = wire_new(WIRE_PAGE);

	wire_set_int(message, "check", deed->check);
	wire_set_int(message, "decision_version", deed->version);
	wire_set_text(message, "reason", text);
	if (!model_send_command(model, message, false, deed->check, 0, ANSWER_PATROL))
		return;
	if (model->look.phase == LOOK_FAILED)
		model_look_leave(model);
	model->follow_top = true;
}

static void do_page_event(struct model *model, const struct deed *deed, const char *text)
{
	struct wire_message *message = wire_new(WIRE_PAGE_EVENT);

	(void)text;
	wire_set_int(message, "page", deed->page);
	wire_set_text(message, "event", deed->word);
	if (deed->contact[0] != '\0')
		wire_set_text(message, "contact", deed->contact);
	model_send_command(model, message, false, deed->check, 0, ANSWER_NONE);
}

static void do_site_report(struct model *model, const struct deed *deed, const char *text)
{
	struct wire_message *message = wire_new(WIRE_SITE_REPORT);

	(void)text;
	wire_set_int(message, "check", deed->check);
	wire_set_text(message, "report", deed->word);
	if (deed->contact[0] != '\0')
		wire_set_text(message, "contact", deed->contact);
	model_send_command(model, message, true, deed->check, 0, ANSWER_NONE);
}

static void do_undo(struct model *model, const struct deed *deed, const char *text)
{
	struct wire_message *message = wire_new(WIRE_UNDO);

	wire_set_int(message, "check", deed->check);
	wire_set_text(message, "answer", check_answer_name(deed->answer));
	if (text[0] != '\0')
		wire_set_text(message, "reason", text);
	if (model_send_command(model, message, false, deed->check, 0, deed->answer))
		model->answered = (struct answered){deed->check, deed->answer,
		                                    model->answered.at_ms};
}

static void set_reason(struct wire_message *message, const struct deed *deed, const char *text)
{
	wire_set_text(message, "resident", deed->resident);
	if (text[0] != '\0')
		wire_set_text(message, "reason", text);
}

static void do_withdraw(struct model *model, const struct deed *deed, const char *text)
{
	struct wire_message *message = wire_new(WIRE_WITHDRAW);

	set_reason(message, deed, text);
	model_send_command(model, message, false, 0, 0, ANSWER_NONE);
}

static void do_pause(struct model *model, const struct deed *deed, const char *text)
{
	struct wire_message *message = wire_new(WIRE_PAUSE);

	set_reason(message, deed, text);
	wire_set_int(message, "from_ms", model_utc_ms(model));
	wire_set_int(message, "to_ms", deed->until_ms);
	wire_set_int(message, "review_ms", 0);
	model_send_command(model, message, false, 0, 0, ANSWER_NONE);
}

static void do_resume(struct model *model, const struct deed *deed, const char *text)
{
	struct wire_message *message = wire_new(WIRE_RESUME);

	(void)text;
	wire_set_text(message, "resident", deed->resident);
	model_send_command(model, message, false, 0, 0, ANSWER_NONE);
}

static void do_quit(struct model *model, const struct deed *deed, const char *text)
{
	(void)deed;
	(void)text;
	model_end_view(model);
	model->ports.quit(model->ports.arg);
}

typedef void deed_fn(struct model *model, const struct deed *deed, const char *text);

static deed_fn *const deeds[] = {
	[DEED_COMMAND] = do_command,
	[DEED_FIND] = do_find,
	[DEED_ANSWER] = do_answer,
	[DEED_PAGE] = do_page,
	[DEED_PAGE_EVENT] = do_page_event,
	[DEED_SITE_REPORT] = do_site_report,
	[DEED_UNDO] = do_undo,
	[DEED_WITHDRAW] = do_withdraw,
	[DEED_PAUSE] = do_pause,
	[DEED_RESUME] = do_resume,
	[DEED_QUIT] = do_quit,
};

void model_deed_do(struct model *model, const struct deed *deed, const char *text)
{
	deeds[deed->kind](model, deed, text);
	model->dirty = true;
}
