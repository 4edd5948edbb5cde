/*
 * enrol: binds a mounted camera's device key; camera, serial number and resident must agree with
 * the import (P12).
 */
#include "admin/admin.h"

#include "admin/connection.h"
#include "base/text.h"

enum admin_exit enrol_run(const struct admin *admin, struct args *args)
{
	bool accepted = args_flag(args, "--accepted");
	struct wire_message *message;
	uint8_t key[KEY_BYTES];

	if (!args_done(args, 4, 4))
		return admin_usage(
			admin, "enrol",
			"enrol wants the camera, its serial number, the resident and its key");
	for (int i = 0; i < 3; i++)
		if (!text_is_id(args->word[i]))
			return admin_usage(admin, "enrol", "%s is no identifier", args->word[i]);
	if (text_from_hex(key, sizeof key, args->word[3]) != ERR_OK)
		return admin_usage(admin, "enrol", "the device key is not 64 hexadecimal digits");
	message = wire_new(WIRE_ENROL);
	wire_set_text(message, "camera", args->word[0]);
	wire_set_text(message, "serial", args->word[1]);
	wire_set_text(message, "resident", args->word[2]);
	wire_set_bytes(message, "device_key", key, sizeof key);
	wire_set_bool(message, "accepted", accepted);
	return connection_simple(admin, message);
}
