"""The structure of HEIC and AVIF: boxes in boxes. A picture is an item of the box `meta`, and so is its EXIF."""

import struct
from collections.abc import Iterator
from typing import Final

from app.gateways.images.refusals import Kind, NotAnImage, demand_pixels
from app.gateways.images.skeleton import Skeleton

_AVIF: Final = frozenset({b"avif", b"avis"})
_HEIF: Final = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"})
#: EXIF and XMP. Under a name that no decoder knows they are passed over.
_BESIDE_THE_PIXELS: Final = frozenset({b"Exif", b"mime", b"uri "})
_UNKNOWN: Final = b"skip"
#: A phone of 108 megapixels stores some 450 tiles.
_MOST_ITEMS: Final = 2_000
_MOST_BOXES: Final = 10_000

#: The name of a box, and where its content begins and ends.
_Box = tuple[bytes, int, int]


def is_isobmff(data: bytes) -> bool:
    return data[4:8] == b"ftyp"


def read(data: bytes) -> Skeleton:
    """Where it says how to turn the picture, decoders know; its EXIF is not asked. Raises `NotAnImage` or `Bomb`."""
    boxes = list(_boxes(data, 0, len(data)))
    kind = _kind(data, *boxes[0][1:])
    meta = next((box for box in boxes if box[0] == b"meta"), None)
    if meta is None:
        raise NotAnImage
    inner = {name: (start, end) for name, start, end in _boxes(data, meta[1] + 4, meta[2])}
    try:
        sizes = list(_sizes(data, *inner[b"iprp"]))
        file = _without_metadata(data, *inner[b"iinf"])
    except (KeyError, struct.error) as error:
        raise NotAnImage from error
    if not sizes:
        raise NotAnImage
    for size in sizes:
        demand_pixels(kind, *size)
    width, height = max(sizes, key=lambda size: size[0] * size[1])
    return Skeleton(kind, width, height, file)


def _kind(data: bytes, start: int, end: int) -> Kind:
    brands = [data[at : at + 4] for at in range(start, min(end, start + 256), 4)]
    for brand in brands:
        if brand in _AVIF:
            return "AVIF"
        if brand in _HEIF - {b"mif1", b"msf1"}:
            return "HEIF"
    if _HEIF.intersection(brands):
        return "HEIF"
    raise NotAnImage


def _boxes(data: bytes, position: int, limit: int) -> Iterator[_Box]:
    for _ in range(_MOST_BOXES):
        if position + 8 > limit:
            return
        size, name = struct.unpack_from(">I4s", data, position)
        start = position + 8
        if size == 1:
            size, start = int.from_bytes(data[start : start + 8]), start + 8
        end = position + size if size else limit
        if end < start or end > limit:
            raise NotAnImage
        yield name, start, end
        position = end
    raise NotAnImage


def _sizes(data: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Of the picture, its tiles, its previews: all that it declares."""
    properties = {name: (first, last) for name, first, last in _boxes(data, start, end)}
    for name, first, _last in _boxes(data, *properties[b"ipco"]):
        if name == b"ispe":
            yield struct.unpack_from(">II", data, first + 4)


def _without_metadata(data: bytes, start: int, end: int) -> bytes:
    """The same file, of the same length, in which EXIF and XMP have another name."""
    file = bytearray(data)
    wide = data[start] > 0
    count = int.from_bytes(data[start + 4 : start + (8 if wide else 6)])
    if count > _MOST_ITEMS:
        raise NotAnImage
    for name, first, _last in _boxes(data, start + (8 if wide else 6), end):
        version = data[first]
        at = first + (10 if version == 3 else 8)
        if name == b"infe" and version >= 2 and data[at : at + 4] in _BESIDE_THE_PIXELS:
            file[at : at + 4] = _UNKNOWN
    return bytes(file)
