/*
 * The console without a terminal: what is known, where the cursor is, and what a key means now. No
 * curses, no sockets, no clock: whoever owns them hands in bytes, keys and instants, and does what
 * the ports ask. Views read the struct; only model*.c change it.
 *
 * Three rules guard every key (SCREENS.md, The look): it acts only on the resident whom the last
 * frame named, only after half a second of quiet since the screen changed, and the key that
 * confirms is never the key that asked.
 */
#ifndef TILLSYN_CONSOLE_MODEL_H
#define TILLSYN_CONSOLE_MODEL_H

#include "base/err.h"
#include "base/limits.h"
#include "base/now.h"
#include "base/zonedata.h"
#include "console/keys.h"
#include "console/messages.h"
#include "core/check.h"
#include "core/page.h"
#include "core/viewer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct keymap;

/* What the model asks of its owner. */
struct model_ports {
	void *arg;
	/* One message to the hub. */
	void (*send)(void *arg, const void *text, size_t len);
	/* Whether a picture would have room on the screen as it is now. */
	bool (*has_room)(void *arg);
	/*
	 * Starts a picture process; its frames come back by model_viewer(). false: it cannot be
	 * started.
	 */
	bool (*picture_start)(void *arg);
	/* What picture to expect; the owner adds where to draw it. */
	void (*picture_expect)(void *arg, const struct viewer_expect *expect);
	void (*picture_sealed)(void *arg, const void *data, size_t len);
	/*
	 * Off the screen, now. model_viewer(GONE) or model_viewer_died() follows; harmless without
	 * a picture.
	 */
	void (*picture_end)(void *arg);
	/* With the operator's key, over core/permit.h's SIGNED_REQUEST. */
	void (*sign)(void *arg, const void *request, size_t len,
	             uint8_t signature[SIGNATURE_BYTES]);
	void (*sound)(void *arg, enum alarm level);
	enum err (*zone)(void *arg, const char *name, int64_t from_s, int64_t to_s,
	                 struct zone_window *zone);
	void (*quit)(void *arg);
};

/* Rows as the hub sent them that core/ does not define. */
struct resident {
	char id[ID_MAX];
	char name[NAME_MAX_BYTES];
	char address[NAME_MAX_BYTES];
	char bed_note[NOTE_MAX_BYTES];
	char door_note[NOTE_MAX_BYTES];
	char phone[PHONE_MAX];
	char agreement[ID_MAX];
	char camera[ID_MAX];
	char area[ID_MAX];
	char standing[ID_MAX];
	char plan[512 + 1];
	int64_t pause_from_ms, pause_to_ms, pause_review_ms;
	int64_t last_well_ms;
};

struct camera {
	char id[ID_MAX];
	bool connected, commissioned;
	int64_t since_ms;
	char lens[ID_MAX];
};

struct contact {
	char id[ID_MAX];
	char name[NAME_MAX_BYTES];
	char phone[PHONE_MAX];
	char role[ID_MAX];
	char area[ID_MAX];
	int64_t step; /* -1: not in the patrol chain */
};

struct operator {
	char id[ID_MAX];
	char name[NAME_MAX_BYTES];
	bool present;
};

struct standing_alarm {
	int64_t id;
	char subject[ID_MAX];
	enum alarm level;
	char text[NOTE_MAX_BYTES];
	int64_t since_ms;
};

/* How one resident's checks of a night before this one ended (src/wire/PROTOCOL.md, history). */
struct past_night {
	int32_t night;
	int well, visited, excused, open, rechecked, no_picture, unanswered;
};

struct history {
	char resident[ID_MAX];       /* whose was asked for */
	int64_t command;             /* of the query */
	int n;
	struct past_night night[HISTORY_NIGHTS]; /* the oldest first */
};

/* A growing array of one kind of row. */
struct rows {
	void *items;
	size_t n, room;
};

enum section {
	SECTION_NEEDS_YOU,
	SECTION_PATROL,
	SECTION_COMING,
	SECTION_DONE,
	SECTIONS,
};

/*
 * One line of a list: a check, a couple's two while both are in the same phase, or a standing
 * alarm.
 */
