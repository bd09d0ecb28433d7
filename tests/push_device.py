"""A browser's half of web push: its keys, its endpoint, and the reading of what is sent to it (RFC 8291)."""

import base64
import os
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import http_ece
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec


@dataclass(frozen=True)
class Device:
    """A subscribed browser."""

    endpoint: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    secret: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def p256dh(self) -> str:
        point = self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return _base64url(point)

    @property
    def auth(self) -> str:
        return _base64url(self.secret)

    @property
    def path(self) -> str:
        return urlsplit(self.endpoint).path

    def subscription(self) -> dict[str, object]:
        """What the browser's `PushSubscription.toJSON()` gives."""
        keys = {"p256dh": self.p256dh, "auth": self.auth}
        return {"endpoint": self.endpoint, "expirationTime": None, "keys": keys}

    def decrypt(self, body: bytes) -> bytes:
        """The message in a request's body; raises `http_ece.ECEException` when it was not meant for this device."""
        plain = http_ece.decrypt(body, private_key=self.key, auth_secret=self.secret, version="aes128gcm")
        assert isinstance(plain, bytes)
        return plain


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
