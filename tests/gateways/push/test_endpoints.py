"""Which addresses are taken for a push service."""

import pycurl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.gateways.push.endpoints import EndpointRefused, check_endpoint, is_public, split_endpoint
from app.gateways.push.vapid import VapidKeys


@pytest.mark.parametrize(
    "url",
    [
        "https://fcm.googleapis.com/fcm/send/dQw4:APA91b-x_y",
        "https://FCM.googleapis.com:443/fcm/send/x",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAAAA",
        "https://web.push.apple.com/QGz1",
        "https://wns2-par02p.notify.windows.com/w/?token=BQ%2bx%3d",
        "https://push.example.org/x",
        "https://93.184.216.34/x",
    ],
)
def test_an_https_address_on_the_public_internet_is_taken(url: str) -> None:
    check_endpoint(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://fcm.googleapis.com/x", "ftp://example.org/x", "//example.org/x", "example.org", "", "https://",
        "https:///x", "https://user@example.org/x", "https://user:password@example.org/x", "https://example.org:22/x",
        "https://example.org\\@127.0.0.1/x", "https://example.org/\r\nX: y", "https://example.org/x y",
        "https://example.org/x#y", "https://exämple.org/x", "https://example.org/" + "x" * 2048, "https://a..b.org/x",
        "https://.push.apple.com/x", "https://localhost/x", "https://intranet/x", "https://db.internal/x",
        "https://printer.local/x", "https://127.0.0.1/x", "https://127.1/x", "https://0x7f.1/x", "https://2130706433/x",
        "https://0177.0.0.1/x", "https://0/x", "https://10.0.0.1/x", "https://192.168.1.1/x", "https://172.16.0.1/x",
        "https://169.254.169.254/latest/meta-data", "https://100.64.0.1/x", "https://224.0.0.1/x", "https://[::1]/x",
        "https://[::]/x", "https://[fe80::1]/x", "https://[fe80::1%25eth0]/x", "https://[fc00::1]/x",
        "https://[::ffff:127.0.0.1]/x", "https://[::127.0.0.1]/x", "https://[64:ff9b::10.0.0.1]/x",
        "https://[2002:7f00:1::]/x", "https://[::1/x", "https://1.2.3.4.5/x",
        "https://fcm.googleapis.com.evil.internal/x", "https://example.org.:443/x",
        "https://[2606:2800:220:1::1]/x", "https://[2a00:1450:4001:82b::200a]:443/x", "https://[::ffff:93.184.216.34]/x",
        "https://[:::]/x", "https://[1.2.3.4]/x",
    ],
)  # fmt: skip
def test_every_other_address_is_refused(url: str) -> None:
    with pytest.raises(EndpointRefused) as refused:
        check_endpoint(url)
    assert refused.value.reason.endswith(".")


def test_an_extra_host_is_allowed_with_its_port_and_by_plain_http() -> None:
    extra = frozenset({"127.0.0.1:8080", "push.internal:443"})
    check_endpoint("http://127.0.0.1:8080/x", extra)
    check_endpoint("https://127.0.0.1:8080/x", extra)
    check_endpoint("https://push.internal/x", extra)
    for url in (
        "http://127.0.0.1:8081/x",
        "http://push.internal/x",
        "http://127.0.0.2:8080/x",
        "http://[::1]/x",
    ):
        with pytest.raises(EndpointRefused):
            check_endpoint(url, extra)


def test_the_origin_is_written_without_its_usual_port() -> None:
    origin, target = split_endpoint("https://Push.Example.org:443/a/b?c=%2f")
    assert (str(origin), target) == ("https://push.example.org", "/a/b?c=%2f")
    assert str(split_endpoint("http://a.se:80/x", frozenset({"a.se:80"}))[0]) == "http://a.se"
    assert str(split_endpoint("https://a.se:8443/x", frozenset({"a.se:8443"}))[0]) == "https://a.se:8443"


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(
    url=st.from_regex(
        r"https?://([a-zA-Z0-9_.-]{1,30}|\[[0-9a-f:.]{2,30}\])(:[0-9]{1,5})?/[!-~]{0,30}", fullmatch=True
    ),
    allowed=st.booleans(),
)
def test_whatever_is_taken_can_be_signed_for(vapid: VapidKeys, url: str, allowed: bool) -> None:
    extra = frozenset({url.split("/")[2].lower()}) if allowed else frozenset()
    try:
        origin, target = split_endpoint(url, extra)
    except EndpointRefused:
        return
    assert vapid.authorization(str(origin)).startswith("vapid t=")
    pycurl.Curl().setopt(pycurl.URL, f"{origin}{target}")


def test_ipv6_is_refused_even_as_an_extra_host_since_no_token_can_be_signed_for_it() -> None:
    with pytest.raises(EndpointRefused, match="IPv6"):
        check_endpoint("http://[::1]:9000/x", frozenset({"[::1]:9000"}))


