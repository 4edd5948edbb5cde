/*
 * The lens guard. An opening is a walk through three states, and the only way out leads through
 * PARKING: a picture, a fault, a stop, a lost connection and the end of patience all go there.
 */
#include "camera/guard.h"

#include "base/text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* The record of the newest checkpoint that was accepted. */
#define CHECKPOINT_RECORD "checkpoint"

#define CLOCK_EARLIEST_MS INT64_C(1735689600000) /* 2025-01-01: no agreement of ours is older */

/* How often a busy driver is asked again, and an idle one whether it is still parked. */
#define BUSY_MS 20
#define IDLE_MS (5 * MS_SECOND)
/* How long a lens may take to be verified parked before it counts as unknown. */
#define PARK_MS_MAX (2 * MS_SECOND)
/* Of the time that a lens may be open, what is kept back for closing it. */
#define CLOSING_SHARE 5

enum run_state {
	RUN_NONE,
	RUN_CAPTURING, /* the lens opens, the picture is awaited */
	RUN_PARKING,   /* whatever happened, the lens closes */
	RUN_OVER,      /* the result waits to be fetched */
};

struct run {
	enum run_state state;
	int64_t opened_ms;    /* elapsed */
	int64_t park_from_ms; /* elapsed; RUN_PARKING */
	bool refused_to_open; /* the driver said no to open() */
	struct guard_result result;
};

struct guard {
	const struct crypto *crypto;
	struct policy policy;
	char camera[ID_MAX];
	uint8_t signer_key[KEY_BYTES];
	struct driver driver;
	struct keep keep;
	guard_zone_fn *zone;
	struct holding holding;
	struct openings openings;
	struct checkpoint held;         /* the log as it was last proven to us */
	uint8_t challenge[NONCE_BYTES]; /* random while there is no connection, so that nothing fits */
	bool hub_clock_known, clock_stepped;
	int64_t hub_ahead_ms;
	int64_t idle_checked_ms;
	struct run run;
};

enum lens guard_lens(const struct guard *guard, const struct now *now)
{
	return guard->driver.lens(guard->driver.impl, now);
}

const char *guard_lens_name(enum lens lens)
{
	switch (lens) {
	case LENS_PARKED:
		return "parked";
	case LENS_OPEN:
		return "open";
	case LENS_UNKNOWN:
		break;
	}
	return "unknown";
}

static void park(struct guard *guard, const struct now *now)
{
	/* Its answer proves nothing: lens() is asked until it says parked. */
	(void)guard->driver.park(guard->driver.impl, now);
}

/* What was kept was signed when it was accepted; what is not signed now was not kept by us. */
static enum err load_checkpoint(struct guard *guard)
{
	struct buf note = buf_new(CHECKPOINT_MAX_BYTES);
	enum err err = guard->keep.read(guard->keep.impl, CHECKPOINT_RECORD, &note);

