/*
 * How a resident's latest nights ended: counted from the checks' rows when somebody asks, so that
 * an operator sees whether a camera fails every night or a resident is often up at three.
 */
#include "hub/inside.h"

#include <string.h>

struct night_count {
	int well, visited, excused, open, rechecked, no_picture, unanswered;
};

struct history {
	int32_t first; /* night */
	struct night_count night[HISTORY_NIGHTS];
};

static void count_end(struct night_count *count, const struct check *check)
{
	switch (check->outcome) {
	case OUTCOME_SEEN_WELL:
		count->well++;
		break;
	case OUTCOME_VISITED:
		count->visited++;
		break;
	case OUTCOME_EXCUSED:
		count->excused++;
		break;
	default:
		count->open++;
		break;
	}
}

static bool count(void *arg, const struct check *check)
{
	struct history *history = arg;
	struct night_count *night = &history->night[check->night - history->first];
	bool paged = check->patrol_ms != 0;

	count_end(night, check);
	night->rechecked += check->first_answer_ms != 0;
	night->no_picture += paged && check->cause >= CAUSE_CAMERA_LOST
	                  && check->cause <= CAUSE_SIGNER;
	night->unanswered += paged && check->cause == CAUSE_NO_ANSWER;
	return true;
}

static struct wire_message *message_of(const struct wire_message *query, int32_t number,
                                       const struct night_count *night)
{
	struct wire_message *message = wire_new(WIRE_HISTORY);

	wire_set_int(message, "command", wire_int(query, "command"));
	wire_set_text(message, "resident", wire_text(query, "resident"));
	wire_set_int(message, "night", number);
	wire_set_int(message, "well", night->well);
	wire_set_int(message, "visited", night->visited);
	wire_set_int(message, "excused", night->excused);
	wire_set_int(message, "open", night->open);
	wire_set_int(message, "rechecked", night->rechecked);
	wire_set_int(message, "no_picture", night->no_picture);
	wire_set_int(message, "unanswered", night->unanswered);
	return message;
}

void history_query(struct hub *hub, struct session *session, const struct wire_message *message)
{
	const char *resident = wire_text(message, "resident");
	struct history history = {.first = hub->night - HISTORY_NIGHTS};
	struct resident_row row;

	if (hub->store->resident_get(hub->store->impl, resident, &row) != ERR_OK) {
		send_refused(hub, session, message, REFUSE_UNKNOWN);
		return;
	}
	if (hub->store->checks_of_resident(hub->store->impl, resident, history.first,
	                                   hub->night - 1, count, &history)
	    != ERR_OK) {
		hub->failed = true;
		return;
	}
	for (int i = 0; i < HISTORY_NIGHTS; i++)
		send_message(hub, session->id,
		             message_of(message, history.first + i, &history.night[i]));
	send_done(hub, session, message, "");
}
