/*
 * Operators: people of different habits in front of a console. Each turn she looks at the screen and does
 * one thing, in her own time; she presses a wrong key now and then, loses patience, sleeps, walks away.
 */
#include "world.h"

#include "core/event.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IDLE_MS (12 * MS_SECOND)
#define TYPE_MS 700   /* between a key that asks and the one that confirms */

static const struct habit habits[] = {
	{"quick", 900, 3000, 15, 10},
	{"steady", 1500, 7000, 5, 3},
	{"slow", 4000, 24000, 8, 5},
	{"hasty", 300, 700, 60, 40},
};

static void turn(struct world *world, const struct event *event);

static void turn_in(struct world *world, struct desk *desk, int64_t ms)
{
	world_at(world, world->now_ms + ms, turn, desk->index, (int64_t)++desk->turn, 0, NULL, 0);
}

void operator_wake(struct world *world, struct desk *desk, int64_t in_ms)
{
	if (desk->held > 0)
		return;
	world_at(world, world->now_ms + in_ms + random_below(&desk->random, desk->habit->react_ms), turn, desk->index,
	         (int64_t)++desk->turn, 0, NULL, 0);
}

void operator_begin(struct world *world, struct desk *desk)
{
	desk->habit = &habits[random_below(&desk->random, sizeof habits / sizeof habits[0])];
	operator_wake(world, desk, 5 * MS_SECOND);
}

static void type(struct world *world, struct desk *desk, const char *text)
{
	for (; *text != '\0'; text++)
		desk_key(world, desk, *text == ' ' ? INPUT_SPACE : (key_code)(unsigned char)*text);
}

/* A line asks. She does what it says if it is hers, else Escape. */
static int64_t at_prompt(struct world *world, struct desk *desk)
{
	struct prompt *prompt = &desk->model->prompt;

	if (!desk->wants || random_chance(&desk->random, desk->habit->wrong_key)) {
		desk_key(world, desk, INPUT_ESCAPE);
		desk->wants = false;
		return TYPE_MS;
	}
	if (desk->typing != NULL) {
		type(world, desk, desk->typing);
		desk->typing = NULL;
		return TYPE_MS;
	}
	if (prompt->takes_text && prompt->text[0] == '\0' && prompt->deed.kind != DEED_FIND
	    && prompt->deed.kind != DEED_COMMAND) {
		type(world, desk, "no picture");
		return TYPE_MS;
	}
	desk_key(world, desk, model_confirm_key(prompt));
	if (desk->model->prompt.deed.kind == DEED_NONE || desk->model->prompt.deed.kind == DEED_UNDO)
		desk->wants = desk->model->prompt.deed.kind == DEED_UNDO;
	return TYPE_MS;
}

static const char *answer_to(const char *scene)
{
	if (strcmp(scene, "asleep") == 0)
		return "c";
	if (strcmp(scene, "floor") == 0)
		return "h";
	if (strcmp(scene, "other") == 0)
		return "o";
	return strcmp(scene, "covered") == 0 ? "u" : "r";
}

/* What she answers for the person that the keys are about. */
static key_code answer_key(struct desk *desk)
{
	const struct look *look = &desk->model->look;
	const char *keys = "crphou", *key;
	bool saw = desk->saw_look == look->id;

	if (random_chance(&desk->random, desk->habit->wrong_key))
		return (key_code)keys[random_below(&desk->random, 6)];
	if (!saw)
		return 'p';
	key = answer_to(desk->saw[look->person]);
	if (look->other_person && *key == 'o')
		return random_chance(&desk->random, 700) ? 'c' : 'r';
	if (look->recheck && *key == 'r')
		return 'p';
	return (key_code)*key;
}

static int64_t answer(struct world *world, struct desk *desk)
{
	key_code key = answer_key(desk);

	if (desk->judged_look != desk->model->look.id)
		desk->judged = 0;
	desk->judged_look = desk->model->look.id;
	/* Refused again and again: it is somebody else's by now. */
	if (desk->judged++ > 6)
		key = INPUT_ESCAPE;
	desk_key(world, desk, key);
	desk->wants = desk->model->prompt.deed.kind != DEED_NONE;
	return TYPE_MS + desk->habit->react_ms / 2;
}

static void remember(struct desk *desk)
{
	desk->saw_look = desk->model->look.id;
	memcpy(desk->saw, desk->viewer.seen, sizeof desk->saw);
}

