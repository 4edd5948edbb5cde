/*
 * A town in one process: one hub on its store, homes with their agents, desks with consoles and operators,
 * patrols with telephones, and the links between them. One thread, one seed, virtual time. Whatever is
 * compiled in src/ runs as it is; what varies comes in through the structs of functions that src/ takes.
 */
#ifndef TESTS_SIM_WORLD_H
#define TESTS_SIM_WORLD_H

#include "camera/agent.h"
#include "console/model.h"
#include "core/event.h"
#include "hub/hub.h"
#include "disk.h"
#include "queue.h"
#include "crypto.h"
#include "random.h"

enum { HOMES_MAX = 400, DESKS_MAX = 6, CONTACTS_MAX = 6, SLOTS_A_HOME = 4, OPENINGS_SEEN = 32 };

/* What goes wrong; see fault.c. */
enum fault_kind {
	FAULT_HUB_KILL,      /* kill -9, started again after for_ms */
	FAULT_HUB_AT_COMMIT, /* the same in the middle of an entry: at its value-th commit, before or behind it */
	FAULT_HUB_POWER,     /* the machine: what was not synced is lost */
	FAULT_HUB_STALL,     /* the process stands still */
	FAULT_HUB_CLOCK,     /* the wall clock jumps by value ms, and back at the end */
	FAULT_DISK_FULL,     /* commits fail */
	FAULT_SIGNER,        /* the signer is silent */
	FAULT_HOME_POWER,
	FAULT_AREA_POWER,
	FAULT_HOME_KILL,
	FAULT_HOME_CLOCK,    /* steps by value ms */
	FAULT_HOME_STALL,
	FAULT_HOME_LINK,
	FAULT_HOME_SLOW,     /* every message takes value ms */
	FAULT_CAMERA,        /* value: enum camera_trouble */
	FAULT_DESK_LINK,
	FAULT_DESK_KILL,
	FAULT_VIEWER,        /* picture processes die (0), hang (1) or take their time (2) */
	FAULT_ASLEEP,        /* the operator */
	FAULT_LEAVES,        /* in the middle of a look, or whenever it is */
	FAULT_GATEWAY,       /* takes no page */
	FAULT_COVERAGE,      /* of a contact's telephone */
	FAULT_FORGETS,       /* a contact says yes and does not go */
	FAULT_WITHDRAW,      /* a resident rings the centre */
	FAULT_PAUSE,
	FAULTS,
};

enum camera_trouble { CAMERA_WELL, CAMERA_DEAD, CAMERA_STUCK, CAMERA_SLOW, CAMERA_FROZEN, CAMERA_BLACK, CAMERA_COVERED };

struct fault {
	enum fault_kind kind;
	int64_t at_ms, for_ms, value;
	int target;
};

/* What one run is: everything that decides it. */
struct spec {
	uint64_t seed;
	int nights, residents, desks;
	int32_t first_night;
	int storm;                 /* so many times as many faults; 1 = as they come */
	int64_t until_ms;          /* 0 = to the end of the last night */
	bool sqlite, real, calm;   /* calm: no faults */
	int64_t crash_points;      /* of a night that is cut after every write; 0 = none is */
	bool history;              /* print what happens */
	bool all_faults, all_homes;
	const bool *fault_kept;    /* by index, n_kept of them; unless all_faults */
	const bool *home_kept;     /* by index; unless all_homes */
	size_t n_fault_kept, n_home_kept;
};

/* A machine's clocks. */
struct machine {
	int64_t booted_ms;         /* true */
	int64_t wall_offset_ms;    /* wall clock less the truth */
	int64_t drift_ppm;
	uint64_t boot_id;
};

/* os/clock.h's struct clock, on a machine of ours. */
struct reading {
	int64_t utc_at_start_ms, elapsed_at_start_ms;
};

/* One slot as it was agreed. */
struct town_slot {
	char id[ID_MAX];
	enum slot_kind kind;
	int from_min, to_min;
	uint8_t weekdays;
};