struct list_row {
	enum section section;
	int64_t alarm_id;      /* 0 unless it is a standing alarm */
	int64_t check[PERSONS_MAX];
	int n_checks;
	enum alarm alarm;
	int rank;              /* within its section, then by order_ms */
	int64_t order_ms;
};

/*
 * One line of the night by resident: who, and the line of the list that leads (what Enter acts on).
 * A couple that shares a slot tonight is one line.
 */
struct grid_row {
	char resident[PERSONS_MAX][ID_MAX];
	int n;
	size_t lead;
};

/* What the cursor is on, whatever line it has now. */
struct subject {
	int64_t check;         /* or 0 */
	int64_t alarm;         /* or 0 */
	int64_t version;       /* decision_version of the check */
};

enum screen_id {
	SCREEN_TONIGHT,
	SCREEN_GRID, /* tonight, by resident */
	SCREEN_LOOK,
	SCREEN_DETAILS,
	SCREEN_PATROL,
	SCREEN_HELP,
	SCREEN_MESSAGES,
	SCREENS,
};

enum look_phase {
	LOOK_NONE,
	LOOK_ASKING,   /* claim sent */
	LOOK_READYING, /* claimed; the picture process makes its key */
	LOOK_WAITING,  /* the signed request was sent: permit, lens, capture */
	LOOK_DRAWING,  /* sealed bytes were handed to the picture process */
	LOOK_STANDING, /* the picture is on the screen */
	LOOK_QUESTION, /* it is gone, the answer is awaited */
	LOOK_SENDING,  /* an answer is on its way */
	LOOK_HELP,   /* needs help was sent: the number to call stands until the operator leaves */
	LOOK_FAILED, /* no picture */
};

struct look {
	enum look_phase phase;
	int64_t id;
	int n_checks;
	int64_t check[PERSONS_MAX];
	int person;                       /* whom a key answers for */
	enum answer answer[PERSONS_MAX];
	char reason[PERSONS_MAX][REASON_MAX_BYTES];
	bool sent[PERSONS_MAX];           /* the hub has this person's answer */
	bool other_person;
	bool recheck;
	char camera[ID_MAX];
	uint8_t challenge[NONCE_BYTES], device_key[KEY_BYTES], picture_key[KEY_BYTES];
	bool has_key;
	bool picture_runs;
	int64_t phase_ms;                 /* elapsed, of the present phase */
	int64_t shown_ms;                 /* elapsed, 0 = not */
	int64_t shown_utc_ms, taken_utc_ms;
	int64_t view_ms;                  /* reported, -1 = none */
	char words[NOTE_MAX_BYTES];       /* why there is no picture */
};

enum deed_kind {
	DEED_NONE,
	DEED_COMMAND,      /* the prompt's text is a command */
	DEED_FIND,
	DEED_ANSWER,       /* of the look, with a reason */
	DEED_PAGE,         /* the patrol without a look */
	DEED_PAGE_EVENT,
	DEED_SITE_REPORT,
	DEED_UNDO,
	DEED_WITHDRAW,
	DEED_PAUSE,
	DEED_RESUME,
	DEED_QUIT,
};

/* What Enter will do. Bound to its resident when the prompt opens, so that nothing can move it. */
struct deed {
	enum deed_kind kind;
	int64_t check, version, page;
	enum answer answer;
	const char *word;            /* the event or report on the wire */
	char contact[ID_MAX];
	char resident[ID_MAX];
	int64_t until_ms;
};

/* The line at the bottom that asks before something is done. */
struct prompt {
	struct deed deed;            /* DEED_NONE: no prompt */
	bool takes_text;
	bool by_enter;               /* Enter asked: Enter alone does not confirm */
	char label[NOTE_MAX_BYTES];  /* what will be done, to whom, and who will be woken */
	char text[REASON_MAX_BYTES];
	int64_t opened_ms;           /* elapsed */
};

/* The last answer, for :undo. */
struct answered {
	int64_t check;
	enum answer answer;
	int64_t at_ms;
};

