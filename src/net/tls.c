/*
 * Certificates. The websocket library's own options accept too much (any certificate "not yet
 * valid", any self-signed one once one of them may be), say nothing about why a file was refused,
 * and trust the system's authorities beside ours. So the context of a client and every verdict are
 * made here.
 */
#include "net/tls.h"

#include "net/address.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

static enum err set_fault(char *fault, const char *what, const char *file)
{
	/* A long path is cut, so that what is wrong with it stays. */
	snprintf(fault, REASON_MAX_BYTES, "%.56s: %.60s", file, what);
	ERR_clear_error();
	return ERR_IO;
}

/* A program without a terminal must not ask for a passphrase; with one it would hang. */
static int no_passphrase(char *out, int size, int writing, void *arg)
{
	(void)out;
	(void)size;
	(void)writing;
	(void)arg;
	return 0;
}

static enum err use_own_files(SSL_CTX *context, const char *certificate, const char *key,
                              char *fault)
{
	if (SSL_CTX_use_certificate_chain_file(context, certificate) != 1)
		return set_fault(fault, "no certificate can be read", certificate);
	if (SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1)
		return set_fault(fault,
		                 "no private key can be read, or not that of the certificate", key);
	if (SSL_CTX_check_private_key(context) != 1)
		return set_fault(fault, "not the key of the certificate", key);
	return ERR_OK;
}

static enum err use_files(SSL_CTX *context, const char *ca, const char *certificate,
                          const char *key, char *fault)
{
	if (ca != NULL && SSL_CTX_load_verify_file(context, ca) != 1)
		return set_fault(fault, "no authority's certificate can be read", ca);
	if (certificate == NULL && key == NULL)
		return ERR_OK;
	if (certificate == NULL || key == NULL)
		return set_fault(fault, "a certificate and its key go together",
		                 certificate == NULL ? key : certificate);
	return use_own_files(context, certificate, key, fault);
}

static SSL_CTX *new_context(const SSL_METHOD *method)
{
	SSL_CTX *context = SSL_CTX_new(method);

	if (context == NULL)
		return NULL;
	SSL_CTX_set_default_passwd_cb(context, no_passphrase);
	SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
	/* The library may retry a write from another buffer. */
	SSL_CTX_set_mode(context, SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
	return context;
}

enum err tls_client_context(const char *ca, const char *certificate, const char *key,
                            void **context, char fault[REASON_MAX_BYTES])
{
	SSL_CTX *made = new_context(TLS_client_method());
	enum err err;

	*context = NULL;
	if (made == NULL)
		return ERR_MEMORY;
	err = use_files(made, ca, certificate, key, fault);
	if (err == ERR_OK)
		*context = made;
	else
		SSL_CTX_free(made);
	return err;
}

void tls_context_free(void *context)
{
	SSL_CTX_free(context);
}

enum err tls_check_server(const char *certificate, const char *key, const char *client_ca,
                          char fault[REASON_MAX_BYTES])
{
	SSL_CTX *context = new_context(TLS_server_method());
	enum err err;

	if (context == NULL)
		return ERR_MEMORY;
	err = use_files(context, client_ca, certificate, key, fault);
	SSL_CTX_free(context);
	return err;
}

void tls_harden_server(void *context)
{
	SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
	/*
	 * A resumed session would outlive the check of its certificate; connections last for hours
	 * anyway.
	 */
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
	SSL_CTX_set_num_tickets(context, 0);
}

static enum err hash_key(X509 *certificate, uint8_t hash[HASH_BYTES])
{
	unsigned char *der = NULL;
	int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
	int done;

	if (len <= 0)
		return ERR_NOT_FOUND;
	done = EVP_Digest(der, (size_t)len, hash, NULL, EVP_sha256(), NULL);
	OPENSSL_free(der);
	return done == 1 ? ERR_OK : ERR_MEMORY;
}

static bool key_matches(X509 *certificate, const uint8_t expected[HASH_BYTES])
{
	uint8_t hash[HASH_BYTES];

	return hash_key(certificate, hash) == ERR_OK && memcmp(hash, expected, sizeof hash) == 0;
}

static bool name_matches(X509 *certificate, const char *host)
{
	if (address_is_numeric(host))
		return X509_check_ip_asc(certificate, host, 0) == 1;
	return X509_check_host(certificate, host, 0, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, NULL) ==
	       1;
}

bool tls_verify_server(void *store_context, bool chain_is_good, const struct tls_expect *expect)
{
	X509 *leaf = X509_STORE_CTX_get0_cert(store_context);
	bool good = leaf != NULL && (expect->by_authority || expect->key_hash != NULL);

	if (good && expect->by_authority)
		good = chain_is_good && name_matches(leaf, expect->host);
	if (good && expect->key_hash != NULL)
		good = key_matches(leaf, expect->key_hash);
	/* The library lets a handshake pass only if this says so too. */
	X509_STORE_CTX_set_error(store_context,
	                         good ? X509_V_OK : X509_V_ERR_APPLICATION_VERIFICATION);
	return good;
}

enum err tls_peer_key_hash(void *connection, bool must_verify, uint8_t hash[HASH_BYTES])
{
	X509 *certificate = connection == NULL ? NULL : SSL_get1_peer_certificate(connection);
	enum err err = ERR_NOT_FOUND;

	if (certificate == NULL)
		return ERR_NOT_FOUND;
	if (!must_verify || SSL_get_verify_result(connection) == X509_V_OK)
		err = hash_key(certificate, hash);
	X509_free(certificate);
	return err;
}
