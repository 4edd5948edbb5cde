/*
 * The settings of hub and camera agent, as option tables (base/option.h): the daemons read their
 * files by them and refuse to start on a fault, tillsynctl check-config uses the same tables.
 */
#ifndef TILLSYN_CORE_SETTINGS_H
#define TILLSYN_CORE_SETTINGS_H

#include "base/limits.h"
#include "base/option.h"
#include "core/policy.h"

#include <stdbool.h>
#include <stdint.h>

struct hub_settings {
	struct policy policy;
	char database[PATH_MAX_BYTES];
	char socket[PATH_MAX_BYTES];          /* Unix socket for consoles and tillsynctl */
	char zone[ZONE_NAME_MAX];
	char centre[NAME_MAX_BYTES];          /* what the consoles call this centre */
	char emergency[PHONE_MAX];            /* 112 */
	char administrators[PATH_MAX_BYTES];  /* login names, comma between, who may use tillsynctl */
	uint8_t administration_key[KEY_BYTES];/* public; signs agreements and the roster */
	char signer_socket[PATH_MAX_BYTES];   /* of tillsynd-signer; empty = the key is read by the hub itself */
	uint8_t signer_key[KEY_BYTES];        /* public; of tillsynd-signer */
	char signer_key_file[PATH_MAX_BYTES]; /* without tillsynd-signer */
	char log_origin[NAME_MAX_BYTES];      /* checkpoint_is_origin(); like no other centre's */
	char agent_host[NAME_MAX_BYTES];
	int64_t agent_port;
	char agent_certificate[PATH_MAX_BYTES], agent_key[PATH_MAX_BYTES]; /* PEM; empty = plain, loopback only */
	char console_host[NAME_MAX_BYTES];    /* empty = no network consoles */
	int64_t console_port;
	char console_certificate[PATH_MAX_BYTES], console_key[PATH_MAX_BYTES],
		console_ca[PATH_MAX_BYTES];
	bool extract_names;                   /* what is written for a resident names the staff */
	bool demo;                            /* a demo's database; never true for one that was not made so */
};

struct camera_settings {
	struct policy policy;                 /* the agent's bounds: lens, skew, permit length */
	char camera[ID_MAX];
	char hub_host[NAME_MAX_BYTES];
	int64_t hub_port;
	bool hub_tls;
	uint8_t hub_pin[HASH_BYTES];          /* SHA-256 of the hub's public key */
	uint8_t administration_key[KEY_BYTES];
	uint8_t signer_key[KEY_BYTES];
	char device_key_file[PATH_MAX_BYTES];
	char state_folder[PATH_MAX_BYTES];    /* agreements, roster, openings, so that a restart forgets none */
	int64_t driver;                       /* 0 simulated, 1 still */
	char scene[PATH_MAX_BYTES];           /* simulated: see camera/driver.h */
	char pictures[PATH_MAX_BYTES];        /* still: a folder */
	bool demo;                            /* allows --clock-offset */
};

extern const struct option hub_options[];    /* of struct hub_settings, policy included */
extern const struct option camera_options[]; /* of struct camera_settings, policy included */

#endif
