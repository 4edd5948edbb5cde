/*
 * Answers: one for each person of a look, or a couple's two together. What is not about a person
 * but about the picture holds for both; help for one must not wait for the other's answer
 * (SERVICE.md hard case 4).
 */
#include "hub/inside.h"

#include <string.h>

/* An answer that is right for one person of a couple alone: help must not wait for the other's. */
static bool may_be_alone(enum answer answer)
{
	return answer == ANSWER_NEEDS_HELP || answer == ANSWER_PATROL;
}

/* An answer about the picture, not about a person: it holds for every check of the look. */
static bool is_about_the_picture(enum answer answer)
{
	return answer == ANSWER_OTHER_PERSON || answer == ANSWER_UNUSABLE;
}

static bool awaits_answer(struct hub *hub, int64_t id, int64_t look)
{
	struct check check;

	return hub->store->check_get(hub->store->impl, id, &check) == ERR_OK && check.look == look
	       && (check.state == CHECK_LOOKING || check.state == CHECK_DECIDING
	           || check.state == CHECK_UNDECIDED);
}

/*
 * Its page is held after a hub start: an answer from a journal may still come first, also for one
 * of a list.
 */
static bool page_is_unsent(struct hub *hub, const struct check *check)
{
	struct page page;

	return check->page != 0
	    && hub->store->page_get(hub->store->impl, check->page, &page) == ERR_OK && page.held;
}

static enum err answer_one(struct hub *hub, const struct session *session,
                           const struct look_row *look, int64_t id, enum answer answer,
                           const char *reason, enum refusal *refusal)
{
	struct check_event event = {.kind = EVENT_ANSWER, .operator_id = session->operator_id,
	                            .session = session->id, .look = look->id, .answer = answer,
	                            .reason = reason};
	struct check check;
	enum err r = hub->store->check_get(hub->store->impl, id, &check);

	if (r != ERR_OK)
		return r;
	event.earlier_look = check.look != look->id;
	event.page_unsent = page_is_unsent(hub, &check);
	return step_check(hub, &check, &event, refusal);
}

/* What an answer message says, checked against its look. */
struct answers {
	int n;
	int64_t check[PERSONS_MAX];
	enum answer answer[PERSONS_MAX];
	const char *reason[PERSONS_MAX];
};

static enum refusal read_answers(struct hub *hub, const struct look_row *look,
                                 const struct wire_message *message, struct answers *answers)
{
	int first = check_answer_from_name(wire_text(message, "answer"));
	int second = check_answer_from_name(wire_text(message, "answer2"));
	int64_t check = wire_int(message, "check"), other;

	if (first <= ANSWER_NONE
	    || (check != look->check[0] && (look->n_checks < 2 || check != look->check[1])))
		return REFUSE_LOOK;
	*answers = (struct answers){.n = 1, .check = {check}, .answer = {(enum answer)first},
	                            .reason = {wire_text(message, "reason")}};
	if (look->n_checks < 2)
		return REFUSE_NO;
	other = look->check[check == look->check[0]];
	if (is_about_the_picture((enum answer)first)) {
		/*
		 * The patrol may have been called for the other already: then it is about who is
		 * left.
		 */
		if (!awaits_answer(hub, other, look->id))
			return REFUSE_NO;
		second = first;
	} else if (second > ANSWER_NONE && is_about_the_picture((enum answer)second)) {
		return REFUSE_BOTH;
	} else if (wire_int(message, "check2") == 0 && may_be_alone((enum answer)first)) {
		return REFUSE_NO;
	} else if (wire_int(message, "check2") == 0) {
		return awaits_answer(hub, other, look->id) ? REFUSE_BOTH : REFUSE_NO;
	} else if (wire_int(message, "check2") != other || second <= ANSWER_NONE) {
		return REFUSE_LOOK;
	}
	answers->n = 2;
	answers->check[1] = other;
	answers->answer[1] = (enum answer)second;
	answers->reason[1] = wire_text(message, "reason2");
	return REFUSE_NO;
}

void look_answer(struct hub *hub, struct session *session, const struct wire_message *message)
{
	struct look_row look;
	struct answers answers = {0};
	enum refusal refusal = REFUSE_LOOK;
	enum err r = ERR_OK;

	/* Only who saw the picture can say what it showed; from which session does not matter. */
	if (!look_of_operator(hub, session, message, &look)) {
		refuse_logged(hub, session, message, check_refusal_name(REFUSE_LOOK),
		              check_refusal_text(REFUSE_LOOK));
		return;
	}
	refusal = read_answers(hub, &look, message, &answers);
	if (refusal != REFUSE_NO) {
		send_refused(hub, session, message, refusal);
		return;
	}
	if (hub_begin(hub) != ERR_OK)
		return;
	for (int i = 0; i < answers.n && r == ERR_OK && refusal == REFUSE_NO; i++)
		r = answer_one(hub, session, &look, answers.check[i], answers.answer[i],
		               answers.reason[i], &refusal);
	if (r != ERR_OK || refusal != REFUSE_NO) {
		hub_abort(hub);
		hub->failed = hub->failed || (r != ERR_OK && r != ERR_NOT_FOUND);
		send_refused(hub, session, message, refusal);
	} else if (hub_commit(hub) == ERR_OK) {
		send_done(hub, session, message, "");
	}
}