	if (err == ERR_OK)
		err = checkpoint_open(guard->crypto, note.data, note.len, guard->signer_key,
		                      &guard->held);
	buf_free(&note);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err guard_new(const struct guard_set_up *set_up, const struct now *now, struct guard **out)
{
	struct guard *guard = calloc(1, sizeof *guard);
	enum err err = guard == NULL ? ERR_MEMORY : ERR_OK;

	*out = NULL;
	if (err == ERR_OK) {
		guard->crypto = set_up->crypto;
		guard->policy = *set_up->policy;
		guard->driver = set_up->driver;
		guard->keep = set_up->keep;
		guard->zone = set_up->zone;
		memcpy(guard->signer_key, set_up->signer_key, KEY_BYTES);
		err = text_copy(guard->camera, sizeof guard->camera, set_up->camera);
	}
	if (err == ERR_OK)
		err = load_checkpoint(guard);
	if (err == ERR_OK)
		err = openings_load(&guard->openings, &guard->keep);
	if (err == ERR_OK)
		err = holding_load(&guard->holding, set_up->crypto, &guard->keep, set_up->camera,
		                   set_up->administration_key);
	if (err != ERR_OK) {
		set_up->driver.free(set_up->driver.impl);
		set_up->keep.free(set_up->keep.impl);
		free(guard);
		return err;
	}
	guard_connection(guard, NULL);
	park(guard, now);
	*out = guard;
	return ERR_OK;
}

void guard_result_wipe(struct guard *guard, struct guard_result *result)
{
	if (result->jpeg.data != NULL)
		guard->crypto->wipe(result->jpeg.data, result->jpeg.cap);
	buf_free(&result->jpeg);
}

void guard_free(struct guard *guard, const struct now *now)
{
	if (guard == NULL)
		return;
	park(guard, now);
	guard_result_wipe(guard, &guard->run.result);
	holding_free(&guard->holding);
	guard->driver.free(guard->driver.impl);
	guard->keep.free(guard->keep.impl);
	free(guard);
}

/* Ends the capture; the next tick parks. The first cause stands. */
static void give_up(struct guard *guard, enum cause cause, const char *words)
{
	struct run *run = &guard->run;

	if (run->state == RUN_NONE)
		return;
	if (run->result.cause == CAUSE_NONE) {
		run->result.cause = cause;
		run->result.words = words;
	}
	guard_result_wipe(guard, &run->result);
	if (run->state == RUN_CAPTURING) {
		run->state = RUN_PARKING;
		run->park_from_ms = -1;
	}
}

void guard_connection(struct guard *guard, const uint8_t challenge[NONCE_BYTES])
{
	guard->hub_clock_known = false;
	guard->clock_stepped = false;
	guard->hub_ahead_ms = 0;
	give_up(guard, CAUSE_CAMERA_LOST, "the connection was lost during the look");
	if (challenge != NULL)
		memcpy(guard->challenge, challenge, NONCE_BYTES);
	else
		guard->crypto->random(guard->challenge, NONCE_BYTES);
}

void guard_retire(struct guard *guard)
{
	give_up(guard, CAUSE_CAMERA_FAULT, "the camera's agent was stopped during the look");
	guard->crypto->random(guard->challenge, NONCE_BYTES);
}

void guard_hub_clock(struct guard *guard, int64_t ahead_ms)
{
	guard->hub_clock_known = true;
	guard->hub_ahead_ms = ahead_ms;
}

void guard_clock_stepped(struct guard *guard)
{
	guard->clock_stepped = true;
	give_up(guard, CAUSE_CLOCK, "the camera's clock was set during the look");
}

bool guard_clock_is_sound(const struct guard *guard, const struct now *now)
{
	int64_t skew_ms = guard->policy.clock_skew_ms;

	return now->utc_ms >= CLOCK_EARLIEST_MS && guard->hub_clock_known && !guard->clock_stepped
	       && guard->hub_ahead_ms <= skew_ms && guard->hub_ahead_ms >= -skew_ms;
}

static bool is_open_for(const struct guard *guard, const char *agreement)
{
	return guard->run.state != RUN_NONE
	       && text_equal(guard->run.result.permit.agreement, agreement);
}

enum err guard_agreement(struct guard *guard, const void *doc, size_t len,
                         const uint8_t signature[SIGNATURE_BYTES], char id[ID_MAX],
                         uint32_t *version)
{
	enum err err = holding_agreement(&guard->holding, doc, len, signature, id, version);

	if (err == ERR_OK && is_open_for(guard, id)
	    && *version != guard->run.result.permit.agreement_version)
		give_up(guard, CAUSE_WITHDRAWN, "the agreement changed during the look");
	return err;
}

enum err guard_roster(struct guard *guard, const void *doc, size_t len,
                      const uint8_t signature[SIGNATURE_BYTES], uint32_t *version)
{
	return holding_roster(&guard->holding, doc, len, signature, version);
}

enum err guard_stop(struct guard *guard, const char *agreement, uint32_t version)
{
	if (is_open_for(guard, agreement) && guard->run.result.permit.agreement_version <= version)
		give_up(guard, CAUSE_WITHDRAWN, "stopped during the look");
	return holding_stop(&guard->holding, agreement, version);
}

bool guard_is_stopped(const struct guard *guard, const char *agreement)
{
	const struct held *held = holding_find(&guard->holding, agreement);

	return held != NULL && held_is_stopped(held);
}

static enum permit_refusal judge(struct guard *guard, const struct permit *permit,
                                 const struct now *now)
{
	const struct held *held = holding_find(&guard->holding, permit->agreement);
	struct zone_window zone;
	struct guard_view view = {
		.camera = guard->camera,
		.challenge = guard->challenge,
		.clock_sound = guard_clock_is_sound(guard, now),
		.hub_ahead_ms = guard->hub_ahead_ms,
		.policy = &guard->policy,
		.opening = guard->openings.opening,
		.n_openings = guard->openings.n,
	};

	if (held != NULL && held->present) {
		int64_t now_s = now->utc_ms / MS_SECOND, around_s = 3 * MS_DAY / MS_SECOND;

		view.agreement = &held->agreement;
		view.stopped = held_is_stopped(held);
		if (view.clock_sound
		    && guard->zone(held->agreement.zone, now_s - around_s, now_s + around_s, &zone)
		               == ERR_OK)
			view.zone = &zone;
	}
	return permit_judge(permit, &view, now);
}

/* A permit's proof, and the checkpoint that it brought. */
struct proven {
	struct look_proof proof;
	struct checkpoint accepted;
};

static bool keep_checkpoint(struct guard *guard, const struct proven *proven)
{
	if (guard->keep.write(guard->keep.impl, CHECKPOINT_RECORD, proven->proof.after,
	                      proven->proof.after_len) != ERR_OK)
		return false;
	guard->held = proven->accepted;
	return true;
}

/* Written down first; then, and only then, the lens opens. */
static const char *start(struct guard *guard, const struct permit *permit,
                         const struct proven *proven, const struct now *now)
{
	struct run *run = &guard->run;
	struct opening opening = {
		.night = permit->night,
		.look_number = permit->look_number,
		.replacement = permit->replacement,
		.at_ms = now->utc_ms,
	};

	if (run->state != RUN_NONE)
		return "the lens is in use for another look";
	if (guard_lens(guard, now) != LENS_PARKED)
		return "the lens is not verified as parked";
	memcpy(opening.agreement, permit->agreement, sizeof opening.agreement);
	memcpy(opening.slot, permit->slot, sizeof opening.slot);
	memcpy(opening.permit_id, permit->id, NONCE_BYTES);
	if (openings_add(&guard->openings, &opening) != ERR_OK)
		return "the opening could not be written down";
	if (!keep_checkpoint(guard, proven)) {
		(void)openings_give_back(&guard->openings);
		return "the log's checkpoint could not be written down";
	}
	*run = (struct run){.state = RUN_CAPTURING, .opened_ms = now->elapsed_ms};
	run->result.permit = *permit;
	run->result.received_ms = now->elapsed_ms;
	run->result.opened_utc_ms = now->utc_ms;
	run->result.jpeg = buf_new(JPEG_MAX_BYTES);
	if (guard->driver.open(guard->driver.impl, now) != ERR_OK) {
		run->refused_to_open = true;
		give_up(guard, CAUSE_CAMERA_FAULT, "the camera does not answer");
	}
	return NULL;
}

uint64_t guard_log_size(const struct guard *guard)
{
	return guard->held.size;
}

static enum permit_refusal judge_proof(struct guard *guard, const struct guard_permit *in,
                                       const struct permit *permit, struct guard_verdict *verdict,
                                       struct proven *proven)
{
	const struct held *held = holding_find(&guard->holding, permit->agreement);

