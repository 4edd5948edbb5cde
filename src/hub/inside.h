/*
 * What the hub's files share. The rule of every change (DESIGN.md, how an event travels): begin,
 * load, step, append to the log, save, commit — and only then act. What is to be done afterwards is
 * noted in struct after during the transaction and carried out by hub_commit().
 */
#ifndef TILLSYN_HUB_INSIDE_H
#define TILLSYN_HUB_INSIDE_H

#include "core/event.h"
#include "core/permit.h"
#include "hub/hub.h"
#include "hub/ledger.h"

struct import_stage;

/*
 * The roster is a signed document like an agreement; it is kept under a name that no identifier can
 * be.
 */
#define ROSTER_ROW "*roster"

struct session {
	int64_t id;
	enum wire_protocol protocol;
	enum wire_state state;
	char user[ID_MAX];
	bool has_certificate;
	uint8_t certificate[HASH_BYTES];
	/* consoles and tillsynctl, once identified */
	char operator_id[ID_MAX];
	char name[NAME_MAX_BYTES];
	enum role role;
	bool administrator;
	struct import_stage *stage;    /* tillsynctl's import, NULL = none */
	struct wire_message *export_head; /* of an export that waits for the signer, NULL = none */
	bool export_open;              /* its export of the log: of so many entries, of all or of one resident */
	uint64_t export_size;
	struct checkpoint export_checkpoint; /* while it waits for the signer */
	char export_resident[ID_MAX];
	/* agents */
	char camera[ID_MAX];
	uint8_t nonce[NONCE_BYTES];    /* the hub's challenge to the agent */
	uint8_t challenge[NONCE_BYTES];/* the agent's, for permits */
	uint64_t log_held;             /* size of the log that the agent has a checkpoint of */
};

/* Contact with one camera. */
struct camera_live {
	char id[ID_MAX];
	char agreement[ID_MAX];
	int64_t session;     /* 0 = none */
	int64_t since_ms;    /* of the present contact, or of its loss */
	bool lost;           /* the loss was announced to its checks */
	bool commissioned;
	char lens[ID_MAX];   /* parked, open, unknown */
	int64_t pictured;    /* the look whose picture was relayed last */
};

/* To be carried out after the commit. */
struct after {
	enum after_kind {
		AFTER_CHECK,      /* publish the row */
		AFTER_PAGE,
		AFTER_RESIDENT,   /* name */
		AFTER_CAMERA,     /* name */
		AFTER_ALARM,      /* id; gone when it is no longer in the store */
		AFTER_LOOK_OVER,  /* id = look, session, cause */
		AFTER_RESET,      /* everything to everybody */
	} kind;
	int64_t id;
	int64_t session;
	enum cause cause;
	char name[ID_MAX];
};

struct pager_note {
	int64_t page;
	enum page_event_kind kind;
	char contact[ID_MAX];
};

/* A list that grows by doubling; see list_add(). */
struct list {
	void *items;
	size_t n, room;
};

struct hub {
	struct hub_settings settings;
	const struct store *store;
	const struct crypto *crypto;
	const struct zone_window *zone;
	struct pager *pager;
	struct signer *signer;
	struct hub_ports ports;

	struct now now;          /* of the entry that is running */
	int64_t started_ms;
	int64_t wall_away_ms;    /* the wall clock less ours, as it was last told */
	int32_t night;
	bool evening_done;       /* this night's beginning was reconciled */
	bool failed;
	bool in_transaction;
	int64_t last_activity_ms;/* a key on any console */
	int64_t next_ms;

	struct list sessions;    /* struct session * */
	struct list cameras;     /* struct camera_live */
	struct list after;       /* struct after */
	struct list pager_notes; /* struct pager_note */
	struct list signed_notes;/* struct signed_note, deliver.c */
	enum err signer_there;   /* as its owner said last; ERR_NOT_YET: nothing */
	struct list automatic_pages; /* int64_t: raised by this entry, for what falls together */
	struct list wells;       /* wells.c */
	struct ledger *ledger;
};

/*
 * Room for one more item of size bytes at the end, zeroed. Aborts without memory: a hub without it
 * must end.
 */
void *list_add(struct list *list, size_t size);
void list_remove(struct list *list, size_t size, size_t at);

/* transaction.c */
enum err hub_begin(struct hub *hub);
/*
 * Commits and carries out what was noted; on an error nothing of it happened and hub->failed is
 * set.
 */
