"""Sealing to a key pair, of which only the public half is needed to seal: HPKE (RFC 9180), base mode."""

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_128_GCM)
#: How many bytes a sealed text is longer than the text: the encapsulated key and the tag.
OVERHEAD: Final = 32 + 16


class UnreadableError(ValueError):
    """It was not sealed to this key, or it has been changed."""


def seal(text: bytes, public_key: bytes, purpose: str) -> bytes:
    """Seal to a raw X25519 public key. `purpose` is bound to it (HPKE's info): for another one it cannot be opened."""
    return _SUITE.encrypt(text, X25519PublicKey.from_public_bytes(public_key), purpose.encode())


def unseal(sealed: bytes, private_key: X25519PrivateKey, purpose: str) -> bytes:
    """
    Raises:
        UnreadableError: when it cannot be opened.
    """
    try:
        return _SUITE.decrypt(sealed, private_key, purpose.encode())
    except (InvalidTag, ValueError) as error:
        raise UnreadableError from error
