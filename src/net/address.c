/* Which hosts are this machine itself: there, and only there, plain text may be spoken. */
#include "net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

static bool parse4(const char *host, struct in_addr *address)
{
	return inet_pton(AF_INET, host, address) == 1;
}

static bool parse6(const char *host, struct in6_addr *address)
{
	return inet_pton(AF_INET6, host, address) == 1;
}

bool address_is_ipv6(const char *host)
{
	struct in6_addr address;

	return parse6(host, &address);
}

bool address_is_numeric(const char *host)
{
	struct in_addr address;

	return parse4(host, &address) || address_is_ipv6(host);
}

bool address_is_loopback(const char *host)
{
	struct in6_addr address6;
	struct in_addr address4;

	if (parse4(host, &address4))
		return (ntohl(address4.s_addr) >> 24) == 127;
	return parse6(host, &address6) &&
	       memcmp(&address6, &in6addr_loopback, sizeof address6) == 0;
}