enum err hub_commit(struct hub *hub);
void hub_abort(struct hub *hub);
void hub_note(struct hub *hub, enum after_kind kind, int64_t id, const char *name);
void hub_note_look_over(struct hub *hub, int64_t session, int64_t look, enum cause cause);
/* Appends to the log inside the transaction; id may be NULL. */
enum err hub_log(struct hub *hub, const struct log_event *event, int64_t *id);
struct log_event hub_event(const struct hub *hub, enum log_type type, const struct check *check);
/* Numbers the log, delivers the outbox and works off what the pager said, until all is quiet. */
void hub_settle(struct hub *hub);
/*
 * For sign(): notes the answer until the entry that runs, or the next, has its hands free. A number
 * above 0 is a permit's row of the outbox, one below an export's session.
 */
void signer_says(void *arg, int64_t id, enum err err, const struct notary_answer *answer);
/* The signer has come (ERR_OK) or gone, with the alarms of it. */
void signer_is(struct hub *hub, enum err there);

/* stepping.c */
/* Steps and saves one check inside the transaction, with its log entries and effects. */
enum err step_check(struct hub *hub, struct check *check, const struct check_event *event,
                    enum refusal *refusal);
/* The same in a transaction of its own, by id. */
enum refusal step_alone(struct hub *hub, int64_t check, const struct check_event *event);
/*
 * Steps every check of this night, and every unclosed one of earlier nights, for which want() says
 * yes: inside the caller's transaction, or all in one of its own. A check that refuses the event
 * stays as it is.
 */
typedef bool want_fn(const struct check *check, const void *arg);
enum err step_wanted(struct hub *hub, want_fn *want, const void *arg,
                     const struct check_event *event);
void step_all(struct hub *hub, want_fn *want, const void *arg, const struct check_event *event);

/* pages.c */
enum err page_raise(struct hub *hub, struct check *check, const struct effect *effect,
                    const struct check_event *event, bool automatic);
enum err page_step_row(struct hub *hub, int64_t number, const struct page_event *event,
                       enum refusal *refusal);
void pages_restart(struct hub *hub);
void pages_tick(struct hub *hub);
/* When the last of its checks is closed the page is too. */
enum err page_check_closed(struct hub *hub, int64_t number);

/* looks.c: from a claim to the permit */
void look_claim(struct hub *hub, struct session *session, const struct wire_message *message);
void look_request(struct hub *hub, struct session *session, const struct wire_message *message);

/* answers.c */
void look_answer(struct hub *hub, struct session *session, const struct wire_message *message);

/* views.c: what becomes of a look */
/* The look that a message names, if it is this operator's. */
bool look_of_operator(struct hub *hub, const struct session *session,
                      const struct wire_message *message, struct look_row *look);
void look_shown(struct hub *hub, struct session *session, const struct wire_message *message);
void look_view_over(struct hub *hub, struct session *session, const struct wire_message *message);
void look_viewer_fault(struct hub *hub, struct session *session,
                       const struct wire_message *message);
/* An entry about a look, by one of its checks: a resident's extract has to show it. */
struct log_event look_event(struct hub *hub, enum log_type type, const struct look_row *look,
                            int64_t check);
/* A fault for a look, from agent, picture process or the hub itself. */
void look_fault(struct hub *hub, int64_t look, enum cause cause, const char *words);
/* For whatever look waits for this camera, when its connection is over. */
void looks_of_camera_fault(struct hub *hub, const char *camera);
/*
 * Inside the transaction of the check that ended it: the permit lapses, a couple's other check
 * comes along.
 */
enum err look_lapse(struct hub *hub, int64_t look, enum cause cause, int64_t check);
enum err look_view_ended(struct hub *hub, int64_t look, enum cause cause);
/*
 * Looks that were claimed for this check and never asked for; tell: their console, and a couple's
 * other check.
 */
enum err looks_of_claim_lapse(struct hub *hub, int64_t check, bool tell);
void looks_restart(struct hub *hub);
void looks_tick(struct hub *hub);
int64_t looks_next_ms(struct hub *hub); /* 0 = none */

/* cameras.c: agents' sessions */
void cameras_load(struct hub *hub);
struct camera_live *camera_live(struct hub *hub, const char *id);
/* The session of a camera that is in contact, commissioned and this agreement's, else NULL. */
struct session *camera_session(struct hub *hub, const char *id, const char *agreement);
/*
 * Whether its camera covers a check: commissioned for its agreement (two identifiers that agree:
 * P12, hard case 15), and its contact not lost.
 */
bool camera_covers(struct hub *hub, const struct check *check);
/* Tells every check that its camera does not cover any more. */
void cameras_uncovered(struct hub *hub);
void camera_opened(struct hub *hub, struct session *session);
void camera_message(struct hub *hub, struct session *session, const struct wire_message *message);
void camera_picture(struct hub *hub, struct session *session, const uint8_t *data, size_t len);
void camera_closed(struct hub *hub, struct session *session);
void cameras_tick(struct hub *hub);
/* Sends roster and agreement to the agent of a camera, if it is in contact. */
void camera_bring_level(struct hub *hub, const char *camera);

