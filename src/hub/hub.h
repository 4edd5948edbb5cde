/*
 * The hub as a stepper: whoever owns the sockets and the clock hands in what happened, the hub
 * records it and says through its ports what is to be sent. No sockets and no clock inside, so that
 * two hubs and a hundred agents can live in one test.
 *
 * Every entry takes `now`; after each one ask hub_next_ms() when hub_tick() is wanted again.
 */
#ifndef TILLSYN_HUB_HUB_H
#define TILLSYN_HUB_HUB_H

#include "base/crypto.h"
#include "base/err.h"
#include "base/now.h"
#include "base/zonedata.h"
#include "core/settings.h"
#include "hub/signer.h"
#include "pager/pager.h"
#include "store/store.h"
#include "wire/message.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hub;

/* What the hub asks of its owner. A session that is gone is the owner's to ignore. */
struct hub_ports {
	void *arg;
	void (*send)(void *arg, int64_t session, const void *data, size_t len, bool binary);
	void (*close)(void *arg, int64_t session, const char *why);
};

/* Who connected, as far as the transport proves it. */
struct hub_peer {
	enum wire_protocol protocol;
	const char *user;           /* login name behind a Unix socket, or "" */
	const uint8_t *certificate; /* SHA-256 of a client certificate's public key, or NULL */
};

struct hub_parts {
	const struct hub_settings *settings; /* all of these outlive the hub */
	const struct store *store;
	const struct crypto *crypto;
	const struct zone_window *zone; /* its owner may fill it anew between entries: the next tick follows */
	struct pager *pager;
	struct signer *signer;
	struct hub_ports ports;
};

/*
 * Starts on what the store holds: permits and looks in flight lapse, what is due is due again, the
 * night is expanded and reconciled. ERR_DENIED: a demo's settings on a database that is not a
 * demo's, or the other way round; ERR_PARSE: no name for the log, or a log that does not agree with
 * itself (fault says so).
 */
enum err hub_start(const struct hub_parts *parts, const struct now *now, struct hub **hub,
                   char fault[REASON_MAX_BYTES]);
/* Logs an orderly end. */
void hub_stop(struct hub *hub, const struct now *now);
void hub_free(struct hub *hub);

/* session is the owner's number for a connection: > 0, never used again. */
void hub_opened(struct hub *hub, const struct now *now, int64_t session,
                const struct hub_peer *peer);
void hub_message(struct hub *hub, const struct now *now, int64_t session, const void *data,
                 size_t len, bool binary);
void hub_closed(struct hub *hub, const struct now *now, int64_t session);
/* What is due by itself. */
void hub_tick(struct hub *hub, const struct now *now);
/* UTC milliseconds at which hub_tick() is wanted; never more than a minute away. */
int64_t hub_next_ms(const struct hub *hub);
/*
 * How far the wall clock is away from ours, to be said now and then. One that was set is logged and
 * is an alarm; nothing else changes: `now` goes on as it was until the next start, or every
 * duration that runs would be wrong (SERVICE.md hard case 1: a step suppresses nothing).
 */
void hub_wall_clock(struct hub *hub, const struct now *now, int64_t away_ms);
/*
 * The zone's data cannot be read any more (why says so), and what was read stands; NULL: it can be
 * read again. A standing alarm.
 */
void hub_zone_unreadable(struct hub *hub, const struct now *now, const char *why);
/*
 * The signer has come, has answered, or is away (there says why). What it answered is taken up;
 * away is a standing alarm, and so is a signer that has signed more of the log than the hub has.
 */
void hub_signer_news(struct hub *hub, const struct now *now, enum err there);
/* From the pager, at any time, also from inside its send(). */
void hub_pager_event(struct hub *hub, int64_t page, enum page_event_kind kind, const char *contact);
/*
 * True once the store has refused a write: nothing more is accepted, the owner must end with an
 * error.
 */
bool hub_has_failed(const struct hub *hub);

#endif