static int64_t at_picture(struct world *world, struct desk *desk)
{
	const struct look *look = &desk->model->look;

	if (desk->saw_look != look->id) {
		remember(desk);
		return desk->habit->read_ms / 4 + random_below(&desk->random, 2 * desk->habit->read_ms);
	}
	if (random_chance(&desk->random, desk->habit->impatient)) {
		desk_key(world, desk, INPUT_ESCAPE);
		return TYPE_MS;
	}
	return answer(world, desk);
}

/* She leans on the key, or types ahead: nothing of it may answer a picture that comes under it. */
static int64_t lean(struct world *world, struct desk *desk)
{
	desk->held--;
	desk_key(world, desk, 'c');
	return random_between(&desk->random, 40, 120);
}

static int64_t in_look(struct world *world, struct desk *desk)
{
	if (desk->held > 0)
		return lean(world, desk);
	switch (desk->model->look.phase) {
	case LOOK_STANDING:
		return at_picture(world, desk);
	case LOOK_QUESTION:
		return answer(world, desk);
	case LOOK_HELP:
		desk_key(world, desk, random_chance(&desk->random, 500) ? '!' : INPUT_ESCAPE);
		return 2 * MS_SECOND;
	case LOOK_FAILED:
		if (random_chance(&desk->random, 600)) {
			desk_key(world, desk, INPUT_ESCAPE);
			return TYPE_MS;
		}
		desk_key(world, desk, 'p');
		desk->wants = true;
		return TYPE_MS;
	case LOOK_NONE:
		desk_key(world, desk, INPUT_ESCAPE);
		return TYPE_MS;
	default:
		if (random_chance(&desk->random, desk->habit->impatient))
			desk_key(world, desk, INPUT_ESCAPE);
		else if (random_chance(&desk->random, 2 * desk->habit->impatient))
			desk->held = (int)random_between(&desk->random, 5, 40);
		return MS_SECOND;
	}
}

/* The line of the shown list on which a check is; -1 = none. */
static int line_of(const struct rows *list, int64_t check)
{
	struct subject subject = {.check = check};

	return model_find(list, &subject);
}

static void move_to(struct world *world, struct desk *desk, const struct rows *list, int line)
{
	desk_key(world, desk, INPUT_HOME);
	for (int i = 0; i < line && i < (int)list->n; i++)
		desk_key(world, desk, 'j');
}

static key_code key_of_call(const char *word)
{
	static const struct {
		const char *word;
		key_code key;
	} keys[] = {
		{"acknowledged", 'a'}, {"on-site", 's'}, {"well", 'c'}, {"helped", 'd'}, {"ambulance", 'm'},
		{"nobody-home", 'x'}, {"no-entry", 'e'}, {"broken-off", 'f'}, {"called", 't'},
	};

	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (strcmp(keys[i].word, word) == 0)
			return keys[i].key;
	return INPUT_NONE;
}

static int64_t hang_up(struct desk *desk)
{
	desk->call.word = NULL;
	desk->call_step = 0;
	return MS_SECOND;
}

/* "She has said that she does not want it any more": find her, open her details, withdraw. */
static int64_t resident_call(struct world *world, struct desk *desk)
{
	struct call *call = &desk->call;

	switch (desk->call_step++) {
	case 0:
		if (desk->model->screen != SCREEN_TONIGHT)
			desk_key(world, desk, INPUT_ESCAPE);
		desk_key(world, desk, '/');
		desk->typing = call->resident;
		desk->wants = true;
		return TYPE_MS;
	case 1:
		desk_key(world, desk, INPUT_SPACE);
		return TYPE_MS + 300;
	case 2:
		if (desk->model->screen != SCREEN_DETAILS || strcmp(desk->model->details, call->resident) != 0)
			return hang_up(desk);
		desk_key(world, desk, strcmp(call->word, "withdraw") == 0 ? 'w' : strcmp(call->word, "pause") == 0 ? 'z' : 'v');
		desk->wants = desk->model->prompt.deed.kind != DEED_NONE;
		return TYPE_MS;
	default:
		if (desk->model->screen == SCREEN_DETAILS)
			desk_key(world, desk, INPUT_ESCAPE);
		return hang_up(desk);
	}
}

