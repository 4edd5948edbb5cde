/*
 * Every bound on data from outside, each with its reason. A bound that only one file needs may live
 * in that file; one that two sides must agree on lives here.
 */
#ifndef TILLSYN_BASE_LIMITS_H
#define TILLSYN_BASE_LIMITS_H

enum {
	/*
	 * Identifiers from the import: what a care system's own keys need, and a list column can
	 * show.
	 */
	ID_MAX = 32 + 1,
	/* A person's name or an address line, in bytes of UTF-8. */
	NAME_MAX_BYTES = 96 + 1,
	/* A note for the operator (bed, door): four lines of a side panel. */
	NOTE_MAX_BYTES = 256 + 1,
	/* A phone number as people write it. */
	PHONE_MAX = 24 + 1,
	/* A reason typed by an operator: one line of a prompt. */
	REASON_MAX_BYTES = 120 + 1,
	/*
	 * A path in a configuration: what a Unix socket's name can hold, with room for ordinary
	 * files.
	 */
	PATH_MAX_BYTES = 255 + 1,
	/* The longest IANA zone name today is 32 bytes. */
	ZONE_NAME_MAX = 48 + 1,
	/*
	 * Two changes of offset a year; a window spans at most a few years. Morocco has four a
	 * year.
	 */
	ZONE_TRANSITIONS_MAX = 32,

	/* Agreed slots of one agreement: once an hour through a night is sixteen. */
	SLOTS_MAX = 24,
	/*
	 * Nights behind this one that a resident's details tell of: two weeks, so each weekday
	 * twice.
	 */
	HISTORY_NIGHTS = 14,
	/* Who shares one camera: a couple. */
	PERSONS_MAX = 2,
	/* Consents of one agreement: the couple and those who live there permanently. */
	CONSENTS_MAX = 8,
	/* Steps of a patrol chain. */
	CHAIN_MAX = 8,
	/* An encoded agreement: slots, persons and consents at their longest, rounded up. */
	AGREEMENT_MAX_BYTES = 8192,
	/* Operators whose keys an agent holds. */
	ROSTER_MAX = 100,
	ROSTER_MAX_BYTES = 8192,

	/* One JSON message. The largest holds an agreement in base64. */
	MESSAGE_MAX_BYTES = 32768,
	/* One import document: 2,000 residents at a kilobyte each, twice over. */
	IMPORT_MAX_BYTES = 8 << 20,
	/* A configuration file. */
	CONFIG_MAX_BYTES = 65536,

	/* One JPEG: a 4K infrared picture at good quality is 1–2 MB. */
	JPEG_MAX_BYTES = 4 << 20,
	/* A sealed snapshot: the JPEG, its header, its signature and the seal. */
	SNAPSHOT_MAX_BYTES = JPEG_MAX_BYTES + 1024,
	/*
	 * Width or height of a picture: 4K and the odd panorama; bounds the decoder's row buffers.
	 */
	JPEG_SIDE_MAX = 8192,
	/* Scans of a progressive JPEG: encoders use about ten, a bomb uses thousands. */
	JPEG_SCANS_MAX = 32,

	/* Log fields: event-specific key/value pairs. */
	LOG_FIELDS_MAX = 12,
	/* Canonical bytes of one log event. */
	LOG_EVENT_MAX_BYTES = 4096,

	KEY_BYTES = 32,
	SECRET_KEY_BYTES = 64, /* Ed25519: seed and public key, libsodium's form */
	SIGNATURE_BYTES = 64,
	HASH_BYTES = 32,
	NONCE_BYTES = 16,
	SALT_BYTES = 32,
	SEAL_BYTES = 48, /* what crypto_box_seal adds */
};

#endif
