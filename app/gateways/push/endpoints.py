"""Where pushes may go. An endpoint is the user's input: it must not lead us into our own network."""

import ipaddress
import re
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

LONGEST_ENDPOINT: Final = 2048

#: The push services of the browsers; nothing more about these names is checked.
KNOWN_HOSTS: Final = frozenset(
    {"fcm.googleapis.com", "updates.push.services.mozilla.com", "web.push.apple.com"}
)
KNOWN_DOMAINS: Final = (
    ".push.services.mozilla.com",
    ".push.apple.com",
    ".notify.windows.com",
    ".push.samsungosp.com",
)
#: Names that belong to a local network by convention or by RFC 6761, 6762, 8375 and 9476.
LOCAL_DOMAINS: Final = (
    ".localhost", ".local", ".localdomain", ".internal", ".intranet", ".lan", ".home", ".corp", ".private",
    ".home.arpa", ".test", ".invalid", ".onion", ".alt",
)  # fmt: skip

# Parsers disagree about backslashes, blanks, user names and letters outside ASCII, and no push service needs them.
_ENDPOINT = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]{2,45}\]|[a-z0-9_.-]{1,253})(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<target>/[!\"$-\[\]-~]*)",
    re.IGNORECASE | re.ASCII,
)
_HOST = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
#: What IANA's registries of special-purpose addresses keep off the public internet (or from use), and Python calls
#: global, in this version or another.
_SPECIAL: Final = tuple(
    map(
        ipaddress.ip_network,
        (
            "192.0.0.0/24",  # protocol assignments
            "192.88.99.0/24",  # relays from IPv6, given up
            "::ffff:0:0:0/96",  # translated IPv4
            "64:ff9b:1::/48",  # translation within a network
            "100::/64",  # discarded
            "100:0:0:1::/64",  # a dummy
            "2001::/23",  # protocol assignments; Teredo counts as the addresses within it
            "3fff::/20",  # documentation
            "5f00::/16",  # segments of a route
            "fec0::/10",  # once the addresses of a site
        ),
    )
)


class EndpointRefused(ValueError):
    """An endpoint to which nothing may be sent; `reason` is a sentence for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Origin:
    """A push service: scheme, host and port."""

    scheme: str
    host: str
    port: int

    @property
    def authority(self) -> str:
        """Host and port as in PUSH_EXTRA_HOSTS."""
        return f"{self.host}:{self.port}"

    def __str__(self) -> str:
        """As RFC 6454 writes it, and as the token's `aud` wants it: without the scheme's own port."""
        usual = ":443" if self.scheme == "https" else ":80"
        return f"{self.scheme}://{self.authority.removesuffix(usual)}"


def check_endpoint(url: str, extra_hosts: frozenset[str] = frozenset()) -> None:
    """Refuse (`EndpointRefused`) an endpoint that is no address of a push service on the public internet.

    `extra_hosts` are `host:port` pairs that are allowed too, even on a private network and by plain http.
    This checks the text alone; the address that a name resolves to is checked when the connection is made.
    """
    split_endpoint(url, extra_hosts)


def split_endpoint(url: str, extra_hosts: frozenset[str] = frozenset()) -> tuple[Origin, str]:
    """The push service of the endpoint, which is checked, and the target of the request there (path and query)."""
    if len(url) > LONGEST_ENDPOINT:
        raise EndpointRefused(f"The endpoint is longer than {LONGEST_ENDPOINT} characters.")
    match = _ENDPOINT.fullmatch(url)
    if not match:
        raise EndpointRefused("The endpoint is no plain https address.")
    scheme, host, port, target = match.groups()
    return _allowed_origin(scheme, host, port, extra_hosts), target


def is_public(address: str) -> bool:
    """Whether an IP address is on the public internet. Of IPv4 addresses within an IPv6 one, these count."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv4Address):
        return _is_public(ip)
    # What needs a zone (`%eth0`) to be reached is on a network of ours.
    return not ip.scope_id and all(_is_public(inner) for inner in _embedded_ipv4(ip) or [ip])


@lru_cache(maxsize=1024)
def _allowed_origin(scheme: str, host: str, port: str | None, extra_hosts: frozenset[str]) -> Origin:
    scheme, host = scheme.lower(), host.lower()
    if host.startswith("["):
        # py_vapid signs no token for such an origin, so nothing could ever be sent there.
        raise EndpointRefused("The endpoint's host is an IPv6 address; push services have names.")
    if not _HOST.fullmatch(host):
        raise EndpointRefused("The endpoint's host is no name and no address.")
    origin = Origin(scheme, host, int(port) if port else 443 if scheme == "https" else 80)
    if origin.authority in extra_hosts:
        return origin
    if scheme != "https":
        raise EndpointRefused("The endpoint is not an https address.")
    if origin.port != 443:
        raise EndpointRefused("The endpoint uses an unusual port.")
    if not (host in KNOWN_HOSTS or host.endswith(KNOWN_DOMAINS) or _seems_public(host)):
        raise EndpointRefused("The endpoint is not on the public internet.")
    return origin


def _seems_public(host: str) -> bool:
    with suppress(ValueError):
        return is_public(host)
    # "127.1", "0x7f.1" and "2130706433" are loopback to the C library; no top-level domain begins with a digit.
    last = host.rpartition(".")[2]
    return "." in host and not last[:1].isdigit() and not host.endswith(LOCAL_DOMAINS)


def _is_public(ip: _Address) -> bool:
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in _SPECIAL)


def _embedded_ipv4(ip: ipaddress.IPv6Address) -> list[_Address]:
    if ip.packed[:12] == bytes(12) or ip in _NAT64:
        return [ipaddress.IPv4Address(ip.packed[12:])]
    if ip.teredo:
        return list(ip.teredo)
    return [inner for inner in (ip.ipv4_mapped, ip.sixtofour) if inner]
