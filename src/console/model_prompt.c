/*
 * The line that asks before something is done. It names the resident, and who will be woken; Enter
 * does it, Esc does not. What will be done is bound when the line opens.
 */
#include "console/model_inside.h"

#include "base/text.h"
#include "console/words.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void model_prompt_open(struct model *model, const struct deed *deed, const char *text,
                       bool takes_text, const char *format, ...)
{
	struct prompt *prompt = &model->prompt;
	va_list args;

	*prompt = (struct prompt){.deed = *deed,
	                          .takes_text = takes_text,
	                          .opened_ms = model->now.elapsed_ms,
	                          .by_enter = model->last_key == INPUT_ENTER};
	va_start(args, format);
	vsnprintf(prompt->label, sizeof prompt->label, format, args);
	va_end(args);
	text_clean(prompt->text, sizeof prompt->text, prompt->by_enter ? "" : text);
	model->notice[0] = '\0';
	model->dirty = true;
}

static void prompt_close(struct model *model)
{
	model->prompt.deed.kind = DEED_NONE;
	model_changed(model);
}

/* Forgets the last character, whole. */
static void rub_out(char *text)
{
	size_t len = strlen(text);

	while (len > 0 && (text[len - 1] & 0xc0) == 0x80)
		len--;
	if (len > 0)
		text[len - 1] = '\0';
}

static size_t encode(uint32_t c, char out[4])
{
	if (c < 0x80)
		return out[0] = (char)c, 1;
	if (c < 0x800)
		return out[0] = (char)(0xc0 | c >> 6), out[1] = (char)(0x80 | (c & 0x3f)), 2;
	out[0] = (char)(0xe0 | c >> 12);
	out[1] = (char)(0x80 | (c >> 6 & 0x3f));
	out[2] = (char)(0x80 | (c & 0x3f));
	return 3;
}

static void type(struct prompt *prompt, key_code key)
{
	char bytes[5] = {0};
	uint32_t c = key == INPUT_SPACE ? ' ' : key;
	size_t len = strlen(prompt->text);

	if (!prompt->takes_text || c >= 0x10000)
		return;
	encode(c, bytes);
	if (text_is_clean(bytes) && len + strlen(bytes) < sizeof prompt->text)
		memcpy(prompt->text + len, bytes, strlen(bytes) + 1);
}

/*
 * A held or typed-ahead Enter confirms nothing: the line must have stood for as long as any key
 * waits.
 */
static void confirm(struct model *model)
{
	struct prompt done = model->prompt;
	bool needs_reason = done.deed.kind == DEED_PAGE
	                    || (done.deed.kind == DEED_ANSWER && done.deed.answer == ANSWER_PATROL);

	if (model->now.elapsed_ms - done.opened_ms < QUIET_MS && done.deed.kind != DEED_COMMAND
	    && done.deed.kind != DEED_FIND)
		return;
	if (done.by_enter && done.takes_text && done.text[0] == '\0') {
		model_note(model,
		           "Type the reason first: Enter asked, so Enter alone does not confirm.");
		return;
	}
	if (needs_reason && done.text[strspn(done.text, " ")] == '\0') {
		model_note(model, "A reason is needed.");
		return;
	}
	prompt_close(model);
	model_deed_do(model, &done.deed, done.text);
}

/* The key that confirms is never the key that asked. */
key_code model_confirm_key(const struct prompt *prompt)
{
	return prompt->by_enter && !prompt->takes_text ? 'y' : INPUT_ENTER;
}

void model_prompt_key(struct model *model, key_code key)
{
	struct prompt *prompt = &model->prompt;

	if (key == model_confirm_key(prompt)) {
		confirm(model);
	} else if (key == INPUT_ESCAPE) {
		if (prompt->deed.kind == DEED_FIND)
			model_search_give_up(model);
		prompt_close(model);
	} else if ((key == INPUT_UP || key == INPUT_DOWN)
	           && model_patrol_is_about_somebody(prompt)) {
		model_patrol_choose(model, key == INPUT_UP ? -1 : 1);
	} else if (key == INPUT_BACKSPACE && prompt->takes_text) {
		rub_out(prompt->text);
	} else {
		type(prompt, key);
	}
	if (prompt->deed.kind == DEED_FIND)
		model_search_typed(model);
	model->dirty = true;
}

static void names(const struct model *model, const struct check *check, char *out, size_t size)
{
	words_resident(model, check, out, size);
}

/* "wakes Patrol 1, 070-123 45 67": who answers for the area of the check. */
static void wakes(const struct model *model, const struct check *check, char *out, size_t size)
{
	const struct contact *contact = model_first_contact(model, check->area);

	if (contact == NULL)
		snprintf(out, size, "nobody is in the patrol chain: call %s",
		         model->centre.emergency);
	else
		snprintf(out, size, "wakes %s %s", contact->name, contact->phone);
}

