"""A message is for one browser only, and keys that are none are refused before anything is sent."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from http_ece import ECEException
from hypothesis import given, settings
from hypothesis import strategies as st

from app.gateways.push.encryption import LARGEST_PAYLOAD, check_keys, encrypt
from tests.push_device import Device

pytestmark = pytest.mark.house  # needs no database

DEVICE = Device("https://push.example.com/1")


@settings(max_examples=40, deadline=None)
@given(payload=st.binary(min_size=1, max_size=LARGEST_PAYLOAD))
def test_what_is_encrypted_is_read_again(payload: bytes) -> None:
    assert DEVICE.decrypt(encrypt(payload, p256dh=DEVICE.p256dh, auth=DEVICE.auth)) == payload


def test_another_browser_cannot_read_it() -> None:
    body = encrypt(b"Hej!", p256dh=DEVICE.p256dh, auth=DEVICE.auth)
    with pytest.raises(ECEException):
        Device("https://push.example.com/2").decrypt(body)


def test_no_two_messages_share_key_or_salt() -> None:
    bodies = [encrypt(b"Hej!", p256dh=DEVICE.p256dh, auth=DEVICE.auth) for _ in range(20)]
    assert len({body[:16] for body in bodies}) == 20
    assert len({body[21:86] for body in bodies}) == 20


def test_our_reading_follows_the_example_in_section_5_of_rfc_8291() -> None:
    """The device of these tests is what they measure encryption by, so it is measured by the standard itself."""
    device = Device(
        "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
        key=ec.derive_private_key(
            int.from_bytes(_bytes("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"), "big"), ec.SECP256R1()
        ),
        secret=_bytes("BTBZMqHH6r4Tts7J_aSIgg"),
    )
    body = _bytes(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
        "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
        "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    assert device.decrypt(body) == b"When I grow up, I want to be a watermelon"


@pytest.mark.parametrize("size", [0, LARGEST_PAYLOAD + 1])
def test_a_message_that_is_empty_or_too_large_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="3993 fit"):
        encrypt(b"x" * size, p256dh=DEVICE.p256dh, auth=DEVICE.auth)


def test_the_keys_of_a_browser_are_keys() -> None:
    check_keys(DEVICE.p256dh, DEVICE.auth)


def test_what_is_no_point_on_the_curve_is_refused() -> None:
    for point in (b"\x04" + b"\x01" * 64, _compressed(DEVICE), b"", b"\x04" + b"\x01" * 63):
        with pytest.raises(ValueError):
            check_keys(_text(point), DEVICE.auth)


@pytest.mark.parametrize("secret", ["", "kort", "c" * 23, DEVICE.auth + "\n" * 100, "å" * 16])
def test_what_is_no_secret_of_sixteen_bytes_is_refused(secret: str) -> None:
    with pytest.raises(ValueError):
        check_keys(DEVICE.p256dh, secret)


@settings(max_examples=300, deadline=None)
@given(
    p256dh=st.text(max_size=90)
    | st.binary(min_size=65, max_size=65).map(base64.urlsafe_b64encode).map(bytes.decode),
    auth=st.text(max_size=24)
    | st.binary(min_size=16, max_size=16).map(base64.urlsafe_b64encode).map(bytes.decode),
)
def test_whatever_keys_are_taken_can_be_encrypted_for(p256dh: str, auth: str) -> None:
    try:
        check_keys(p256dh, auth)
    except ValueError:
        return
    assert encrypt(b"Hej!", p256dh=p256dh, auth=auth)


@pytest.mark.parametrize("first", [0, 2, 3, 4, 5, 6, 7, 255])
def test_sixty_five_bytes_are_not_yet_a_point(first: int) -> None:
    for rest in (b"\x00" * 64, b"\xff" * 64):
        with pytest.raises(ValueError):
            check_keys(_text(bytes([first]) + rest), DEVICE.auth)


def _compressed(device: Device) -> bytes:
    return device.key.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
