/* The command table, and what each command does by a line or two. */
#include "console/commands.h"

#include "console/model_inside.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE_LINES = 15 };

static const struct check *focused_check(const struct model *model)
{
	const struct list_row *row = model_focus(model);

	return row != NULL && row->n_checks > 0 ? model_check(model, row->check[0]) : NULL;
}

/* The resident that withdraw and pause are about: of the details, of the look, or of the row. */
static const char *focused_resident(const struct model *model)
{
	const struct list_row *row = model_focus(model);
	const struct check *check = focused_check(model);
	const struct standing_alarm *alarm;

	if (model->screen == SCREEN_DETAILS)
		return model->details;
	if (model->screen == SCREEN_LOOK)
		check = model_check(model, model->look.check[model->look.person]);
	if (check != NULL)
		return check->resident;
	alarm = row != NULL ? model_alarm(model, row->alarm_id) : NULL;
	return alarm != NULL ? alarm->subject : "";
}

static void show_details(struct model *model)
{
	const struct resident *resident = model_resident(model, focused_resident(model));

	if (resident == NULL)
		return;
	memcpy(model->details, resident->id, sizeof model->details);
	model->details_top = 0;
	model->back = model->screen;
	model_show(model, SCREEN_DETAILS);
	model_history_ask(model);
}

static void run_enter(struct model *model, const char *words)
{
	const struct list_row *row = model_focus(model);

	(void)words;
	switch (model_next_step(model, row)) {
	case NEXT_LOOK:
		model_look_begin(model, row);
		break;
	case NEXT_ANSWER:
		model_look_resume(model, row);
		break;
	case NEXT_PAGE:
		model_prompt_page(model, model_check(model, row->check[0]));
		break;
	case NEXT_BOARD:
		model->board_focus = model->focus;
		model_show(model, SCREEN_PATROL);
		model_list_build(model);
		break;
	case NEXT_DETAILS:
		show_details(model);
		break;
	case NEXT_NOTHING:
		break;
	}
}

static void run_page(struct model *model, const char *words)
{
	const struct check *check = focused_check(model);

	(void)words;
	if (check == NULL)
		return;
	if (check->state == CHECK_CLOSED || check->state == CHECK_PATROL)
		model_note(model, "This check is %s.",
		           check->state == CHECK_CLOSED ? "done" : "with the patrol already");
	else
		model_prompt_page(model, check);
}

/* Text that is scrolled, without a cursor on a row. */
static bool is_sheet(const struct model *model)
{
	return model->screen == SCREEN_DETAILS || model->screen == SCREEN_HELP
	       || model->screen == SCREEN_MESSAGES;
}

static void run_down(struct model *model, const char *words)
{
	(void)words;
	if (is_sheet(model))
		model->details_top++;
	else
		model_list_move(model, 1);
}

static void run_up(struct model *model, const char *words)
{
	(void)words;
	if (is_sheet(model))
		model->details_top -= model->details_top > 0;
	else
		model_list_move(model, -1);
}

static void run_first(struct model *model, const char *words)
{
	(void)words;
	model_list_top(model);
}

static void run_last(struct model *model, const char *words)
{
	(void)words;
	model_list_move(model, (int)model->list.n + (int)model->board.n);
}

static void run_page_down(struct model *model, const char *words)
{
	(void)words;
	if (is_sheet(model))
		model->details_top += PAGE_LINES;
	else
		model_list_move(model, PAGE_LINES);
}

static void run_page_up(struct model *model, const char *words)
{
	(void)words;
	if (is_sheet(model))
		model->details_top -= model->details_top < PAGE_LINES ? model->details_top
		                                                      : PAGE_LINES;
	else
		model_list_move(model, -PAGE_LINES);
}

static void run_details(struct model *model, const char *words)
{
	(void)words;
	show_details(model);
}

static void run_board(struct model *model, const char *words)
{
	(void)words;
	model->board_focus = (struct subject){0};
	if (model_find(&model->board, &model->focus) >= 0)
		model->board_focus = model->focus;
	model_show(model, SCREEN_PATROL);
	model_list_build(model);
}

