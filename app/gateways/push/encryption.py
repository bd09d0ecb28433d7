"""The encryption of web push messages (RFC 8291 over RFC 8188's aes128gcm): by pywebpush, on checked input."""

import re
from typing import Any, Final, Self

from pywebpush import WebPusher

#: A push service may refuse more than 4096 bytes (RFC 8030); this is what is left of them for the message.
LARGEST_PAYLOAD: Final = 4096 - 16 - 4 - 1 - 65 - 1 - 16

#: The 65 bytes of an uncompressed point and the 16 of the secret beside it, in base64url: pywebpush checks less.
_POINT: Final = re.compile(r"[A-Za-z0-9_-]{87}=?")
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{22}(==)?")


def check_keys(p256dh: str, auth: str) -> None:
    """Raise `ValueError` unless a message can be encrypted for a browser with these keys."""
    encrypt(b"?", p256dh=p256dh, auth=auth)


def encrypt(payload: bytes, *, p256dh: str, auth: str) -> bytes:
    """The body of the POST, which only the browser with these keys can read.

    Raises `ValueError` when a key is malformed, the point is not on the curve, or the payload is empty or too large.
    """
    if not 0 < len(payload) <= LARGEST_PAYLOAD:
        raise ValueError(f"The message has {len(payload)} bytes; between 1 and {LARGEST_PAYLOAD} fit.")
    if not (_POINT.fullmatch(p256dh) and _SECRET.fullmatch(auth)):
        raise ValueError("The subscription's keys are no keys.")
    # WebPusher demands an endpoint, but does not use it here.
    device = WebPusher(_Subscription(endpoint="", keys={"p256dh": p256dh, "auth": auth}))
    return bytes(device.encode(payload)["body"])


class _Subscription(dict[str, Any]):
    """Nobody else has it, so WebPusher need not copy it, which takes a twentieth of the encryption."""

    def __deepcopy__(self, _copied: object) -> Self:
        return self