/* A command on its way to the hub. Answers outlive a lost link, and are sent again. */
#define PENDING_MAX 16
struct pending {
	int64_t command;             /* 0 = free */
	int kind;                    /* enum wire_id */
	int64_t check, look;
	enum answer answer;
	size_t len;
	char text[1024];             /* the message, kept for those that must arrive */
};

struct centre {
	bool known;                  /* welcome has arrived once */
	bool demo;
	int64_t utc_ms, elapsed_ms;  /* hub time when elapsed was */
	int64_t session;
	char operator_id[ID_MAX];
	char operator_name[NAME_MAX_BYTES];
	char name[NAME_MAX_BYTES];
	char emergency[PHONE_MAX];
	int64_t night_from_ms, night_to_ms;
	struct policy policy;
	struct zone_window zone;
};

struct model {
	struct model_ports ports;
	struct keymap *keymap;       /* owned; what every key means, and every view shows */
	struct now now;
	bool calm;                   /* alarms stand inverse and do not flash */
	bool connected;              /* and welcomed */
	bool loading;                /* rows between reset and level: not yet whole */
	int64_t lost_ms;             /* elapsed, when contact was lost; 0 = never had any */
	char trouble[REASON_MAX_BYTES]; /* why there never was any, as far as is known */
	struct centre centre;

	struct rows checks;          /* struct check */
	struct rows rung;            /* int64_t pairs: check id, alarm that was sounded */
	struct rows pages, residents, cameras, contacts, operators, alarms;

	struct rows list;            /* struct list_row, in order of work */
	struct rows board;           /* struct list_row, the patrol's */
	struct rows grid;            /* struct grid_row, while it is home; who needs somebody first */
	int count[SECTIONS];
	int alarms_at[ALARM_HIGH + 1]; /* rows at each level */
	bool folded[SECTIONS];       /* only its title is in the list; the cursor passes it by */
	struct subject focus, board_focus; /* focus: of the list, and of the night by resident */
	struct subject named;        /* whom the last frame's action line named */
	int64_t turns_ms; /* UTC: when a row will next become late, due or an alarm by itself */
	bool follow_top;             /* the cursor goes to the top with the next list */
	bool chosen;                 /* the operator has moved it since it was there */
	int64_t resumed;             /* the check that a console which died had it on, or 0 */

	enum screen_id screen, back;
	enum screen_id home;         /* tonight as the operator works in it: the list, or by resident */
	char details[ID_MAX];        /* resident whose details are shown */
	int details_top;
	struct history history;      /* of the resident whose details are shown */
	struct look look;
	struct prompt prompt;
	char sought[REASON_MAX_BYTES]; /* the name that n and N go on with */
	struct subject sought_from;    /* where the cursor was, for when finding is given up */
	struct answered answered;
	struct pending pending[PENDING_MAX];
	int64_t last_command;
	char notice[NOTE_MAX_BYTES];
	int64_t notice_ms;
	struct messages messages;    /* faults of the console's own files */

	bool armed;                  /* it was quiet since the screen changed */
	int64_t changed_ms, input_ms;/* elapsed */
	int64_t activity_ms;
	key_code last_key;
	struct key_sequence typed;   /* a command that needs more keys; empty: none is begun */
	int64_t typed_ms;            /* elapsed, of the latest of them */
	bool dirty;                  /* a frame is wanted */
};

struct model *model_new(const struct model_ports *ports, const struct now *now);
void model_free(struct model *model);

/*
 * Every entry is preceded by the instant it happens at. Sounds, countdowns and notices follow from
 * it.
 */
void model_tick(struct model *model, const struct now *now);
/* Elapsed milliseconds at which model_tick() is wanted. */
int64_t model_next_ms(const struct model *model);

/* The link opened or was lost. */
void model_link(struct model *model, bool up);
/* It could not be opened; why is shown until it is. */
void model_link_failed(struct model *model, const char *why);
/*
 * A text message of the hub. ERR_PARSE and the like: it is no message of this protocol, close the
 * link.
 */