static void run_help(struct model *model, const char *words)
{
	(void)words;
	if (model->screen == SCREEN_HELP)
		return;
	if (model->screen == SCREEN_LOOK
	    && (model->look.phase == LOOK_DRAWING || model->look.phase == LOOK_STANDING)) {
		/* Its text would be drawn over the picture. */
		model_note(model, "The look's keys stand below; help comes after the picture.");
		return;
	}
	model->back = model->screen == SCREEN_DETAILS ? model->home : model->screen;
	model->details_top = 0;
	model_show(model, SCREEN_HELP);
}

static void run_messages(struct model *model, const char *words)
{
	(void)words;
	model->back = is_sheet(model) ? model->home : model->screen;
	model->details_top = 0;
	model_show(model, SCREEN_MESSAGES);
}

/* The cursor goes along: both are the same night. */
static void show_home(struct model *model, enum screen_id home)
{
	model->home = home;
	model_show(model, home);
}

static void run_back(struct model *model, const char *words)
{
	(void)words;
	if (is_sheet(model))
		model_show(model, model->back);
	else if (model->screen == SCREEN_PATROL)
		model_show(model, model->home);
	else if (model->screen == SCREEN_GRID)
		show_home(model, SCREEN_TONIGHT);
	else
		model_note(model, "This is the first screen.");
	model_list_build(model);
}

static void run_by_resident(struct model *model, const char *words)
{
	(void)words;
	show_home(model, model->home == SCREEN_GRID ? SCREEN_TONIGHT : SCREEN_GRID);
	model_list_build(model);
}

static void run_fold(struct model *model, const char *words)
{
	(void)words;
	model_list_fold(model);
}

static void run_find(struct model *model, const char *words)
{
	(void)words;
	model_search_open(model);
}

static void run_find_next(struct model *model, const char *words)
{
	(void)words;
	model_search_next(model, 1);
}

static void run_find_previous(struct model *model, const char *words)
{
	(void)words;
	model_search_next(model, -1);
}

static void run_prompt(struct model *model, const char *words)
{
	struct deed deed = {.kind = DEED_COMMAND};

	(void)words;
	model_prompt_open(model, &deed, "", true,
	                  "Command: undo, withdraw, pause, resume, messages, quit");
}

static void run_well(struct model *model, const char *words)
{
	(void)words;
	model_look_answer(model, ANSWER_WELL, "");
}

static void run_not_seen(struct model *model, const char *words)
{
	(void)words;
	model_look_answer(model, ANSWER_NOT_SEEN, "");
}

static void run_patrol(struct model *model, const char *words)
{
	const struct check *check = model_check(model, model->look.check[model->look.person]);

	(void)words;
	if (model->look.phase == LOOK_FAILED && check != NULL)
		model_prompt_page(model, check);
	else
		model_prompt_answer(model, ANSWER_PATROL);
}

static void run_needs_help(struct model *model, const char *words)
{
	(void)words;
	model_prompt_answer(model, ANSWER_NEEDS_HELP);
}

static void run_other_person(struct model *model, const char *words)
{
	(void)words;
	model_look_answer(model, ANSWER_OTHER_PERSON, "");
}

static void run_unusable(struct model *model, const char *words)
{
	(void)words;
	model_look_answer(model, ANSWER_UNUSABLE, "");
}

static void run_end_view(struct model *model, const char *words)
{
	(void)words;
	model_look_leave(model);
}

static void run_first_person(struct model *model, const char *words)
{
	(void)words;
	model_look_choose(model, 0);
}

static void run_second_person(struct model *model, const char *words)
{
	(void)words;
	model_look_choose(model, 1);
}

static void run_emergency(struct model *model, const char *words)
{
	(void)words;
	model_patrol_emergency(model);
}

#define EVENT(name, word) \
	static void name(struct model *model, const char *words) \
	{ \
		(void)words; \
		model_patrol_event(model, word); \
	}
#define REPORT(name, word) \
	static void name(struct model *model, const char *words) \
	{ \
		(void)words; \
		model_patrol_report(model, word); \
	}
EVENT(run_acknowledged, "acknowledged")
EVENT(run_on_site, "on-site")
EVENT(run_called, "called")
EVENT(run_resend, "resend")
EVENT(run_next_person, "next")
REPORT(run_seen_well, "well")
REPORT(run_helped, "helped")
REPORT(run_ambulance, "ambulance")
REPORT(run_nobody_home, "nobody-home")
REPORT(run_no_entry, "no-entry")
REPORT(run_broken_off, "broken-off")

