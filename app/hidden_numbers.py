"""Numbers of rows as addresses and pushes name them, where the numbers between two would tell how many there were: from
those of one's own inbox one could count whom the survey's reminders went to."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

#: How long a hidden number is.
LENGTH: Final = 22
_HALF: Final = 8


def conceal(number: int, secret: str) -> str:
    """The number, encrypted as one block by a key of the installation: always the same for the same number, and fit for
    addresses and for a push's topic (RFC 8030, 5.4)."""
    return conceal_each([number], secret)[0]


def conceal_each(numbers: Iterable[int], secret: str) -> list[str]:
    """Many, for the price of little more than one."""
    encrypt = _cipher(secret).encryptor().update
    blocks = [encrypt(bytes(_HALF) + number.to_bytes(_HALF)) for number in numbers]
    return [urlsafe_b64encode(block).rstrip(b"=").decode() for block in blocks]


def reveal(text: str, secret: str) -> int | None:
    """None for what was not hidden by this installation."""
    try:
        block = urlsafe_b64decode(f"{text}==")
    except (Error, ValueError):
        return None
    if len(text) != LENGTH or len(block) != 2 * _HALF:
        return None
    decryptor = _cipher(secret).decryptor()
    plain = decryptor.update(block) + decryptor.finalize()
    # A block of somebody's own making begins otherwise.
    return int.from_bytes(plain[_HALF:]) if plain[:_HALF] == bytes(_HALF) else None


@lru_cache(maxsize=4)
def _cipher(secret: str) -> Cipher[Any]:
    key = sha256(f"hidden numbers:{secret}".encode()).digest()
    return Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305  one block, and equal numbers may look equal
