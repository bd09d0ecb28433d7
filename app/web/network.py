"""Which network a request comes from, for limits."""

import ipaddress

from flask_limiter.util import get_remote_address

#: Whoever has an IPv6 address has at least the other 64 bits to choose from.
_IPV6_BITS = 64


def network() -> str:
    """The IPv4 address, which a whole town hall may share, or the IPv6 network of one house."""
    remote = get_remote_address()
    try:
        address = ipaddress.ip_address(remote.partition("%")[0])
    except ValueError:  # a proxy wrote something else there
        return remote
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, _IPV6_BITS), strict=False))
