/*
 * The settings tables of hub and camera agent. The policy's own table is part of both: the agent
 * bounds lens, clock and permits by the same rows that the hub decides by.
 */
#include "core/settings.h"

#include <stddef.h>

#define FIELD(settings, field)                                                                      \
	.offset = offsetof(settings, field), .size = sizeof((settings *)0)->field
#define HUB(field) FIELD(struct hub_settings, field)
#define CAMERA(field) FIELD(struct camera_settings, field)

enum { PORT_MAX = 65535 };

const struct option hub_options[] = {
	{.name = "database", .type = OPTION_TEXT, HUB(database),
	 .standard = "/var/lib/tillsyn/hub.db",
	 .sentence = "The SQLite file that holds everything; one hub a file."},
	{.name = "socket", .type = OPTION_TEXT, HUB(socket), .standard = "/run/tillsyn/hub.sock",
	 .sentence = "The Unix socket for consoles and tillsynctl; a login name is known there."},
	{.name = "zone", .type = OPTION_TEXT, HUB(zone), .standard = "Europe/Stockholm",
	 .sentence = "The time zone of the centre's nights, by its IANA name."},
	{.name = "centre", .type = OPTION_TEXT, HUB(centre), .standard = "",
	 .sentence = "What the consoles call this centre."},
	{.name = "emergency", .type = OPTION_TEXT, HUB(emergency), .standard = "112",
	 .sentence = "The emergency number that the consoles show."},
	{.name = "administrators", .type = OPTION_TEXT, HUB(administrators), .standard = "root",
	 .sentence = "Login names that may use tillsynctl, with commas between."},
	{.name = "administration_key", .type = OPTION_HEX, HUB(administration_key),
	 .sentence = "The public key that signs agreements and the roster (administration.pub)."},
	{.name = "signer_socket", .type = OPTION_TEXT, HUB(signer_socket), .standard = "",
	 .sentence = "The socket of tillsynd-signer, which a service needs; empty: the hub signs itself."},
	{.name = "signer_key", .type = OPTION_HEX, HUB(signer_key), .standard = "",
	 .sentence = "The public key that tillsynd-signer must sign by (signer.pub)."},
	{.name = "signer_key_file", .type = OPTION_TEXT, HUB(signer_key_file),
	 .standard = "/etc/tillsyn/signer.key",
	 .sentence = "The secret key, where the hub signs itself; readable by the hub alone."},
	{.name = "log_origin", .type = OPTION_TEXT, HUB(log_origin), .standard = "tillsyn/log",
	 .sentence = "The log's name in its checkpoints, without blanks; unlike any other centre's."},
	{.name = "extract_names", .type = OPTION_BOOL, HUB(extract_names), .standard = "no",
	 .sentence = "What is written for a resident about looks at her names who looked, not the unit alone."},
	{.name = "agent_host", .type = OPTION_TEXT, HUB(agent_host), .standard = "127.0.0.1",
	 .sentence = "The address at which cameras reach the hub."},
	{.name = "agent_port", .type = OPTION_INT, HUB(agent_port), .min = 0, .max = PORT_MAX,
	 .standard = "7441",
	 .sentence = "Its port; 0 lets the system choose one."},
	{.name = "agent_certificate", .type = OPTION_TEXT, HUB(agent_certificate), .standard = "",
	 .sentence = "Its certificate, a PEM file; empty: no TLS, for loopback addresses only."},
	{.name = "agent_key", .type = OPTION_TEXT, HUB(agent_key), .standard = "",
	 .sentence = "The certificate's secret key, a PEM file."},
	{.name = "console_host", .type = OPTION_TEXT, HUB(console_host), .standard = "",
	 .sentence = "The address at which consoles reach the hub; empty: the Unix socket alone."},
	{.name = "console_port", .type = OPTION_INT, HUB(console_port), .min = 0, .max = PORT_MAX,
	 .standard = "7440",
	 .sentence = "Its port; 0 lets the system choose one."},
	{.name = "console_certificate", .type = OPTION_TEXT, HUB(console_certificate),
	 .standard = "",
	 .sentence = "Its certificate, a PEM file."},
	{.name = "console_key", .type = OPTION_TEXT, HUB(console_key), .standard = "",
	 .sentence = "The certificate's secret key, a PEM file."},
	{.name = "console_ca", .type = OPTION_TEXT, HUB(console_ca), .standard = "",
	 .sentence = "Who signs the certificates that operators' consoles show, a PEM file."},
	{.name = "demo", .type = OPTION_BOOL, HUB(demo), .standard = "no",
	 .sentence = "A demonstration: every screen says so, and --clock-offset is allowed."},
	{.name = "policy", .type = OPTION_TABLE, HUB(policy), .table = policy_options,
	 .sentence = "The service's limits."},
	{.name = NULL},
};

/* In the order of camera_settings.driver. */
static const char *const drivers[] = {"simulated", "still", NULL};

const struct option camera_options[] = {
	{.name = "camera", .type = OPTION_TEXT, CAMERA(camera),
	 .sentence = "This camera's identifier, as it was enrolled."},
	{.name = "hub_host", .type = OPTION_TEXT, CAMERA(hub_host), .standard = "127.0.0.1",
	 .sentence = "Where the hub is: a name or an address."},
	{.name = "hub_port", .type = OPTION_INT, CAMERA(hub_port), .min = 1, .max = PORT_MAX,
	 .standard = "7441",
	 .sentence = "The hub's port for cameras."},
	{.name = "hub_tls", .type = OPTION_BOOL, CAMERA(hub_tls), .standard = "yes",
	 .sentence = "TLS to the hub; without it only a loopback address is reached."},
	{.name = "hub_pin", .type = OPTION_HEX, CAMERA(hub_pin), .standard = "",
	 .sentence = "SHA-256 of the hub's public key, from enrolment; another hub is refused."},
	{.name = "administration_key", .type = OPTION_HEX, CAMERA(administration_key),
	 .sentence = "The public key that signs agreements and the roster (administration.pub)."},
	{.name = "signer_key", .type = OPTION_HEX, CAMERA(signer_key),
	 .sentence = "The public key that signs permits (signer.pub)."},
	{.name = "device_key_file", .type = OPTION_TEXT, CAMERA(device_key_file),
	 .standard = "/var/lib/tillsyn-camera/device.key",
	 .sentence = "This camera's own secret key; --make-key writes it."},
	{.name = "state_folder", .type = OPTION_TEXT, CAMERA(state_folder),
	 .standard = "/var/lib/tillsyn-camera",
	 .sentence = "The folder for agreement, roster and openings, kept over a restart."},
	{.name = "driver", .type = OPTION_CHOICE, CAMERA(driver), .choices = drivers,
	 .sentence = "How the camera is reached."},
	{.name = "scene", .type = OPTION_TEXT, CAMERA(scene), .standard = "asleep",
	 .sentence = "Simulated: what each look shows, with commas between; the last repeats."},
	{.name = "pictures", .type = OPTION_TEXT, CAMERA(pictures), .standard = "",
	 .sentence = "Still: the folder of JPEG files, one a look in the order of their names."},
	{.name = "demo", .type = OPTION_BOOL, CAMERA(demo), .standard = "no",
	 .sentence = "A demonstration: --clock-offset is allowed."},
	{.name = "policy", .type = OPTION_TABLE, CAMERA(policy), .table = policy_options,
	 .sentence = "The service's limits; the hub's own may be narrower."},
	{.name = NULL},
};