static void run_undo(struct model *model, const char *words)
{
	model_prompt_undo(model, strstr(words, "patrol") != NULL);
}

static void run_withdraw(struct model *model, const char *words)
{
	(void)words;
	model_prompt_withdraw(model, focused_resident(model));
}

static void run_pause(struct model *model, const char *words)
{
	int nights = atoi(words);

	model_prompt_pause(model, focused_resident(model), nights > 0 && nights <= 60 ? nights : 1);
}

static void run_resume(struct model *model, const char *words)
{
	(void)words;
	model_prompt_resume(model, focused_resident(model));
}

static void run_quit(struct model *model, const char *words)
{
	(void)words;
	model_prompt_quit(model);
}

const struct command console_commands[] = {
	{"look", IN_TONIGHT, COMMAND_ACTS | COMMAND_OPENS | COMMAND_NEEDED, "look",
         "The next thing to do: look, answer, or see the patrol.", run_enter},
	{"details", IN_LISTS, 0, "details",
         "Details of the resident: plan, notes, contacts, camera.", run_details},
	{"page", IN_TONIGHT, COMMAND_ACTS | COMMAND_ASKS | COMMAND_NEEDED, "patrol",
         "Page the night patrol without a look; asks for the reason.", run_page},
	{"board", IN_TONIGHT | IN_DETAILS | IN_HELP, 0, "board",
         "The patrol board: every open page and visit.", run_board},
	{"move down", IN_LISTS | IN_DETAILS | IN_HELP, 0, NULL, "The next line.", run_down},
	{"move up", IN_LISTS | IN_DETAILS | IN_HELP, 0, NULL, "The line before.", run_up},
	{"move first", IN_LISTS, 0, NULL, "The first line: the right next thing.", run_first},
	{"move last", IN_LISTS, 0, NULL, "The last line.", run_last},
	{"page down", IN_LISTS | IN_DETAILS | IN_HELP, 0, NULL, "A page down.", run_page_down},
	{"page up", IN_LISTS | IN_DETAILS | IN_HELP, 0, NULL, "A page up.", run_page_up},
	{"by-resident", IN_TONIGHT, 0, "grid",
         "The night as a grid, a line for each resident; again: the order of work.",
         run_by_resident},
	{"fold", IN_TONIGHT, 0, "fold",
         "Fold what comes or what is done, where the cursor is; else both, or unfold.", run_fold},
	{"find", IN_LISTS, COMMAND_ASKS, "find", "Find a resident by name.", run_find},
	{"find next", IN_TONIGHT, 0, NULL, "The next one of that name.", run_find_next},
	{"find previous", IN_TONIGHT, 0, NULL, "The one of that name before.", run_find_previous},

	{"answer well", IN_LOOK, COMMAND_ACTS | COMMAND_NEEDED, "all well",
         "All is well: the check is done.", run_well},
	{"answer not-seen", IN_LOOK, COMMAND_ACTS | COMMAND_NEEDED,
         "not seen: look again in 10 min", "Not seen: look again in ten minutes (first look only).",
         run_not_seen},
	{"answer patrol", IN_LOOK, COMMAND_ACTS | COMMAND_ASKS | COMMAND_NEEDED,
         "page the night patrol", "Page the night patrol; asks for the reason.", run_patrol},
	{"answer help", IN_LOOK, COMMAND_ACTS | COMMAND_ASKS | COMMAND_NEEDED, "needs help now",
         "The resident needs help now: patrol at once, and the number to call.", run_needs_help},
	{"answer other", IN_LOOK, COMMAND_ACTS | COMMAND_NEEDED, "other person",
         "Another person is in the picture: the view ends at once.", run_other_person},
	{"answer unusable", IN_LOOK, COMMAND_ACTS | COMMAND_NEEDED, "picture unusable",
         "The picture is dark, covered or moved: one replacement, then fault.", run_unusable},
	{"end view", IN_LOOK, COMMAND_NEEDED, "end the view",
         "End the view now; the question stays. Again: leave it for later.", run_end_view},
	{"first person", IN_LOOK, 0, NULL, "A couple: answer for the first person.",
         run_first_person},
	{"second person", IN_LOOK, 0, NULL, "A couple: answer for the second person.",
         run_second_person},
	{"emergency", IN_LOOK | IN_PATROL, COMMAND_ACTS | COMMAND_ASKS | COMMAND_NEEDED,
         "112 called", "Record that the emergency number was called.", run_emergency},

	{"acknowledged", IN_PATROL, COMMAND_ACTS | COMMAND_ASKS, "acknowledged",
         "The patrol has acknowledged the page.", run_acknowledged},
	{"on site", IN_PATROL, COMMAND_ACTS | COMMAND_ASKS, "on site", "The patrol is on site.",
         run_on_site},
	{"seen well", IN_PATROL, COMMAND_ACTS | COMMAND_ASKS, "well",
         "From the site: resident seen and well; closes the check.", run_seen_well},
	{"seen helped", IN_PATROL, COMMAND_ACTS | COMMAND_ASKS, "helped",
         "From the site: resident seen and helped; closes the check.", run_helped},
	{"seen ambulance", IN_PATROL, COMMAND_ACTS | COMMAND_ASKS, "ambulance",
         "From the site: resident taken by ambulance; closes the check.", run_ambulance},
	{"nobody home", IN_PATROL, COMMAND_ACTS | COMMAND_ASKS, "nobody home",
         "From the site: nobody home; stays open with a high alarm.", run_nobody_home},
	{"no entry", IN_PATROL, COMMAND_ACTS | COMMAND_ASKS, "no entry",
         "From the site: no entry; stays open with a high alarm.", run_no_entry},
	{"broken off", IN_PATROL, COMMAND_ACTS | COMMAND_ASKS, "broken off",
         "From the site: visit broken off; stays open with a high alarm.", run_broken_off},
	{"called", IN_PATROL, COMMAND_ACTS | COMMAND_ASKS, "called",
         "Record a telephone call to whoever is paged.", run_called},
	{"resend", IN_PATROL, COMMAND_ACTS | COMMAND_ASKS, "resend",
         "Send the page again to the same person.", run_resend},
	{"next person", IN_PATROL, COMMAND_ACTS | COMMAND_ASKS, "next",
         "Page the next person of the chain.", run_next_person},

	{"undo", IN_PROMPT, COMMAND_ACTS | COMMAND_ASKS, NULL,
         "Change your last answer towards more care; :undo patrol pages.", run_undo},
	{"withdraw", IN_DETAILS | IN_PROMPT, COMMAND_ACTS | COMMAND_ASKS, "withdrawn",
         "The resident withdraws consent: the lens stays shut from now on.", run_withdraw},
	{"pause", IN_DETAILS | IN_PROMPT, COMMAND_ACTS | COMMAND_ASKS, "pause",
         "The resident is away or has guests; :pause 3 for three nights.", run_pause},
	{"resume", IN_DETAILS | IN_PROMPT, COMMAND_ACTS | COMMAND_ASKS, "end pause",
         "The pause is over: checks are made again.", run_resume},
	{"back", IN_LISTS | IN_DETAILS | IN_HELP, COMMAND_NEEDED, "back",
         "Back to where you came from.", run_back},
	{"prompt", IN_ALL, COMMAND_ASKS, NULL, "Type a command.", run_prompt},
	{"help", IN_ALL | IN_PROMPT, COMMAND_NEEDED, "all keys",
         "All keys of this screen and of the others.", run_help},
	{"messages", IN_PROMPT, 0, NULL, "What is wrong with the console's own files.",
         run_messages},
	{"quit", IN_TONIGHT | IN_PROMPT, COMMAND_ASKS | COMMAND_NEEDED, NULL,
         "Leave the console; asks first.", run_quit},
};

const size_t n_console_commands = sizeof console_commands / sizeof *console_commands;

const struct command *command_named(const char *name)
{
	for (size_t i = 0; i < n_console_commands; i++)
		if (strcmp(console_commands[i].name, name) == 0)
			return &console_commands[i];
	return NULL;
}

const struct command *command_by_name(const char *text, const char **words)
{
	size_t len;

	text += strspn(text, " ");
	len = strcspn(text, " ");
	for (size_t i = 0; i < n_console_commands; i++)
		if ((console_commands[i].contexts & IN_PROMPT) != 0
		    && strlen(console_commands[i].name) == len
		    && strncmp(console_commands[i].name, text, len) == 0) {
			*words = text + len;
			return &console_commands[i];
		}
	return NULL;
}
