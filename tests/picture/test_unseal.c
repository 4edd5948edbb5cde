/* Whatever a look ends with, nothing that was opened for it is left in the memory that was lent for it. */
#include "picture/unseal.h"

#include "core/snapshot.h"
#include "jpeg_make.h"
#include "os/crypto.h"
#include "picture/draw.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const struct fit room = {.width = 160, .height = 120, .step = 1, .pixel_width = 1, .pixel_height = 1};

struct look {
	struct viewer_expect expect;
	struct snapshot_header header;
	struct secret secret;
	uint8_t device_secret[SECRET_KEY_BYTES];
	struct jpeg_recipe recipe;
	uint32_t cut; /* bytes off the JPEG's end */
	int64_t complete_ms;
	bool spoilt; /* on its way */
};

static struct look look_new(void)
{
	struct look look = {
		.expect = {.look = 7, .camera = "cam-1", .fresh_ms = 5000},
		.header = {.look = 7, .camera = "cam-1", .permit_received_ms = 100, .captured_ms = 200},
		.recipe = jpeg_recipe(640, 480),
		.complete_ms = 1000,
	};

	crypto_sodium()->box_keypair(look.secret.public_key, look.secret.secret_key);
	crypto_sodium()->sign_keypair(look.expect.device_key, look.device_secret);
	return look;
}

static void seal_look(struct look *look, struct buf *sealed)
{
	struct buf jpeg = buf_new(JPEG_MAX_BYTES);

	jpeg_make(&look->recipe, &jpeg);
	look->header.jpeg_len = (uint32_t)jpeg.len - look->cut;
	assert_int_equal(snapshot_seal(crypto_sodium(), &look->header, jpeg.data, look->device_secret,
	                               look->secret.public_key, sealed),
	                 ERR_OK);
	sealed->data[sealed->len - 1] ^= look->spoilt;
	buf_free(&jpeg);
}

static void assert_zero(const uint8_t *data, size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_int_equal(data[i], 0);
}

/* What is claimed, of the plaintext and of the pixels, is for the caller to wipe. */
static void assert_nothing_left(struct look look, int fault)
{
	static uint8_t plain[SNAPSHOT_MAX_BYTES], pixels[DRAW_PIXELS_MAX];
	const struct seal seal = {.crypto = crypto_sodium(), .secret = &look.secret, .expect = &look.expect,
	                          .complete_ms = look.complete_ms, .plain = plain};
	struct buf sealed = buf_new(SNAPSHOT_MAX_BYTES + SEAL_BYTES);
	struct picture picture = {0};
	struct opened opened;
	struct refusal refusal;
	size_t claimed;

	seal_look(&look, &sealed);
	memset(plain, 0, sizeof plain);
	memset(pixels, 0, sizeof pixels);
	refusal = unseal(&seal, sealed.data, sealed.len, &opened);
	if (refusal.fault == 0)
		refusal = unseal_picture(&opened, &room, pixels, &picture);
	assert_int_equal(refusal.fault, fault);
	claimed = (size_t)picture.grey.width * (size_t)picture.grey.height;
	if (fault == 0)
		assert_int_equal(claimed, 160 * 120);
	assert_zero(plain + opened.plain_len, sizeof plain - opened.plain_len);
	assert_zero(pixels + claimed, sizeof pixels - claimed);
	buf_free(&sealed);
}

static void nothing_opened_is_left(void **state)
{
	struct look look = look_new();

	(void)state;
	assert_nothing_left(look, 0);
	look.recipe.progressive = true;
	assert_nothing_left(look, 0);
	look.recipe.progressive = false;
	look.cut = 3000;
	assert_nothing_left(look, VIEWER_FAULT_JPEG);
	look.cut = 0;
	look.complete_ms = 6000;
	assert_nothing_left(look, VIEWER_FAULT_STALE);
	look.complete_ms = 1000;
	memset(look.recipe.quadrant, 3, sizeof look.recipe.quadrant);
	assert_nothing_left(look, VIEWER_FAULT_CONTENT);
	look.spoilt = true;
	assert_nothing_left(look, VIEWER_FAULT_SEAL);
	look.spoilt = false;
	look.expect.device_key[0] ^= 1;
	assert_nothing_left(look, VIEWER_FAULT_SEAL);
}

static void what_cannot_be_a_sealed_picture_is_refused(void **state)
{
	static uint8_t plain[1], sealed[SNAPSHOT_MAX_BYTES + SEAL_BYTES + 1];
	static const size_t lengths[] = {0, 1, SEAL_BYTES - 1, sizeof sealed};
	struct look look = look_new();
	const struct seal seal = {.crypto = crypto_sodium(), .secret = &look.secret, .expect = &look.expect,
	                          .plain = plain};
	struct opened opened;

	(void)state;
	for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
		assert_int_equal(unseal(&seal, sealed, lengths[i], &opened).fault, VIEWER_FAULT_SEAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_opened_is_left),
		cmocka_unit_test(what_cannot_be_a_sealed_picture_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