struct home {
	int index;
	bool present;              /* false: left out of a shrunk history */
	char resident[PERSONS_MAX][ID_MAX];
	int n_persons;
	char agreement[ID_MAX], camera[ID_MAX], area[ID_MAX];
	struct town_slot slot[SLOTS_A_HOME];
	int n_slots;
	int32_t decision_to, consent_to; /* the last day of each; DAY_OPEN = none */
	int64_t shown_picture;     /* the number of the latest that somebody saw */
	uint8_t device_public[KEY_BYTES], device_secret[SECRET_KEY_BYTES];
	struct random random;

	struct machine machine;
	struct reading reading;
	struct agent *agent;       /* NULL: not running */
	int64_t session;           /* 0 = no connection */
	bool powered;
	int no_power, no_link, slow_ms, stalled;  /* how many faults hold it so; slow_ms a duration */
	int64_t stalled_until_ms, backoff_ms;
	uint64_t tick;             /* the timer that counts */
	struct buf record[4];
	char record_name[4][ID_MAX];

	/* the camera */
	enum camera_trouble trouble;
	enum lens lens;
	int64_t moved_ms, opened_ms;
	int64_t pictures;
	char picture[128];         /* the latest; a frozen camera sends it again */
	bool fallen, away;         /* the resident: on the floor until somebody comes; not at home */
	int64_t scene_until_ms;
	char scene[PERSONS_MAX][16];

	/* what its agent was last permitted */
	struct permit permit;
	bool has_permit;
	int64_t withdrawn_ms, paused_ms; /* when the hub committed it, 0 = not */
	int64_t disturbed_ms;      /* when its process or power was last taken away */
	int n_openings;
	struct opening opening[OPENINGS_SEEN];
};

/* The picture process of a desk. */
struct viewer {
	uint64_t run;
	bool alive, expected, standing, hangs;
	uint8_t public_key[KEY_BYTES], secret_key[KEY_BYTES];
	int64_t key_ms, shown_ms;  /* true time */
	struct viewer_expect expect;
	char seen[PERSONS_MAX][16];/* what the picture showed */
	char camera[ID_MAX];
};

/* A telephone call to the centre. */
struct call {
	int64_t at_ms, check, page;
	char contact[ID_MAX];
	char resident[ID_MAX];
	const char *word;          /* acknowledged, on-site, well … withdraw, pause */
	int tried;
};

struct habit {
	const char *name;
	int64_t react_ms, read_ms; /* to do something; to judge a picture */
	int wrong_key, impatient;  /* per mille */
};

struct desk {
	int index;
	char user[ID_MAX];
	struct machine machine;
	struct model *model;       /* NULL: the console does not run */
	int64_t session;
	int no_link;
	int64_t retry_ms;
	uint64_t tick;
	struct viewer viewer;
	int viewer_trouble;        /* -1 none, else FAULT_VIEWER's value */
	struct random random;
	const struct habit *habit;
	bool quiet;                /* half a second without a key since the screen changed */
	int64_t changed_ms, key_ms;
	enum screen_id screen;
	enum look_phase phase;
	int held;                  /* how often the key that she leans on still comes */
	uint64_t turn;             /* the operator's timer that counts */
	int asleep, away;
	bool wants;                /* the prompt that stands is hers */
	int64_t judged_look;       /* the latest that she answered */
	char saw[PERSONS_MAX][16];
	int64_t saw_look;
	struct call call;          /* the telephone at her ear; word NULL = none */
	int call_step;
	const char *typing;        /* what is left to type into the prompt */
	int judged;                /* how often she has answered it */
	int64_t sounds[4];         /* by level */
	int64_t sound_ms[10];      /* the latest high ones, for the rate */
	int64_t sounds_in_ten_min_max;
	int64_t awake_ms;          /* at the desk, with contact */
	int64_t awake_from_ms;
};

/* Somebody of the patrol chain. */
struct carer {
	char id[ID_MAX], area[ID_MAX];
	int step;
	int no_coverage, forgets;
	struct random random;
};

struct link {
	int64_t session;
	struct home *home;         /* one of the two */
	struct desk *desk;
	bool hub_open, peer_open, broken;
	int64_t to_hub_ms, to_peer_ms; /* the last delivery of each way */
	int in_flight;             /* to the peer */
};

/* What is known of a look from outside the store. */
struct look_seen {
	int64_t look;
	bool recorded;             /* its permit's log record was committed */
	int openings;
};

