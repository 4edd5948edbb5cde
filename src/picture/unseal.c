/*
 * The order matters: nothing of a camera's bytes reaches the JPEG decoder before the seal, the
 * camera's signature and the permit's nonce have said that this is the picture that was asked for.
 */
#include "picture/unseal.h"

#include "core/snapshot.h"
#include "picture/draw.h"
#include "picture/jpeg.h"

#include <stdio.h>

struct refusal refusal_make(enum viewer_fault fault, const char *words)
{
	struct refusal refusal = {.fault = (int)fault};

	snprintf(refusal.words, sizeof refusal.words, "%s", words);
	return refusal;
}

static struct refusal judge_fresh(const struct seal *seal, const struct snapshot_header *header)
{
	const struct viewer_expect *expect = seal->expect;

	switch (snapshot_fresh(header, expect->look, expect->camera, expect->nonce, seal->key_ms,
	                       seal->complete_ms, expect->fresh_ms)) {
	case ERR_OK:
		return (struct refusal){0};
	case ERR_EXPIRED:
		return refusal_make(VIEWER_FAULT_STALE, "the picture came too late to be fresh");
	default:
		return refusal_make(VIEWER_FAULT_STALE,
		                    "the picture belongs to another look or permit");
	}
}

static struct refusal judge_content(const struct grey *grey)
{
	switch (grey_judge(grey)) {
	case CONTENT_BLACK:
		return refusal_make(VIEWER_FAULT_CONTENT, "the picture is black");
	case CONTENT_FLAT:
		return refusal_make(VIEWER_FAULT_CONTENT,
		                    "the picture shows nothing but one even grey");
	default:
		return (struct refusal){0};
	}
}

static struct refusal open_seal(const struct seal *seal, const void *sealed, size_t len,
                                struct opened *opened)
{
	const struct crypto *crypto = seal->crypto;
	struct snapshot_header header;

	if (crypto->open(seal->plain, sealed, len, seal->secret->public_key,
	                 seal->secret->secret_key)
	    != ERR_OK)
		return refusal_make(VIEWER_FAULT_SEAL,
		                    "the picture is not sealed to this look's key");
	if (snapshot_split(crypto, seal->plain, len - SEAL_BYTES, seal->expect->device_key, &header,
	                   &opened->jpeg) != ERR_OK)
		return refusal_make(VIEWER_FAULT_SEAL, "the picture is not signed by this camera");
	opened->jpeg_len = header.jpeg_len;
	opened->taken_utc_ms = header.captured_utc_ms;
	return judge_fresh(seal, &header);
}

struct refusal unseal(const struct seal *seal, const void *sealed, size_t len,
                      struct opened *opened)
{
	struct refusal refusal;

	*opened = (struct opened){0};
	if (len < SEAL_BYTES || len - SEAL_BYTES > SNAPSHOT_MAX_BYTES)
		return refusal_make(VIEWER_FAULT_SEAL, "what came is no sealed picture");
	refusal = open_seal(seal, sealed, len, opened);
	if (refusal.fault == 0)
		opened->plain_len = len - SEAL_BYTES;
	else
		seal->crypto->wipe(seal->plain, len - SEAL_BYTES);
	return refusal;
}

struct refusal unseal_picture(const struct opened *opened, const struct fit *fit, uint8_t *pixels,
                              struct picture *picture)
{
	char words[REASON_MAX_BYTES];

	*picture = (struct picture){.grey.data = pixels};
	if (jpeg_decode(opened->jpeg, opened->jpeg_len, fit, DRAW_PIXELS_MAX, &picture->grey,
	                &picture->width, &picture->height, words)
	    != ERR_OK)
		return refusal_make(VIEWER_FAULT_JPEG, words);
	return judge_content(&picture->grey);
}
