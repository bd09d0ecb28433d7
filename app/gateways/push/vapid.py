"""The key pair and the signed header by which push services recognize this installation (RFC 8292)."""

import base64
import re
from operator import attrgetter
from pathlib import Path
from threading import Lock
from typing import Final

from cachetools import TTLCache, cachedmethod
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02

from app import clock

#: Push services refuse a token that lives longer than 24 hours; half of that leaves room for clocks that differ.
TOKEN_LIFETIME: Final = 12 * 3600
#: A header is signed again this long before it expires, so that none expires while it is used.
RENEWED_BEFORE: Final = 3600
#: An endpoint is the user's input, so there is no natural limit to the number of origins.
MOST_ORIGINS: Final = 256

_DOMAIN = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
_MAILTO = re.compile(rf"mailto:[a-z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{_DOMAIN}", re.IGNORECASE)
_HTTPS = re.compile(rf"https://{_DOMAIN}(?::\d{{1,5}})?(?:/[!-~]*)?", re.IGNORECASE)


class VapidKeys:
    """The private key with its contact, and the headers signed by it, one per push service."""

    def __init__(self, private_key: ec.EllipticCurvePrivateKey, subject: str) -> None:
        """`subject` is the `mailto:` or `https:` contact; a malformed one raises `ValueError`."""
        self.subject = checked_subject(subject)
        self.application_server_key = _application_server_key(private_key)
        # Not strict: py_vapid's own check accepts "mailto:x@localhost" and refuses an https address with a path.
        self._signer = Vapid02(private_key, conf={"no-strict": True})
        self._headers: TTLCache[str, str] = TTLCache(
            MOST_ORIGINS, TOKEN_LIFETIME - RENEWED_BEFORE, timer=_seconds
        )
        self._lock = Lock()

    @classmethod
    def load(cls, pem_or_path: str, subject: str) -> "VapidKeys":
        """Read the private key from PEM text or from the path of a PEM file; `ValueError` says what is wrong."""
        pem = pem_or_path if "-----BEGIN" in pem_or_path else _read_pem(Path(pem_or_path))
        try:
            key = serialization.load_pem_private_key(pem.encode(), password=None)
        except (ValueError, TypeError) as error:
            raise ValueError(
                "VAPID_PRIVATE_KEY is no private key in PEM format without a password."
            ) from error
        if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
            raise ValueError("VAPID_PRIVATE_KEY is not a key on the curve P-256, which web push requires.")
        return cls(key, subject)

    @cachedmethod(attrgetter("_headers"), lock=attrgetter("_lock"))
    def authorization(self, origin: str) -> str:
        """The `Authorization` header for the push service at `origin` (scheme, host and, if unusual, port)."""
        expires = int(_seconds()) + TOKEN_LIFETIME
        headers = self._signer.sign({"aud": origin, "exp": expires, "sub": self.subject})
        return str(headers["Authorization"])


def generate_private_key() -> str:
    """A new private key as PEM text (PKCS 8), to be kept: with another key, every device must subscribe again."""
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def checked_subject(subject: str) -> str:
    """The contact unchanged, if every push service accepts it; else `ValueError` with a sentence.

    Apple answers 403 to anything but a well-formed `mailto:` or `https:`, and to hosts such as localhost.
    """
    if _MAILTO.fullmatch(subject) or _HTTPS.fullmatch(subject):
        return subject
    raise ValueError(
        f"VAPID_SUBJECT is {subject!r}; it must be a contact such as mailto:it@example.se or "
        "https://example.se/contact, with a full domain and without spaces."
    )


def _seconds() -> float:
    return clock.now().timestamp()


def _application_server_key(key: ec.EllipticCurvePrivateKey) -> str:
    point = key.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def _read_pem(path: Path) -> str:
    try:
        return path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(
            "VAPID_PRIVATE_KEY is neither PEM text nor the path of a readable PEM file."
        ) from error
