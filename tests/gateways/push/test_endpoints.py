"""Which addresses are taken for a push service."""

import pytest

from app.gateways.push.endpoints import EndpointRefused, check_endpoint, is_public, split_endpoint


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
        "https://[2606:2800:220:1::1]/x",
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
    ],
)  # fmt: skip
def test_every_other_address_is_refused(url: str) -> None:
    with pytest.raises(EndpointRefused) as refused:
        check_endpoint(url)
    assert refused.value.reason.endswith(".")


def test_an_extra_host_is_allowed_with_its_port_and_by_plain_http() -> None:
    extra = frozenset({"127.0.0.1:8080", "push.internal:443", "[::1]:9000"})
    check_endpoint("http://127.0.0.1:8080/x", extra)
    check_endpoint("https://127.0.0.1:8080/x", extra)
    check_endpoint("https://push.internal/x", extra)
    check_endpoint("http://[::1]:9000/x", extra)
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
    assert str(split_endpoint("https://[::1]:8443/x", frozenset({"[::1]:8443"}))[0]) == "https://[::1]:8443"


def test_an_ipv4_address_inside_an_ipv6_one_counts_as_what_it_is() -> None:
    assert is_public("::ffff:93.184.216.34")
    assert is_public("64:ff9b::93.184.216.34")
    assert not is_public("::ffff:192.168.0.1")