/* The patrol on the telephone: to the board, to the row, the key, the confirmation. */
static int64_t patrol_call(struct world *world, struct desk *desk)
{
	struct call *call = &desk->call;
	const struct check *check = model_check(desk->model, call->check);

	if (check == NULL || check->state != CHECK_PATROL || call->tried > 6)
		return hang_up(desk);
	if (desk->model->screen != SCREEN_PATROL) {
		desk_key(world, desk, desk->model->screen == SCREEN_TONIGHT ? 'b' : INPUT_ESCAPE);
		return TYPE_MS + 300;
	}
	if (desk->model->board_focus.check != call->check) {
		int line = line_of(&desk->model->board, call->check);

		if (line < 0)
			return hang_up(desk);
		move_to(world, desk, &desk->model->board, line);
		call->tried++;
		return TYPE_MS;
	}
	call->tried++;
	desk_key(world, desk, key_of_call(call->word));
	if (desk->model->prompt.deed.kind == DEED_NONE)
		return TYPE_MS;
	desk->wants = true;
	hang_up(desk);
	return TYPE_MS;
}

static bool take_call(struct world *world, struct desk *desk)
{
	if (world->calls.n == 0)
		return false;
	desk->call = *(struct call *)world->calls.items;
	list_drop(&world->calls, sizeof desk->call, 0);
	desk->call_step = 0;
	world->counts.calls++;
	history_note(world, "%s takes a call: %s %s, check %lld", desk->user, desk->call.contact, desk->call.word,
	             (long long)desk->call.check);
	return true;
}

static bool is_work(struct desk *desk, const struct list_row *row)
{
	enum next_step step = model_next_step(desk->model, row);

	return row->section == SECTION_NEEDS_YOU && (step == NEXT_LOOK || step == NEXT_ANSWER || step == NEXT_PAGE);
}

static int64_t at_list(struct world *world, struct desk *desk)
{
	const struct model *model = desk->model;
	const struct list_row *focus;

	if (model->screen != SCREEN_TONIGHT) {
		desk_key(world, desk, INPUT_ESCAPE);
		return TYPE_MS + 300;
	}
	for (size_t i = 0; i < model->list.n; i++) {
		if (model_row(&model->list, i)->section != SECTION_NEEDS_YOU)
			break;
		if (!is_work(desk, model_row(&model->list, i)))
			continue;
		focus = model_focus(model);
		if (focus != model_row(&model->list, i)) {
			move_to(world, desk, &model->list, (int)i);
			return TYPE_MS;
		}
		desk_key(world, desk, INPUT_ENTER);
		desk->wants = model->prompt.deed.kind != DEED_NONE;
		return TYPE_MS + 200;
	}
	if (random_chance(&desk->random, 4)) {
		/* Any key at all: a sleeve, a cat. */
		static const key_code any[] = {'j', 'k', 'b', '?', INPUT_SPACE, 'p', INPUT_ENTER, ':', 'G', 'x', 'c'};

		desk_key(world, desk, any[random_below(&desk->random, sizeof any / sizeof any[0])]);
	}
	return IDLE_MS;
}

/* Second thoughts: the last answer was not what she meant. */
static bool second_thoughts(struct world *world, struct desk *desk)
{
	if (desk->model->answered.check == 0 || !random_chance(&desk->random, 6)
	    || desk->model->screen != SCREEN_TONIGHT || desk->call.word != NULL)
		return false;
	desk_key(world, desk, ':');
	desk->typing = "undo";
	desk->wants = true;
	return true;
}

static int64_t act(struct world *world, struct desk *desk)
{
	if (desk->model->prompt.deed.kind != DEED_NONE)
		return at_prompt(world, desk);
	desk->typing = NULL;
	if (desk->model->screen == SCREEN_LOOK)
		return in_look(world, desk);
	if (second_thoughts(world, desk))
		return TYPE_MS;
	if (desk->call.word != NULL || take_call(world, desk))
		return key_of_call(desk->call.word) != INPUT_NONE ? patrol_call(world, desk) : resident_call(world, desk);
	return at_list(world, desk);
}

static void turn(struct world *world, const struct event *event)
{
	struct desk *desk = &world->desk[event->a];
	struct now now = desk_now(world, desk);
	int64_t wait = IDLE_MS;

	if ((uint64_t)event->b != desk->turn)
		return;
	if (desk->model != NULL && desk->asleep == 0 && desk->away == 0) {
		model_tick(desk->model, &now);
		model_drawn(desk->model, desk->model->details_top);
		wait = act(world, desk);
	}
	if (desk->held > 0)
		turn_in(world, desk, wait);
	else
		operator_wake(world, desk, wait);
}
