"""The structure of a WebP: a RIFF file, in its plain form or the extended one."""

import struct
from collections.abc import Iterator
from typing import Final

from app.gateways.images.orientation import orientation_of
from app.gateways.images.refusals import NotAnImage
from app.gateways.images.skeleton import LARGEST_PROFILE, MOST_PARTS, Skeleton

_PIXELS: Final = frozenset({b"VP8 ", b"VP8L", b"ANMF"})
_NEEDED: Final = frozenset({b"VP8X", b"ANIM", b"ALPH"}) | _PIXELS
#: Of the extended header's flags: transparent, animated.
_KEPT_FLAGS: Final = 0x12


def is_webp(data: bytes) -> bool:
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def read(data: bytes) -> Skeleton:
    """The picture, or the first frame of an animation. Raises `NotAnImage`."""
    kept: list[bytes] = []
    size = None
    exif, profile = b"", None
    has_pixels = False
    for name, start, end in _chunks(data):
        if end > len(data) and not has_pixels:
            raise NotAnImage
        body = data[start:end]
        size = size or _size(name, body)
        if name in _NEEDED and not has_pixels:
            kept.append(_chunk(name, _without_flags(body) if name == b"VP8X" else body))
            has_pixels = name in _PIXELS
        elif name == b"EXIF":
            exif = body
        elif name == b"ICCP" and len(body) <= LARGEST_PROFILE:
            profile = body
    if size is None or not has_pixels:
        raise NotAnImage
    content = b"WEBP" + b"".join(kept)
    file = b"RIFF" + struct.pack("<I", len(content)) + content
    return Skeleton("WEBP", *size, file, orientation_of(exif), profile)


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """The name of each, and where its content begins and ends; the last may end beyond the file."""
    position = 12
    for _ in range(MOST_PARTS):
        if position + 8 > len(data):
            return
        name, length = struct.unpack_from("<4sI", data, position)
        start, end = position + 8, position + 8 + length
        yield name, start, end
        position = end + length % 2


def _size(name: bytes, body: bytes) -> tuple[int, int] | None:
    """Of the extended header, or of either kind of pixels when there is none."""
    if name == b"VP8X" and len(body) >= 10:
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if name == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", body.ljust(10, b"\0"), 6)
        return width & 0x3FFF, height & 0x3FFF
    if name == b"VP8L" and body[:1] == b"\x2f":
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return None


def _without_flags(header: bytes) -> bytes:
    return bytes([header[0] & _KEPT_FLAGS]) + header[1:] if header else header


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
