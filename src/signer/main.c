/*
 * tillsynd-signer: the log's key in a process of its own, so that whoever takes the hub over has no
 * signature for another log. It reads its key and its state, opens its socket, gives up everything
 * else, and signs.
 */
#include "os/crypto.h"
#include "os/journal.h"
#include "os/key.h"
#include "os/process.h"
#include "os/secmem.h"
#include "os/user.h"
#include "signer/serve.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct arguments {
	const char *socket, *key, *state, *peer, *begin;
};

static int usage(void)
{
	fprintf(stderr,
	        "usage: tillsynd-signer --key FILE --state FILE --socket PATH [--peer USER]\n"
	        "       tillsynd-signer --key FILE --state FILE --new ORIGIN\n");
	return 2;
}

static bool read_arguments(int argc, char **argv, struct arguments *arguments)
{
	const struct {
		const char *name, **value;
	} known[] = {{"--socket", &arguments->socket},
	             {"--key", &arguments->key},
	             {"--state", &arguments->state},
	             {"--peer", &arguments->peer},
	             {"--new", &arguments->begin}};

	for (int i = 1; i < argc; i += 2) {
		size_t k = 0;

		while (k < sizeof known / sizeof *known && strcmp(argv[i], known[k].name) != 0)
			k++;
		if (k == sizeof known / sizeof *known || i + 1 >= argc)
			return false;
		*known[k].value = argv[i + 1];
	}
	/*
	 * Beginning is one thing, signing another: a state that is lost must not begin anew by
	 * itself.
	 */
	return arguments->key != NULL && arguments->state != NULL
	       && (arguments->begin == NULL) != (arguments->socket == NULL)
	       && (arguments->begin == NULL || arguments->peer == NULL);
}

static bool complain(const char *what, const char *why)
{
	fprintf(stderr, "tillsynd-signer: %s: %s\n", what, why);
	return false;
}

static bool read_key(const struct crypto *crypto, const char *path, uint8_t *secret_key)
{
	enum err r = key_read(crypto, path, secret_key);

	if (r == ERR_OK)
		return true;
	fprintf(stderr,
	        "tillsynd-signer: %s: %s; a key that only this user can read, as tillsynctl init "
	        "makes it, is needed\n",
	        path, err_text(r));
	return false;
}

static bool begin(const struct crypto *crypto, const struct arguments *arguments,
                  const uint8_t *secret_key)
{
	enum err r = state_begin(crypto, arguments->state, secret_key, arguments->begin);

	if (r == ERR_EXISTS)
		return complain(arguments->state,
		                "a state is there already, and is kept: start without --new");
	if (r == ERR_PARSE)
		return complain(arguments->begin, "not a log's name; give the hub's log_origin");
	return r == ERR_OK || complain(arguments->state, err_text(r));
}

static bool read_state(struct serve *serve)
{
	enum err r = state_hold(serve->state_path);

	if (r == ERR_EXISTS)
		return complain(serve->state_path, "another signer is at work in this folder");
	if (r == ERR_OK)
		r = state_read(serve->crypto, serve->state_path,
		               serve->secret_key + SECRET_KEY_BYTES - KEY_BYTES, &serve->state);
	switch (r) {
	case ERR_OK:
		return true;
	case ERR_NOT_FOUND:
		return complain(
			serve->state_path,
			"no state: it was lost, or this is the first time (--new ORIGIN, once)");
	case ERR_SIGNATURE:
		return complain(
			serve->state_path,
			"not signed by this key: another key, another's state, or a damaged one");
	case ERR_PARSE:
	case ERR_LIMIT:
		return complain(serve->state_path, "not a signed note: the state is damaged");
	default:
		return complain(serve->state_path, err_text(r));
	}
}

static bool start(struct serve *serve, const struct arguments *arguments)
{
	char fault[REASON_MAX_BYTES] = "";

	serve->state_path = arguments->state;
	serve->peer = getuid();
	if (arguments->peer != NULL && user_id(arguments->peer, &serve->peer) != ERR_OK)
		return complain(arguments->peer, "no such user");
	if (!read_state(serve))
		return false;
	if (serve_listen(arguments->socket, &serve->listener, fault) != ERR_OK)
		return complain(arguments->socket, fault);
	/* Before the sandbox, for the zone file that the first line's time looks for. */
	journal_note("signs for %s on %s; signed last: a log of %llu", serve->state.last.origin,
	             arguments->socket, (unsigned long long)serve->state.last.size);
	return process_sandbox_signer() == ERR_OK
	    || complain("seccomp", "the sandbox cannot be set up");
}

int main(int argc, char **argv)
{
	struct arguments arguments = {.socket = NULL};
	struct serve serve = {.crypto = crypto_sodium(), .listener = -1};
	uint8_t *secret_key;
	bool ok;

	if (!read_arguments(argc, argv, &arguments))
		return usage();
	process_harden();
	journal_open("tillsynd-signer");
	secret_key = secmem_alloc(SECRET_KEY_BYTES);
	if (serve.crypto == NULL || secret_key == NULL) {
		complain("start",
		         "no cryptography, or no memory that can be locked (RLIMIT_MEMLOCK)");
		return 1;
	}
	serve.secret_key = secret_key;
	ok = read_key(serve.crypto, arguments.key, secret_key);
	if (ok && arguments.begin != NULL) {
		ok = begin(serve.crypto, &arguments, secret_key);
	} else if (ok && start(&serve, &arguments)) {
		serve_run(&serve);
		journal_fault("the socket failed");
		ok = false;
	} else {
		ok = false;
	}
	secmem_free(secret_key);
	return ok ? 0 : 1;
}
