"""The message encryption of web push (RFC 8291 over RFC 8188's aes128gcm): pywebpush's, behind checks of its input."""

import re
from typing import Final

from pywebpush import WebPusher

#: RFC 8030 lets a push service refuse more than 4096 bytes; this is what is left of them for the message.
LARGEST_PAYLOAD: Final = 4096 - 16 - 4 - 1 - 65 - 1 - 16

#: The 65 bytes of an uncompressed point and the 16 of the secret beside it, in base64url: pywebpush looks less closely.
_POINT: Final = re.compile(r"[A-Za-z0-9_-]{87}=?")
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{22}(==)?")


def check_keys(p256dh: str, auth: str) -> None:
    """Raise `ValueError` unless a browser with these keys could be written to."""
    encrypt(b"?", p256dh=p256dh, auth=auth)


def encrypt(payload: bytes, *, p256dh: str, auth: str) -> bytes:
    """The body to post so that only the browser with these keys can read it.

    Raises `ValueError` when a key is malformed, the point is not on the curve, or the payload is empty or too large.
    """
    if not 0 < len(payload) <= LARGEST_PAYLOAD:
        raise ValueError(f"The message has {len(payload)} bytes; between 1 and {LARGEST_PAYLOAD} fit.")
    if not (_POINT.fullmatch(p256dh) and _SECRET.fullmatch(auth)):
        raise ValueError("The subscription's keys are no keys.")
    # It wants an endpoint, and does nothing with it here.
    device = WebPusher({"endpoint": "", "keys": {"p256dh": p256dh, "auth": auth}})
    return bytes(device.encode(payload)["body"])
