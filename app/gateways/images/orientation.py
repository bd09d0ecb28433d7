"""How the camera was held, from EXIF: one number, read without the rest, so that nothing else in it matters."""

import struct
from typing import Final

_ORIENTATION: Final = 0x0112
_SHORT: Final = 3
#: A directory of a camera has about twenty entries.
_MOST_ENTRIES: Final = 500


def orientation_of(exif: bytes) -> int:
    """1 to 8; 1 (upright) if it is not said or makes no sense. With or without the prefix of JPEG."""
    tiff = exif.removeprefix(b"Exif\0\0")
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None:
        return 1
    try:
        return _in_directory(tiff, order)
    except struct.error:
        return 1


def _in_directory(tiff: bytes, order: str) -> int:
    (start,) = struct.unpack_from(order + "I", tiff, 4)
    (count,) = struct.unpack_from(order + "H", tiff, start)
    for number in range(min(count, _MOST_ENTRIES)):
        tag, kind, _values, value = struct.unpack_from(order + "HHIH", tiff, start + 2 + 12 * number)
        if tag == _ORIENTATION:
            return value if kind == _SHORT and 1 <= value <= 8 else 1
    return 1