	verdict->proof = PROOF_NO_RECORD;
	if (held != NULL && look_proof_decode(&proven->proof, in->proof, in->proof_len) == ERR_OK)
		verdict->proof = look_proof_judge(guard->crypto, &proven->proof, &guard->held,
		                                  guard->signer_key, permit, &verdict->request,
		                                  &held->agreement, &proven->accepted);
	return verdict->proof == PROOF_GOOD ? PERMIT_GRANTED : PERMIT_NO_PROOF;
}

enum permit_refusal guard_open(struct guard *guard, const struct guard_permit *in,
                               const struct now *now, struct guard_verdict *verdict)
{
	struct proven *proven = calloc(1, sizeof *proven);
	enum permit_refusal refusal;
	struct permit permit;

	*verdict = (struct guard_verdict){.proof = PROOF_GOOD};
	if (proven == NULL)
		return PERMIT_NO_PROOF;
	refusal = permit_verify(guard->crypto, in->permit, in->permit_len, in->permit_signature,
	                        in->request, in->request_len, in->request_signature,
	                        guard->signer_key,
	                        guard->holding.has_roster ? &guard->holding.roster : NULL, &permit,
	                        &verdict->request);
	if (refusal == PERMIT_GRANTED)
		refusal = judge(guard, &permit, now);
	if (refusal == PERMIT_GRANTED)
		refusal = judge_proof(guard, in, &permit, verdict, proven);
	if (refusal == PERMIT_GRANTED)
		verdict->fault = start(guard, &permit, proven, now);
	free(proven);
	return refusal;
}

/*
 * A camera that has frozen sends yesterday's picture: it says so itself, or the bytes are those of
 * the last opening, which no sensor with its noise gives twice (SERVICE.md hard case 12).
 */
static const char *stale_words(struct guard *guard, const struct now *now)
{
	struct run *run = &guard->run;
	int64_t age_ms = guard->driver.age_ms == NULL
	                       ? -1
	                       : guard->driver.age_ms(guard->driver.impl, now);
	uint8_t hash[HASH_BYTES];

	if (age_ms > now->elapsed_ms - run->opened_ms)
		return "the camera sent a picture from before the look";
	guard->crypto->sha256(hash, run->result.jpeg.data, run->result.jpeg.len);
	if (memcmp(hash, guard->openings.picture_hash, HASH_BYTES) == 0)
		return "the camera sent the same picture as last time";
	/* Not kept is not a fault of this picture; memory has it for the next one. */
	(void)openings_set_picture(&guard->openings, hash);
	return NULL;
}

static void take(struct guard *guard, const struct now *now)
{
	struct guard_result *result = &guard->run.result;
	const char *stale;

	result->captured_ms = now->elapsed_ms;
	result->captured_utc_ms = now->utc_ms;
	/* At once: what follows hashes and writes, and the lens need not stay open for that. */
	park(guard, now);
	guard->run.state = RUN_PARKING;
	guard->run.park_from_ms = -1;
	if (result->jpeg.len == 0) {
		give_up(guard, CAUSE_CAMERA_FAULT, "the camera sent an empty picture");
		return;
	}
	stale = stale_words(guard, now);
	if (stale != NULL)
		give_up(guard, CAUSE_STALE, stale);
}

static void capture(struct guard *guard, const struct now *now)
{
	struct run *run = &guard->run;
	int64_t open_ms_max = guard->policy.lens_open_ms_max;
	enum err err = ERR_NOT_YET;

	if (now->elapsed_ms - run->opened_ms < open_ms_max - open_ms_max / CLOSING_SHARE)
		err = guard->driver.capture(guard->driver.impl, now, &run->result.jpeg);
	else
		give_up(guard, CAUSE_CAMERA_FAULT, "the camera gave no picture in time");
	if (err == ERR_OK)
		take(guard, now);
	else if (err == ERR_LIMIT)
		give_up(guard, CAUSE_CAMERA_FAULT, "the camera sent more than a picture can be");
	else if (err != ERR_NOT_YET)
		give_up(guard, CAUSE_CAMERA_FAULT, "the camera failed while it took the picture");
}

static void finish(struct guard *guard, const struct now *now)
{
	struct run *run = &guard->run;

	run->result.lens_ms = now->elapsed_ms - run->opened_ms;
	run->state = RUN_OVER;
}

static void close_again(struct guard *guard, const struct now *now)
{
	struct run *run = &guard->run;
	enum lens lens;

	if (run->park_from_ms < 0)
		run->park_from_ms = now->elapsed_ms;
	park(guard, now);
	lens = guard_lens(guard, now);
	if (lens == LENS_PARKED) {
		/* Verified parked at once after a refusal to open: it never was open. */
		if (run->refused_to_open && now->elapsed_ms == run->opened_ms)
			(void)openings_give_back(&guard->openings);
		finish(guard, now);
	} else if (now->elapsed_ms - run->park_from_ms >= PARK_MS_MAX) {
		give_up(guard, CAUSE_CAMERA_FAULT, "the lens cannot be verified as parked");
		finish(guard, now);
	}
}

/* A lens that is not where it should be between looks is told to park for as long as it takes. */
static void watch(struct guard *guard, const struct now *now)
{
	if (now->elapsed_ms - guard->idle_checked_ms < IDLE_MS && guard->idle_checked_ms != 0)
		return;
	guard->idle_checked_ms = now->elapsed_ms;
	if (guard_lens(guard, now) != LENS_PARKED)
		park(guard, now);
}

int64_t guard_tick(struct guard *guard, const struct now *now)
{
	if (guard->run.state == RUN_CAPTURING)
		capture(guard, now);
	if (guard->run.state == RUN_PARKING)
		close_again(guard, now);
	if (guard->run.state == RUN_CAPTURING || guard->run.state == RUN_PARKING)
		return now->elapsed_ms + BUSY_MS;
	if (guard->run.state == RUN_OVER)
		return now->elapsed_ms;
	watch(guard, now);
	return guard->idle_checked_ms + IDLE_MS;
}

bool guard_result(struct guard *guard, struct guard_result *result)
{
	if (guard->run.state != RUN_OVER)
		return false;
	*result = guard->run.result;
	memset(&guard->run, 0, sizeof guard->run);
	return true;
}

bool guard_is_idle(const struct guard *guard)
{
	return guard->run.state == RUN_NONE;
}