/* What was answered with a key, and what the hub said that it has. */
struct said {
	int64_t look, check;
	char resident[ID_MAX], operator_id[ID_MAX];
	enum answer answer;
	int64_t command;           /* that carried it */
	bool done, logged;         /* the hub said so; the log has it */
};

/* The pages as the gateway sees them. */
struct sent {
	int64_t page, at_ms;
	char contact[ID_MAX];
	bool urgent, delivered, first; /* first: of its step */
};

struct list {
	void *items;
	size_t n, room;
};

/* A log record that the invariants want to hear of once it is committed. */
struct recorded {
	enum log_type type;
	int64_t look;
	char resident[ID_MAX];
};

struct hall {
	bool alive;
	struct hub *hub;
	struct hub_settings settings;
	struct store store, inner;
	bool has_store;
	struct machine machine;
	struct reading reading;
	struct pager pager;
	struct signer signer;
	struct zone_window zone;
	uint64_t tick, start;
	int64_t stalled_until_ms, started_ms;
	int no_power, disk_full, no_signer, gateway_down;
	int commits_left;          /* to a death in the middle; 0 = none */
	bool death_behind;         /* behind the commit, not before it */
	bool dead;                 /* in this entry: nothing leaves any more */
	struct list touched_checks, touched_pages; /* int64_t */
	struct list recording;     /* struct recorded: by the open transaction */
	int64_t log_size;          /* acknowledged */
	int64_t rows_committed, rows_open, last_row; /* of the log */
	uint8_t last_leaf[HASH_BYTES], open_leaf[HASH_BYTES];
	int64_t open_row;
	struct random random;
};

struct counts {
	int64_t events, entries, nights, checks, looks, openings, sendings, calls, answers;
	int64_t well, visited, excused, open_at_dawn;
	int64_t deaths, faults;
	int64_t crash_points, crash_writes;
};

struct world {
	struct spec spec;
	int64_t now_ms, end_ms;
	struct disk *disk;         /* of a run with SQLite */
	struct disk *cut_disk;     /* what a cut leaves of it */
	struct queue queue;
	const struct crypto *crypto;
	struct random crypto_random, link_random, patrol_random, disk_random;
	uint8_t admin_public[KEY_BYTES], admin_secret[SECRET_KEY_BYTES];
	uint8_t signer_public[KEY_BYTES], signer_secret[SECRET_KEY_BYTES];
	struct notary notary;   /* the log's signer, which no crash of the hub reaches */
	uint8_t operator_public[KEY_BYTES], operator_secret[SECRET_KEY_BYTES];
	struct policy policy;
	struct hall centre;
	struct home *home;         /* n_homes */
	int n_homes;
	struct desk desk[DESKS_MAX];
	int n_desks;
	struct carer contact[CONTACTS_MAX];
	int n_contacts;
	struct list links;         /* struct link, by session - 1 */
	struct list faults;        /* struct fault */
	struct list looks;         /* struct look_seen, by look - 1 */
	struct list said;          /* struct said */
	struct list sent;          /* struct sent */
	struct list calls;         /* struct call: the telephone rings */
	struct counts counts;
};

/* world.c */
struct world *world_new(const struct spec *spec);
void world_run(struct world *world);
void world_free(struct world *world);
/* At an instant; data is copied. */
void world_at(struct world *world, int64_t at_ms, event_fn *run, int64_t a, int64_t b, int64_t c,
              const void *data, size_t len);
void *list_new(struct list *list, size_t size); /* one more, zeroed */
void list_drop(struct list *list, size_t size, size_t at);

/* clocks */
int64_t machine_elapsed_ms(const struct world *world, const struct machine *machine);
struct now machine_now(const struct world *world, const struct machine *machine, const struct reading *reading);
int64_t machine_wall_ms(const struct world *world, const struct machine *machine);
struct reading machine_read(const struct world *world, const struct machine *machine);

/* town.c */
void town_make(struct world *world);
/* When a slot of that night begins, by the zone alone; the oracle for the plan. */
int64_t town_start_ms(const struct world *world, int32_t night, const struct town_slot *slot);
bool town_is_agreed(const struct town_slot *slot, int32_t night);
struct home *town_home_of(struct world *world, const char *resident);

