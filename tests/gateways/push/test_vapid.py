"""The installation's keys."""

import base64
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from py_vapid import Vapid02

from app import clock
from app.gateways.push.vapid import MOST_ORIGINS, VapidKeys, checked_subject, generate_private_key

pytestmark = pytest.mark.house  # needs no database

SUBJECT = "mailto:it@example.se"


def test_a_made_key_loads_from_text_and_from_a_file(tmp_path: Path) -> None:
    pem = generate_private_key()
    file = tmp_path / "key.pem"
    file.write_text(pem)
    by_text, by_file = VapidKeys.load(pem, SUBJECT), VapidKeys.load(str(file), SUBJECT)
    assert by_text.application_server_key == by_file.application_server_key
    point = base64.urlsafe_b64decode(by_text.application_server_key + "=")
    assert (len(point), point[0]) == (65, 4)


def test_no_two_made_keys_are_alike() -> None:
    assert generate_private_key() != generate_private_key()


@pytest.mark.parametrize(
    "subject",
    [
        "mailto:it@example.se",
        "mailto:it+push@it.example.se",
        "https://example.se",
        "https://example.se:8443/contact",
    ],
)
def test_a_contact_is_taken(subject: str) -> None:
    assert checked_subject(subject) == subject


@pytest.mark.parametrize(
    "subject",
    [
        "", "it@example.se", "mailto:", "mailto: it@example.se", "mailto:it@localhost", "mailto:<it@example.se>",
        "http://example.se", "https://localhost", "https://", "mailto:it@example.se\n", "https://exa mple.se",
        "mailto:a@example.se,b@example.se",
    ],
)  # fmt: skip
def test_a_contact_that_apple_would_answer_with_403_is_refused_with_a_sentence(subject: str) -> None:
    with pytest.raises(ValueError, match=r"mailto:it@example\.se"):
        VapidKeys.load(generate_private_key(), subject)


@pytest.mark.parametrize(
    "key", ["/nowhere/key.pem", "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----"]
)
def test_a_key_that_is_none_is_refused_with_a_sentence(key: str) -> None:
    with pytest.raises(ValueError, match="VAPID_PRIVATE_KEY"):
        VapidKeys.load(key, SUBJECT)


@pytest.mark.parametrize(
    "key", [ec.generate_private_key(ec.SECP384R1()), rsa.generate_private_key(65537, 2048)]
)
def test_a_key_on_another_curve_is_refused(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> None:
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with pytest.raises(ValueError, match="P-256"):
        VapidKeys.load(pem.decode(), SUBJECT)


def test_a_header_is_kept_until_shortly_before_it_dies(vapid: VapidKeys) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        first = vapid.authorization("https://fcm.googleapis.com")
        assert Vapid02.verify(first)
        traveller.shift(timedelta(hours=10))
        assert vapid.authorization("https://fcm.googleapis.com") == first
        traveller.shift(timedelta(hours=1, seconds=1))
        assert vapid.authorization("https://fcm.googleapis.com") != first


def test_each_origin_has_its_own_header_and_their_number_has_an_end(vapid: VapidKeys) -> None:
    headers = {vapid.authorization(f"https://p{number}.example.com") for number in range(MOST_ORIGINS + 10)}
    assert len(headers) == MOST_ORIGINS + 10
    assert len(vapid._headers) == MOST_ORIGINS
