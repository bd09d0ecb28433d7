"""The structure of a PNG: chunks, of which few are needed to decode it."""

import struct
import zlib
from collections.abc import Iterator
from typing import Final

from app.gateways.images.orientation import orientation_of
from app.gateways.images.refusals import NotAnImage
from app.gateways.images.skeleton import LARGEST_PROFILE, MOST_PARTS, Skeleton

MAGIC: Final = b"\x89PNG\r\n\x1a\n"
#: The header, the palette, what is transparent, and the pixels; of an animation those that stand for the whole.
_NEEDED: Final = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT"})
_END: Final = b"\0\0\0\0IEND\xaeB`\x82"


def read(data: bytes) -> Skeleton:
    """Raises `NotAnImage` if the header is missing, or the file ends before the pixels do."""
    kept: list[bytes] = [MAGIC]
    exif, profile = b"", None
    has_pixels = False
    for name, start, end in _chunks(data):
        if end + 4 > len(data):
            if name == b"IDAT" or not has_pixels:
                raise NotAnImage
            break  # something beside the pixels was cut off
        has_pixels = has_pixels or name == b"IDAT"
        if name in _NEEDED:
            kept.append(data[start - 8 : end + 4])
        elif name == b"eXIf":
            exif = data[start:end]
        elif name == b"iCCP":
            profile = _profile(data[start:end])
    if not has_pixels or data[12:16] != b"IHDR":
        raise NotAnImage
    width, height = struct.unpack_from(">II", data, 16)
    return Skeleton("PNG", width, height, b"".join([*kept, _END]), orientation_of(exif), profile)


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """The name of each, and where its content begins and ends."""
    position = len(MAGIC)
    for _ in range(MOST_PARTS):
        if position + 8 > len(data):
            return
        length, name = struct.unpack_from(">I4s", data, position)
        if name == b"IEND":
            return
        start, position = position + 8, position + 12 + length
        yield name, start, position - 4
    raise NotAnImage


def _profile(chunk: bytes) -> bytes | None:
    """Unpacked no further than a profile can be long."""
    _name, _, packed = chunk.partition(b"\0")
    try:
        unpacking = zlib.decompressobj()
        profile = unpacking.decompress(packed[1:], LARGEST_PROFILE)
    except zlib.error:
        return None
    return profile if unpacking.eof else None