enum err model_message(struct model *model, const void *data, size_t len);
void model_binary(struct model *model, const void *data, size_t len);
void model_viewer(struct model *model, const struct viewer_frame *frame);
void model_viewer_died(struct model *model);
/*
 * The console leaves and has ended the view: the hub is told how long a picture stood of which that
 * is not told yet. False: there was nothing to tell, or nobody to tell it to.
 */
bool model_leave(struct model *model);
void model_key(struct model *model, key_code key);
/*
 * Several keys have come in one moment, which no hand does: a paste on a terminal that does not
 * mark them, or what was typed ahead on a slow line. None of them acts. To be said before their
 * model_key().
 */
void model_burst(struct model *model);
/*
 * What is to be said of the console's files and settings: kept for :messages, and noticed now.
 * again: the files were read anew, and what was said of them before is past.
 */
void model_messages(struct model *model, const struct messages *messages, bool again);
/* From now on; the model owns it. A key that was pressed just before acts no more. */
void model_set_keymap(struct model *model, struct keymap *map);
/*
 * The picture cannot stand any more, a window too small: a view ends and its question stays, a look
 * that has no picture yet is given back. Why is said.
 */
void model_lose_view(struct model *model, const char *why);
/*
 * The frame drawn from the present state is on the screen; top is the first line that it shows of
 * what is scrolled.
 */
void model_drawn(struct model *model, int top);

/* For views. Everything is the model's; NULL when there is none. */
/* Whose keys work on the screen that is shown, as one bit of commands.h. */
unsigned model_context(const struct model *model);
const struct check *model_check(const struct model *model, int64_t id);
const struct page *model_page(const struct model *model, int64_t number);
const struct resident *model_resident(const struct model *model, const char *id);
const struct camera *model_camera(const struct model *model, const char *id);
const struct contact *model_contact(const struct model *model, const char *id);
const struct operator *model_operator(const struct model *model, const char *id);
const struct standing_alarm *model_alarm(const struct model *model, int64_t id);
/* Who would be woken first in an area. */
const struct contact *model_first_contact(const struct model *model, const char *area);
/*
 * The one before (by < 0) or behind (by > 0) a contact in the chain that serves an area, round and
 * round; the contact itself where it is the only one.
 */
const struct contact *model_other_contact(const struct model *model, const char *area,
                                          const char *id, int by);
int64_t model_utc_ms(const struct model *model);
const struct list_row *model_focus(const struct model *model); /* of the screen that is shown */
const struct list_row *model_row(const struct rows *list, size_t at);
const struct grid_row *model_grid_row(const struct model *model, size_t at);
/* The line by resident on which the cursor is, -1 = none. */
int model_grid_focus(const struct model *model);
/*
 * The alarm that a check raises now, with its page's, and with what a lost link keeps from being
 * done.
 */
enum alarm model_list_alarm(const struct model *model, const struct check *check);
/* What time a row stands for: when it was due, or for a recheck when that is. */
int64_t model_row_ms(const struct model *model, const struct list_row *row);
/* The line of a list on which a subject is, -1 = none. */
int model_find(const struct rows *list, const struct subject *subject);
bool model_is_mine(const struct model *model, const struct check *check);
/*
 * How many due checks will be late at the pace that the operators present can keep, and when the
 * first is.
 */
int model_forecast(const struct model *model, int64_t *late_ms);
/* Milliseconds that a standing picture has left, 0 when none stands. */
int64_t model_view_left_ms(const struct model *model);

/* Enter, or y where Enter asked. */
key_code model_confirm_key(const struct prompt *prompt);
/* What is asked is about a person of the patrol chain, and Up and Down choose another. */
bool model_patrol_is_about_somebody(const struct prompt *prompt);

/* What Enter does on a row. */
enum next_step {
	NEXT_NOTHING,
	NEXT_LOOK,      /* claim it */
	NEXT_ANSWER,    /* a question of ours is open */
	NEXT_PAGE,      /* no look remains: the patrol */
	NEXT_BOARD,     /* it is with the patrol */
	NEXT_DETAILS,
};
/* Whether the patrol can be paged for the row that the cursor is on: not when it has it already. */
bool model_can_page(const struct model *model);
enum next_step model_next_step(const struct model *model, const struct list_row *row);

#endif
