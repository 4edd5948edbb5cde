/*
 * Answers: what may be answered now, for whom, and what the hub says to it. For a couple one
 * message carries both; only a call for help goes alone, since it must not wait for the other
 * person.
 */
#include "console/model_inside.h"

#include "base/text.h"

#include <string.h>

void model_look_choose(struct model *model, int person)
{
	if (person >= model->look.n_checks)
		return;
	model->look.person = person;
	model_changed(model);
}

static bool is_about_the_picture(enum answer answer)
{
	return answer == ANSWER_OTHER_PERSON || answer == ANSWER_UNUSABLE;
}

const char *model_look_objection(const struct model *model, enum answer answer)
{
	const struct look *look = &model->look;

	if (look->phase == LOOK_STANDING && model->now.elapsed_ms - look->shown_ms < STOOD_MS)
		return "The picture has not stood for a second yet.";
	if (look->phase != LOOK_STANDING && look->phase != LOOK_QUESTION)
		return "There is nothing to answer now.";
	if (answer == ANSWER_NOT_SEEN && look->recheck)
		return "This was the second look: page the night patrol instead.";
	if (is_about_the_picture(answer) && look->other_person)
		return "The view was ended for another person's sake: well, not seen or patrol.";
	if (look->sent[look->person] && !is_about_the_picture(answer))
		return "This person's answer has been sent.";
	return NULL;
}

/* One message for whoever has an answer that was not sent: one person, or both. */
static bool send_answers(struct model *model)
{
	struct look *look = &model->look;
	struct wire_message *message = wire_new(WIRE_ANSWER);
	const char *const fields[2][3] = {{"check", "answer", "reason"},
	                                  {"check2", "answer2", "reason2"}};
	enum answer first = ANSWER_NONE;
	int n = 0;

	wire_set_int(message, "look", look->id);
	for (int i = 0; i < look->n_checks; i++) {
		if (look->sent[i] || look->answer[i] == ANSWER_NONE)
			continue;
		wire_set_int(message, fields[n][0], look->check[i]);
		wire_set_text(message, fields[n][1], check_answer_name(look->answer[i]));
		if (look->reason[i][0] != '\0')
			wire_set_text(message, fields[n][2], look->reason[i]);
		if (n++ == 0)
			first = look->answer[i];
		look->sent[i] = true;
		model->answered = (struct answered){look->check[i], look->answer[i],
		                                    model->now.elapsed_ms};
	}
	return model_send_command(model, message, true, look->check[0], look->id, first);
}

static bool is_complete(const struct look *look)
{
	return look->answer[0] != ANSWER_NONE
	       && (look->n_checks == 1 || look->answer[1] != ANSWER_NONE);
}

/* For a couple: help must not wait for the other person's answer; anything else does. */
static void next_person(struct model *model, enum answer answer)
{
	struct look *look = &model->look;
	int other = 1 - look->person;

	if (answer == ANSWER_NEEDS_HELP || answer == ANSWER_PATROL)
		send_answers(model);
	model_note(model, "Now %s: both persons need an answer.",
	           model_name(model, look->check[other]));
	model_look_choose(model, other);
}

static void answer_picture(struct model *model, enum answer answer)
{
	struct look *look = &model->look;

	for (int i = 0; i < look->n_checks; i++)
		look->answer[i] = answer;
	model_look_end_picture(model);
	if (send_answers(model))
		model_phase(model, LOOK_SENDING);
}

void model_look_answer(struct model *model, enum answer answer, const char *reason)
{
	struct look *look = &model->look;
	const char *objection = model_look_objection(model, answer);

	if (objection != NULL) {
		model_note(model, "%s", objection);
		return;
	}
	if (is_about_the_picture(answer)) {
		answer_picture(model, answer);
		return;
	}
	look->answer[look->person] = answer;
	text_clean(look->reason[look->person], sizeof look->reason[look->person], reason);
	if (!is_complete(look)) {
		next_person(model, answer);
		return;
	}
	model_look_end_picture(model);
	if (!send_answers(model))
		return;
	model_phase(model, LOOK_SENDING);
	if (!model->connected)
		model_look_link_lost(model);
}

