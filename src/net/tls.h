/*
 * What the websocket library leaves to OpenSSL. Its types stay inside tls.c: contexts and
 * connections travel as void *.
 */
#ifndef TILLSYN_NET_TLS_H
#define TILLSYN_NET_TLS_H

#include "base/err.h"
#include "base/limits.h"

#include <stdbool.h>
#include <stdint.h>

/* What a client asks of a server's certificate. */
struct tls_expect {
	const char *host;  /* what the certificate must carry, when an authority decides */
	bool by_authority; /* its chain must lead to the client's authorities */
	const uint8_t *key_hash; /* SHA-256 of its SubjectPublicKeyInfo, or NULL */
};

/*
 * A client's SSL_CTX; ca, certificate and key are PEM files or NULL. ERR_IO: fault says which file
 * is wrong.
 */
enum err tls_client_context(const char *ca, const char *certificate, const char *key,
                            void **context, char fault[REASON_MAX_BYTES]);
void tls_context_free(void *context);
/* Reads a listener's files to see that they belong together. ERR_IO with a fault. */
enum err tls_check_server(const char *certificate, const char *key, const char *client_ca,
                          char fault[REASON_MAX_BYTES]);
/* A server's SSL_CTX, made by the library: TLS 1.2 at least, and no resumed sessions. */
void tls_harden_server(void *context);
/*
 * The verdict on one step of a chain, from OpenSSL's verify callback. Without an authority the key
 * alone decides, and the chain's faults are cleared.
 */
bool tls_verify_server(void *store_context, bool chain_is_good, const struct tls_expect *expect);
/*
 * SHA-256 of the peer's SubjectPublicKeyInfo. ERR_NOT_FOUND when it showed no certificate or a bad
 * one.
 */
enum err tls_peer_key_hash(void *connection, bool must_verify, uint8_t hash[HASH_BYTES]);

#endif
