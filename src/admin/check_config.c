/*
 * check-config: every wrong line of a daemon's configuration, by the tables that the daemons read
 * it with.
 */
#include "admin/admin.h"

#include "core/settings.h"
#include "os/file.h"

#include <string.h>

static void print(void *arg, const char *line)
{
	const struct admin *const *admin = arg;

	fprintf((*admin)->out, "%s\n", line);
}

/* One file by one table; policy is where that table keeps its own. */
static int check_by(const struct admin *admin, const char *path, const struct buf *text,
                    const struct option *table, void *settings, const struct policy *policy)
{
	const char *from = text->data == NULL ? "" : (const char *)text->data, *fault;
	int faults = option_parse(table, settings, path, from, text->len, true, print, &admin);

	fault = policy_fault(policy);
	if (fault != NULL)
		fprintf(admin->out, "%s: %s\n", path, fault);
	return faults + (fault != NULL);
}

static int check(const struct admin *admin, const char *path, bool is_camera,
                 const struct buf *text)
{
	struct hub_settings hub = {0};
	struct camera_settings camera = {0};

	return is_camera ? check_by(admin, path, text, camera_options, &camera, &camera.policy)
	                 : check_by(admin, path, text, hub_options, &hub, &hub.policy);
}

enum admin_exit check_config_run(const struct admin *admin, struct args *args)
{
	bool camera = args_flag(args, "--camera"), hub = args_flag(args, "--hub");
	struct buf text = buf_new(CONFIG_MAX_BYTES);
	const char *path;
	int faults;
	enum err r;

	if (!args_done(args, 1, 1) || (camera && hub))
		return admin_usage(admin, "check-config", "check-config wants one file");
	path = args->word[0];
	r = file_read(path, &text);
	if (r != ERR_OK) {
		buf_free(&text);
		return admin_refuse(admin, "%s: %s", path, err_text(r));
	}
	/* By its name, where nobody says: camera.conf, cameras/c-0001.conf. */
	faults = check(admin, path, camera || (!hub && strstr(path, "camera") != NULL), &text);
	buf_free(&text);
	if (faults == 0)
		fprintf(admin->out, "%s: nothing is wrong\n", path);
	return faults == 0 ? ADMIN_OK : ADMIN_REFUSED;
}