def test_an_ipv4_address_inside_an_ipv6_one_counts_as_what_it_is() -> None:
    assert is_public("::ffff:93.184.216.34")
    assert is_public("64:ff9b::93.184.216.34")
    assert not is_public("::ffff:192.168.0.1")
    assert is_public("2002:5db8:d822::1")
    assert not is_public("2002:c0a8:1::1")


#: Addresses within a range that is not on the public internet, and the nearest outside it that are.
SPECIAL = {
    "this network": (["0.0.0.1", "0.255.255.255"], ["1.0.0.0"]),
    "private": (
        ["10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0", "192.168.255.255"],
        ["9.255.255.255", "11.0.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0"],
    ),
    "shared with the provider": (["100.64.0.0", "100.127.255.255"], ["100.63.255.255", "100.128.0.0"]),
    "loopback": (["127.0.0.0", "127.255.255.255"], ["126.255.255.255", "128.0.0.0"]),
    "link": (["169.254.0.0", "169.254.169.254", "169.254.255.255"], ["169.253.255.255", "169.255.0.0"]),
    "protocol assignments": (
        ["192.0.0.0", "192.0.0.8", "192.0.0.9", "192.0.0.10", "192.0.0.170", "192.0.0.255"],
        ["191.255.255.255", "192.0.1.0"],
    ),
    "documentation": (
        ["192.0.2.1", "198.51.100.0", "198.51.100.255", "203.0.113.7"], ["192.0.3.0", "198.51.101.0", "203.0.114.0"],
    ),
    "relays from IPv6": (["192.88.99.0", "192.88.99.1", "192.88.99.255"], ["192.88.98.255", "192.88.100.0"]),
    "benchmarks": (["198.18.0.0", "198.19.255.255"], ["198.17.255.255", "198.20.0.0"]),
    "multicast": (["224.0.0.1", "239.255.255.255", "ff02::1", "ff0e::1"], ["223.255.255.255"]),
    "reserved": (["240.0.0.0", "255.255.255.255"], []),
    "IPv6 loopback and none": (["::", "::1"], []),
    "IPv4 inside": (
        ["::ffff:10.0.0.1", "::ffff:224.0.0.1", "::10.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b::192.0.0.9"],
        ["::ffff:93.184.216.34", "64:ff9b::93.184.216.34"],
    ),
    "translated IPv4": (["::ffff:0:0:0", "::ffff:0:93.184.216.34", "::ffff:0:10.0.0.1", "::ffff:0:ffff:ffff"], []),
    "local translation": (
        ["64:ff9b:1::", "64:ff9b:1::93.184.216.34", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff"],
        ["64:ff9b:2::1", "64:ff9b:0:ffff::1"],
    ),
    "discarded": (["100::", "100::ffff:ffff:ffff:ffff"], ["100:0:0:2::"]),
    "a dummy": (["100:0:0:1::", "100::1:ffff:ffff:ffff:ffff"], ["100:0:0:2::1"]),
    "IPv6 protocol assignments": (
        ["2001:1::1", "2001:1::2", "2001:2::1", "2001:3::1", "2001:4:112::1", "2001:20::1", "2001:1ff::1"],
        ["2001:200::1", "2000:ffff::1", "2001:4860:4860::8888"],
    ),
    "Teredo": (
        ["2001:0:5db8:d822:0:0:f5ff:fffe", "2001:0:a00:1::a247:27dd"], ["2001:0:5db8:d822::a247:27dd"],
    ),
    "6to4": (["2002:a00:1::", "2002:7f00:1::1", "2002:e000:1::"], ["2002:5db8:d822::1"]),
    "IPv6 documentation": (
        ["2001:db8::1", "3fff::", "3fff:abc::1", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff"],
        ["2001:db7::1", "2001:db9::1", "3fff:1000::1", "3ffe:ffff::1"],
    ),
    "segments of a route": (["5f00::", "5f00:1::1", "5f00:ffff::1"], ["5eff:ffff::1", "5f01::1"]),
    "unique local": (["fc00::1", "fdff:ffff::1"], ["fbff::1"]),
    "IPv6 link": (["fe80::1", "febf::1", "fe80::1%eth0"], []),
    "once a site": (["fec0::", "fec0::1", "feed::1", "feff:ffff::1"], []),
    "within a zone": (["2606:2800:220:1::1%eth0", "::ffff:93.184.216.34%1"], ["2606:2800:220:1::1"]),
}  # fmt: skip


@pytest.mark.parametrize(("inside", "outside"), SPECIAL.values(), ids=SPECIAL.keys())
def test_special_ranges_are_not_public_and_their_neighbours_are(
    inside: list[str], outside: list[str]
) -> None:
    assert [address for address in inside if is_public(address)] == []
    assert [address for address in outside if not is_public(address)] == []
