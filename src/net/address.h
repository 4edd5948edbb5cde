/* Numeric addresses, as far as listeners and clients ask about them. */
#ifndef TILLSYN_NET_ADDRESS_H
#define TILLSYN_NET_ADDRESS_H

#include <stdbool.h>

bool address_is_numeric(const char *host);
bool address_is_ipv6(const char *host);
/* 127.0.0.0/8 or ::1, as numbers. */
bool address_is_loopback(const char *host);

#endif
