"""Our encryption against the standard's own example and against pywebpush's."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pywebpush import WebPusher

from app.gateways.push_encryption import LARGEST_PAYLOAD, _derive, encrypt
from tests.push_device import Device

DEVICE = Device("https://push.example.com/1")


@settings(max_examples=40, deadline=None)
@given(payload=st.binary(max_size=LARGEST_PAYLOAD))
def test_what_is_encrypted_is_read_again(payload: bytes) -> None:
    assert DEVICE.decrypt(encrypt(payload, p256dh=DEVICE.p256dh, auth=DEVICE.auth)) == payload


def test_it_is_shaped_as_pywebpush_shapes_it() -> None:
    theirs = WebPusher(DEVICE.subscription()).encode(b"Hej!")["body"]
    ours = encrypt(b"Hej!", p256dh=DEVICE.p256dh, auth=DEVICE.auth)
    assert len(ours) == len(theirs)
    assert ours[16:22] == theirs[16:22], "record size, length of the key, and the key's first byte"
    assert DEVICE.decrypt(theirs) == DEVICE.decrypt(ours)


def test_no_two_messages_share_key_or_salt() -> None:
    bodies = [encrypt(b"Hej!", p256dh=DEVICE.p256dh, auth=DEVICE.auth) for _ in range(20)]
    assert len({body[:16] for body in bodies}) == 20
    assert len({body[21:86] for body in bodies}) == 20


def test_keys_are_derived_as_in_appendix_a_of_rfc_8291() -> None:
    receiver = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
    sender = "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"
    key, nonce = _derive(
        _bytes("kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs"),
        _bytes("BTBZMqHH6r4Tts7J_aSIgg"),
        _bytes("DGv6ra1nlYgDCS1FRnbzlw"),
        _bytes(receiver) + _bytes(sender),
    )
    assert key == _bytes("oIhVW04MRdy2XN9CiKLxTg")
    assert nonce == _bytes("4h_95klXJ5E_qnoN")


def test_a_message_that_is_too_large_is_refused() -> None:
    with pytest.raises(ValueError, match="3993 fit"):
        encrypt(b"x" * (LARGEST_PAYLOAD + 1), p256dh=DEVICE.p256dh, auth=DEVICE.auth)


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