/* expand.c */
/*
 * Plans the night for every agreement that has not been planned in this version, and the night
 * before it if the hub was away for the whole of that one.
 */
void night_plan(struct hub *hub);
/* One agreement inside the transaction; late: leave out what was over before it was agreed. */
enum err night_plan_one(struct hub *hub, const struct agreement_row *row, bool late);
/* Decisions against checks; finding() may be NULL. Raises and lowers standing alarms. */
typedef void finding_fn(void *arg, const char *level, const char *text);
void night_reconcile(struct hub *hub, finding_fn *finding, void *arg);
void night_tick(struct hub *hub);

/* zone.c: time-zone data that was replaced */
/* Keeps beside the plan what the zone says of this night; inside the transaction that plans it. */
enum err zone_mark(struct hub *hub);
/*
 * What has not begun follows a zone that says something else of this night than when it was
 * planned; an alarm says so until all that moved has begun.
 */
void zone_follow(struct hub *hub);
void zone_unreadable(struct hub *hub, const char *why); /* NULL: it can be read again */

/* wells.c: when residents were last seen well */
void wells_read(struct hub *hub);
void wells_note(struct hub *hub, const struct check *check);
int64_t wells_last_ms(const struct hub *hub, const char *resident); /* 0: not in these two nights */

/* alarms.c */
void alarm_raise(struct hub *hub, const char *kind, const char *subject, enum alarm level,
                 const char *text);
void alarm_lower(struct hub *hub, const char *kind, const char *subject);

/* people.c: withdrawals, pauses, excuses */
void people_withdraw(struct hub *hub, struct session *session, const struct wire_message *message);
void people_pause(struct hub *hub, struct session *session, const struct wire_message *message);
void people_resume(struct hub *hub, struct session *session, const struct wire_message *message);
void people_excuse(struct hub *hub, struct session *session, const struct wire_message *message);
/* Pauses whose end was reached are over, those whose beginning was reached hold for what is due. */
void people_tick(struct hub *hub);
bool people_is_paused(struct hub *hub, const struct check *check);

/* publish.c */
void publish_all(struct hub *hub, struct session *session);
void publish_after(struct hub *hub, const struct after *after);
void publish_welcome(struct hub *hub, struct session *session);
void publish_operators(struct hub *hub);
void publish_camera(struct hub *hub, const struct camera_live *live);
void publish_resident(struct hub *hub, const struct session *to, const struct resident_row *row);
/* Encodes, sends and frees. */
void send_message(struct hub *hub, int64_t session, struct wire_message *message);
void send_done(struct hub *hub, const struct session *session, const struct wire_message *command,
               const char *text);
void send_refused(struct hub *hub, const struct session *session,
                  const struct wire_message *command, enum refusal refusal);
void send_refused_text(struct hub *hub, const struct session *session,
                       const struct wire_message *command, const char *name, const char *text);

/*
 * The same for what nobody should have asked: a look without its claim, an answer for another's
 * picture, an excuse without the authority. Follow-up reads it. Not inside a transaction.
 */
void refuse_logged(struct hub *hub, const struct session *session,
                   const struct wire_message *command, const char *name, const char *text);

/* console.c, admin.c: what arrives from consoles and tillsynctl */
void console_message(struct hub *hub, struct session *session, const struct wire_message *message);
void admin_message(struct hub *hub, struct session *session, const struct wire_message *message);
void log_query(struct hub *hub, struct session *session, const struct wire_message *message);

/* history.c */
void history_query(struct hub *hub, struct session *session, const struct wire_message *message);

/* export.c */
void export_query(struct hub *hub, struct session *session, const struct wire_message *message);
/* The signer's answer for that session's export; after an error nobody answers for it. */
void export_signed(struct hub *hub, int64_t session, enum err err,
                   const struct notary_answer *answer);
/* What it holds for a session that ends. */
void export_end(struct session *session);
void export_more(struct hub *hub, struct session *session, const struct wire_message *message);

/* retain.c */
void retain(struct hub *hub, struct session *session, const struct wire_message *message);

/* import.c */
void import_message(struct hub *hub, struct session *session, const struct wire_message *message);
void import_free(struct import_stage *stage);

/* sessions.c */
struct session *session_find(struct hub *hub, int64_t id);
void session_hello(struct hub *hub, struct session *session, const struct wire_message *message);
/* Who is logged in has the role that an import gives, from that moment. */
void sessions_refresh(struct hub *hub);
int sessions_count(const struct hub *hub, enum wire_protocol protocol);

#endif