static bool is_help(const struct look *look)
{
	return look->answer[0] == ANSWER_NEEDS_HELP || look->answer[1] == ANSWER_NEEDS_HELP;
}

static const char *answer_words(enum answer answer)
{
	static const char *const words[ANSWERS] = {
		[ANSWER_NONE] = "answered",
		[ANSWER_WELL] = "all well",
		[ANSWER_NOT_SEEN] = "not seen, look again later",
		[ANSWER_NEEDS_HELP] = "needs help",
		[ANSWER_PATROL] = "the night patrol is paged",
		[ANSWER_OTHER_PERSON] = "another person",
		[ANSWER_UNUSABLE] = "picture unusable",
	};

	return words[answer];
}

/* A patrol that was paged meanwhile still drives: an answer alone does not call it off. */
static const char *paged_words(const struct model *model, int64_t id, enum answer answer)
{
	const struct check *check = model_check(model, id);

	return check != NULL && check->state == CHECK_PATROL
	               && (answer == ANSWER_WELL || answer == ANSWER_NOT_SEEN)
	       ? " It is recorded; the patrol that was paged still drives." : "";
}

static void note_recorded(struct model *model, int64_t check, enum answer answer)
{
	model_note(model, "%s: %s.%s", model_name(model, check), answer_words(answer),
	           paged_words(model, check, answer));
}

/* Of a couple both are told: the one who was not seen comes back. */
static void note_couple(struct model *model, const struct look *look)
{
	char first[NAME_MAX_BYTES];

	text_clean(first, sizeof first, model_name(model, look->check[0]));
	model_note(model, "%s: %s. %s: %s.", first, answer_words(look->answer[0]),
	           model_name(model, look->check[1]), answer_words(look->answer[1]));
}

void model_look_done(struct model *model, const struct pending *pending)
{
	char look_key[SEQUENCE_NAME_BYTES], page_key[SEQUENCE_NAME_BYTES];
	struct look *look = &model->look;

	if (pending->kind != WIRE_ANSWER)
		return;
	if (look->phase != LOOK_SENDING || look->id != pending->look) {
		note_recorded(model, pending->check, pending->answer);
		return;
	}
	if (pending->answer == ANSWER_OTHER_PERSON) {
		memset(look->sent, 0, sizeof look->sent);
		memset(look->answer, 0, sizeof look->answer);
		look->other_person = true;
		model_phase(model, LOOK_QUESTION);
	} else if (pending->answer == ANSWER_UNUSABLE) {
		model_look_close(model, false);
		model_note(model, "%s: picture unusable. %s tries again; %s pages the patrol.",
		           model_name(model, pending->check),
		           model_key_words(model, "look", look_key),
		           model_key_words(model, "page", page_key));
	} else if (is_help(look)) {
		model_phase(model, LOOK_HELP);
	} else {
		struct look answered = *look;

		model_look_close(model, true);
		if (answered.n_checks == 2)
			note_couple(model, &answered);
		else
			note_recorded(model, pending->check, pending->answer);
	}
}

void model_look_refused(struct model *model, const struct pending *pending, const char *text)
{
	struct look *look = &model->look;

	if (pending->kind == WIRE_CLAIM && look->phase == LOOK_ASKING
	    && look->check[0] == pending->check) {
		model_look_close(model, false);
	} else if (pending->kind == WIRE_LOOK && look->id == pending->look
	           && model_look_awaits_picture(look)) {
		model_look_fail(model, text);
	} else if (pending->kind == WIRE_ANSWER && look->id == pending->look
	           && look->phase != LOOK_NONE) {
		memset(look->sent, 0, sizeof look->sent);
		memset(look->answer, 0, sizeof look->answer);
		if (look->phase == LOOK_SENDING)
			model_phase(model, LOOK_QUESTION);
	}
	model_note(model, "%s: %s", model_name(model, pending->check), text);
}
