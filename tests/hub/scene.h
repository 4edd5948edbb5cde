/*
 * A scene for scripted nights: the real hub on a real store (memory or SQLite), with a town of a few
 * residents, consoles and agents that speak the wire, and a clock that the script moves. Time is virtual:
 * scene_until() ticks the hub exactly when it asks for it.
 */
#ifndef TESTS_HUB_SCENE_H
#define TESTS_HUB_SCENE_H

#include "base/canon.h"
#include "core/permit.h"
#include "core/proof.h"
#include "hub/hub.h"
#include "os/crypto.h"
#include "wire/rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SCENE_SESSIONS 32
#define SCENE_INBOX 4096
/* 2027-03-10, a Wednesday; the zone is UTC+1 without a change, so that local times can be read off. */
#define SCENE_NIGHT 20887
#define SCENE_MS(hour, minute) \
	(((int64_t)SCENE_NIGHT + ((hour) < 12 ? 1 : 0)) * MS_DAY + ((hour) - 1) * MS_HOUR + (minute) * MS_MINUTE)

/* How a scripted agent treats a permit. */
enum scene_camera { SCENE_GOOD, SCENE_REFUSES, SCENE_DOUBTS, SCENE_FAULTY, SCENE_SILENT };

struct scene_session {
	int64_t id;
	enum wire_protocol protocol;
	bool open, closing;
	char user[ID_MAX];
	char camera[ID_MAX];
	enum scene_camera behaviour;
	uint8_t challenge[NONCE_BYTES];
	int permits;           /* received */
	int stops;
	int pictures;          /* binary frames received by a console */
	struct wire_message *inbox[SCENE_INBOX];
	int n;
	int64_t look;          /* of the latest claim */
	bool over;             /* look-over was received for it */
};

/* The checkpoint that a camera holds, over all of its connections. */
struct scene_witness {
	char camera[ID_MAX];
	struct checkpoint held;
};

struct scene {
	const struct crypto *crypto;
	struct store store;
	char database[64];     /* empty: memory */
	struct hub_settings settings;
	struct zone_window zone;
	struct pager pager;
	struct signer signer;
	struct hub *hub;
	struct now now;
	uint8_t admin_public[KEY_BYTES], admin_secret[SECRET_KEY_BYTES];
	uint8_t signer_public[KEY_BYTES], signer_secret[SECRET_KEY_BYTES];
	uint8_t operator_public[KEY_BYTES], operator_secret[SECRET_KEY_BYTES];
	uint8_t device_public[KEY_BYTES], device_secret[SECRET_KEY_BYTES];
	struct scene_witness witness[SCENE_SESSIONS];
	int64_t next_session;
	struct scene_session *session[SCENE_SESSIONS];
	int sessions;
	int openings;          /* permits that scripted agents carried out */
	int64_t commands;
};

struct scene *scene_new(bool sqlite);
void scene_free(struct scene *scene);
/* Starts the hub; kills what was there before without a word, as kill -9 would. */
void scene_start(struct scene *scene);
void scene_kill(struct scene *scene);

/* The town, to be filled before scene_start(). */
void scene_resident(struct scene *scene, const char *id, const char *name);
struct agreement scene_agreement(const char *id, const char *resident, const char *camera);
void scene_slot(struct agreement *agreement, const char *id, enum slot_kind kind, int hour, int minute);
void scene_put(struct scene *scene, const struct agreement *agreement);

struct scene_session *scene_console(struct scene *scene, const char *user);
struct scene_session *scene_admin(struct scene *scene, const char *user);
struct scene_session *scene_camera(struct scene *scene, const char *camera, enum scene_camera behaviour);
void scene_close(struct scene *scene, struct scene_session *session);
/* What the hub has sent reaches its sessions; the other steps see to it themselves. */
void scene_deliver(struct scene *scene);

void scene_at(struct scene *scene, int hour, int minute); /* moves the clock there, ticking */
void scene_wait(struct scene *scene, int64_t ms);

/* A command's own number; text is field, value pairs are set by the caller on the message. */
struct wire_message *scene_command(struct scene *scene, enum wire_id id);
void scene_send(struct scene *scene, struct scene_session *session, struct wire_message *message);
/* NULL when the latest command was done, else the name of its refusal. */
const char *scene_refusal(const struct scene_session *session);
const struct wire_message *scene_latest(const struct scene_session *session, enum wire_id id);

/* The check of a resident tonight, as the store has it. */
struct check scene_check(struct scene *scene, const char *resident);
struct page scene_page(struct scene *scene, int64_t number);
/* The latest log event of a type; there must be one. */
struct log_event scene_log_latest(struct scene *scene, enum log_type type);
int scene_log_count(struct scene *scene, enum log_type type, const char *resident);
bool scene_has_alarm(struct scene *scene, const char *kind, const char *subject);

/* Operator's steps. */
void scene_claim(struct scene *scene, struct scene_session *console, const char *resident);
void scene_look(struct scene *scene, struct scene_session *console);       /* request → permit → picture */
void scene_shown(struct scene *scene, struct scene_session *console);
void scene_view_over(struct scene *scene, struct scene_session *console, int64_t view_ms);
void scene_answer(struct scene *scene, struct scene_session *console, const char *resident, const char *answer);
void scene_see(struct scene *scene, struct scene_session *console, const char *resident, const char *answer);
void scene_page_event(struct scene *scene, struct scene_session *console, int64_t page, const char *event, const char *contact);
void scene_report(struct scene *scene, struct scene_session *console, const char *resident, const char *report);

/* Withdraw, resume: a command that needs a resident only, and must be done. */
void scene_about(struct scene *scene, struct scene_session *console, enum wire_id id, const char *resident);
void scene_pause(struct scene *scene, struct scene_session *console, const char *resident, int64_t from, int64_t to);

/* A resident with an agreement (a-id), a camera (cam-id) and one look at this time; before scene_start(). */
void scene_add(struct scene *scene, const char *id, const char *area, int hour, int minute);
/* Berit and Nils Ek, one camera (cam-ek), a look at 01:10; the hub is started. */
struct scene *scene_couple(bool sqlite);
void scene_expect(struct scene *scene, const char *resident, enum check_state state, enum cause cause);
int scene_open_looks(struct scene *scene);
/* Whether any entry of the log has a field of this value. */
bool scene_log_says(struct scene *scene, const char *value);

#endif