void model_prompt_page(struct model *model, const struct check *check)
{
	struct deed deed = {
		.kind = DEED_PAGE, .check = check->id, .version = check->decision_version};
	char name[NAME_MAX_BYTES], who[NOTE_MAX_BYTES];
	const char *reason = check->state == CHECK_FAULT ? "no picture: " : "";
	char text[REASON_MAX_BYTES];

	names(model, check, name, sizeof name);
	wakes(model, check, who, sizeof who);
	snprintf(text, sizeof text, "%s%s", reason,
	         *reason ? words_cause(check->cause) : "no look could be made");
	model_prompt_open(model, &deed, text, true, "Page the night patrol for %s: %s", name, who);
}

void model_prompt_answer(struct model *model, enum answer answer)
{
	const struct look *look = &model->look;
	const struct check *check = model_check(model, look->check[look->person]);
	struct deed deed = {
		.kind = DEED_ANSWER, .answer = answer, .check = look->check[look->person]};
	const char *objection = model_look_objection(model, answer);
	const char *text = answer == ANSWER_NEEDS_HELP ? "needs help now"
	                   : look->recheck             ? "not seen twice"
	                                               : "looks wrong";
	char name[NAME_MAX_BYTES], who[NOTE_MAX_BYTES];

	if (objection != NULL || check == NULL) {
		model_note(model, "%s",
		           objection != NULL ? objection : "There is nothing to answer now.");
		return;
	}
	names(model, check, name, sizeof name);
	wakes(model, check, who, sizeof who);
	model_prompt_open(model, &deed, text, true, "%s %s: %s",
	                  answer == ANSWER_NEEDS_HELP ? "HELP NOW for"
	                                              : "Page the night patrol for",
	                  name, who);
}

void model_prompt_withdraw(struct model *model, const char *resident)
{
	const struct resident *row = model_resident(model, resident);
	struct deed deed = {.kind = DEED_WITHDRAW};

	if (row == NULL)
		return;
	memcpy(deed.resident, row->id, sizeof deed.resident);
	model_prompt_open(model, &deed, "said so tonight", true,
	                  "Consent withdrawn by %s: the lens stays shut, checks become visits",
	                  row->name);
}

void model_prompt_pause(struct model *model, const char *resident, int nights)
{
	const struct resident *row = model_resident(model, resident);
	struct deed deed = {.kind = DEED_PAUSE};
	char until[2 * CLOCK_BYTES];

	if (row == NULL || nights < 1)
		return;
	memcpy(deed.resident, row->id, sizeof deed.resident);
	deed.until_ms = model->centre.night_to_ms + (nights - 1) * MS_DAY;
	words_moment(model, deed.until_ms, until, sizeof until);
	model_prompt_open(model, &deed, "away", true,
	                  "Pause %s for %d night%s, until %s: no look, no visit", row->name, nights,
	                  nights == 1 ? "" : "s", until);
}

void model_prompt_resume(struct model *model, const char *resident)
{
	const struct resident *row = model_resident(model, resident);
	struct deed deed = {.kind = DEED_RESUME};

	if (row == NULL)
		return;
	memcpy(deed.resident, row->id, sizeof deed.resident);
	model_prompt_open(model, &deed, "", false, "End the pause of %s: checks are made again",
	                  row->name);
}

/* Only towards more care: well becomes not seen, anything can become the patrol. */
void model_prompt_undo(struct model *model, bool to_patrol)
{
	const struct answered *last = &model->answered;
	const struct check *check = last->check != 0 ? model_check(model, last->check) : NULL;
	bool patrol = to_patrol || last->answer != ANSWER_WELL;
	struct deed deed = {.kind = DEED_UNDO, .check = last->check,
	                    .answer = patrol ? ANSWER_PATROL : ANSWER_NOT_SEEN};
	char name[NAME_MAX_BYTES];

	if (check == NULL || model->now.elapsed_ms - last->at_ms > model->centre.policy.undo_ms) {
		model_note(model, "There is no answer of the last two minutes to undo.");
		return;
	}
	if (last->answer == ANSWER_PATROL || last->answer == ANSWER_NEEDS_HELP) {
		model_note(model,
		           "A page that was sent is called off only by a call to the patrol.");
		return;
	}
	names(model, check, name, sizeof name);
	model_prompt_open(model, &deed, patrol ? "second thoughts" : "", patrol,
	                  "Undo for %s: \"%s\" becomes \"%s\"", name, words_answer(last->answer),
	                  words_answer(deed.answer));
}

void model_prompt_quit(struct model *model)
{
	const struct check *check = model->checks.items;
	struct deed deed = {.kind = DEED_QUIT};
	char name[NAME_MAX_BYTES];

	for (size_t i = 0; i < model->checks.n; i++)
		if (check[i].state != CHECK_CLOSED && model_is_mine(model, &check[i])) {
			names(model, &check[i], name, sizeof name);
			model_prompt_open(model, &deed, "", false,
			                  model_has_pending_answer(model, check[i].look)
			                          ? "Quit? Your answer about %s has not reached "
			                            "the hub and is lost"
			                          : "Quit? %s still waits for your answer",
			                  name);
			return;
		}
	if (model->last_key == INPUT_ENTER)
		model->ports.quit(
			model->ports
				.arg); /* typed as a word: that is enough when nothing is open */
	else
		model_prompt_open(model, &deed, "", false, "Quit the console?");
}