/* link.c */
int64_t link_open_home(struct world *world, struct home *home);
int64_t link_open_desk(struct world *world, struct desk *desk);
void link_to_hub(struct world *world, int64_t session, const void *data, size_t len, bool binary);
void link_to_peer(struct world *world, int64_t session, const void *data, size_t len, bool binary);
void link_close_by_hub(struct world *world, int64_t session);
void link_close_by_peer(struct world *world, int64_t session);
/* Bytes under way are lost; each end notices after a while. */
void link_break(struct world *world, int64_t session);
/* The hub's process is gone, with every connection. */
void link_hub_died(struct world *world);
bool link_is_quiet(const struct world *world, int64_t session);

/* centre.c */
/* Opens it when it is not open. */
void centre_open_store(struct world *world);
void centre_start(struct world *world);
void centre_stop(struct world *world); /* at the end of the run */
void centre_die(struct world *world, int64_t back_ms, bool power);
void centre_opened(struct world *world, struct link *link);
void centre_message(struct world *world, int64_t session, const void *data, size_t len, bool binary);
void centre_closed(struct world *world, int64_t session);
void centre_paged(struct world *world, int64_t page, enum page_event_kind kind, const char *contact);
void centre_clock(struct world *world, int64_t step_ms);
struct now centre_now(const struct world *world);

/* Where SQLite looks for its file; there is none but on the simulated disk. */
void centre_path(char path[64]);

/* crash.c */
void crash_watch(struct world *world);

/* home.c */
void home_start(struct world *world, struct home *home);
void home_end(struct world *world, struct home *home, bool power); /* the process, or the whole home */
void home_opened(struct world *world, struct home *home, int64_t session);
void home_message(struct world *world, struct home *home, int64_t session, const void *data, size_t len, bool binary);
void home_closed(struct world *world, struct home *home, int64_t session);
void home_clock(struct world *world, struct home *home, int64_t step_ms);
void home_connect_again(struct world *world, struct home *home);

/* desk.c */
void desk_start(struct world *world, struct desk *desk);
void desk_end(struct world *world, struct desk *desk);
void desk_opened(struct world *world, struct desk *desk, int64_t session);
void desk_message(struct world *world, struct desk *desk, int64_t session, const void *data, size_t len, bool binary);
void desk_closed(struct world *world, struct desk *desk, int64_t session);
void desk_key(struct world *world, struct desk *desk, key_code key);
struct now desk_now(const struct world *world, const struct desk *desk);

/* operator.c */
void operator_begin(struct world *world, struct desk *desk);
void operator_wake(struct world *world, struct desk *desk, int64_t in_ms);

/* patrol.c */
void patrol_night(struct world *world, int32_t night);
enum err patrol_send(struct world *world, const struct pager_message *message);
void patrol_ring(struct world *world, int64_t at_ms, int64_t check, int64_t page, const char *contact,
                 const char *resident, const char *word);

/* fault.c */
void fault_plan(struct world *world);
const char *fault_name(enum fault_kind kind);

/* audit.c: what must hold */
void audit_entry(struct world *world);  /* after the hub has done something */
void audit_lens_open(struct world *world, struct home *home);
void audit_lens_parked(struct world *world, struct home *home);
void audit_picture_stands(struct world *world, struct desk *desk, int64_t number);
void audit_picture_gone(struct world *world, struct desk *desk);
void audit_answer(struct world *world, struct desk *desk, const struct said *said);
void audit_sending(struct world *world, const struct pager_message *message);
void audit_delivered(struct world *world, int64_t page, const char *contact);
void audit_consoles(struct world *world);
void audit_restart(struct world *world);
void audit_dawn(struct world *world, int32_t night);
/* replay.c: the rows against the log */
void replay_night(struct world *world, int32_t night);

/* history.c */
void history_note(struct world *world, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* An invariant is broken: says so, and ends the process. */
_Noreturn void history_fail(struct world *world, const char *invariant, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void history_summary(struct world *world);
/* The world whose process this is, for seams without an argument. */
extern struct world *history_world;

#endif
