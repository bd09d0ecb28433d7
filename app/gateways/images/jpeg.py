"""The structure of a JPEG: segments, and scans of compressed data between them."""

import re
from dataclasses import dataclass, field
from typing import Final

from app.gateways.images.orientation import orientation_of
from app.gateways.images.refusals import MOST_SCANS, NotAnImage
from app.gateways.images.skeleton import LARGEST_PROFILE, MOST_PARTS, Skeleton

MAGIC: Final = b"\xff\xd8\xff"
#: A marker that is neither a stuffed byte nor a restart within a scan.
_MARKER: Final = re.compile(rb"\xff+([\x01-\xcf\xd8-\xfe])")
_END, _SCAN, _EXIF, _PROFILE = 0xD9, 0xDA, 0xE1, 0xE2
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_NEEDED: Final = frozenset({0xC4, 0xCC, 0xDB, 0xDC, 0xDD, _SCAN}) | _FRAMES
#: These two say how colours are stored; nothing more of them is needed than this many bytes.
_COLOURS: Final = {0xE0: (b"JFIF\0", 14), 0xEE: (b"Adobe", 12)}


@dataclass(slots=True)
class _Reading:
    size: tuple[int, int] | None = None
    scans: int = 0
    exif: bytes = b""
    profile_parts: list[bytes] = field(default_factory=list)
    kept: list[bytes] = field(default_factory=lambda: [b"\xff\xd8"])


def read(data: bytes) -> Skeleton:
    """The first picture in the file. Raises `NotAnImage`, also when the end of the picture is missing."""
    reading = _Reading()
    position = 2
    for _ in range(MOST_PARTS):
        found = _MARKER.search(data, position)
        if found is None:
            break
        marker, start = found[1][0], found.end()
        if marker == _END:
            return _skeleton(reading)
        if marker in (0x01, 0xD8):  # they have no content
            position = start
            continue
        position = _take_segment(data, marker, start, reading)
    raise NotAnImage


def _take_segment(data: bytes, marker: int, start: int, reading: _Reading) -> int:
    """Note what the segment says; returns where to look for the next one."""
    end = start + int.from_bytes(data[start : start + 2])
    if end < start + 2 or end > len(data):
        raise NotAnImage
    body = data[start + 2 : end]
    if marker in _FRAMES and reading.size is None:
        reading.size = int.from_bytes(body[3:5]), int.from_bytes(body[1:3])
    elif marker == _EXIF and body.startswith(b"Exif\0\0"):
        reading.exif = reading.exif or body
    elif marker == _PROFILE and body.startswith(b"ICC_PROFILE\0"):
        reading.profile_parts.append(body[12:])
    elif marker == _SCAN:
        reading.scans += 1
        if reading.scans > MOST_SCANS:
            raise NotAnImage
        # The compressed data belongs to the scan.
        following = _MARKER.search(data, end)
        end = following.start() if following else len(data)
    if marker in _NEEDED:
        reading.kept.append(data[start - 2 : end])
    elif marker in _COLOURS:
        reading.kept.append(_colours(marker, body))
    return end


def _colours(marker: int, body: bytes) -> bytes:
    name, length = _COLOURS[marker]
    if not body.startswith(name) or len(body) < length:
        return b""
    # The last two bytes of JFIF are the size of its preview, which goes.
    content = body[:length] if marker == 0xEE else body[: length - 2] + b"\0\0"
    return bytes([0xFF, marker]) + (length + 2).to_bytes(2) + content


def _skeleton(reading: _Reading) -> Skeleton:
    if reading.size is None or not reading.scans:
        raise NotAnImage
    file = b"".join([*reading.kept, b"\xff\xd9"])
    return Skeleton(
        "JPEG", *reading.size, file, orientation_of(reading.exif), _profile(reading.profile_parts)
    )


def _profile(parts: list[bytes]) -> bytes | None:
    """A profile is cut in parts that say their number first and how many there are second."""
    profile = b"".join(part[2:] for part in sorted(parts, key=lambda part: part[:1]))
    return profile if 0 < len(profile) <= LARGEST_PROFILE else None
