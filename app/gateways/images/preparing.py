"""Makes the sizes and formats that are stored."""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from PIL import Image

from app.gateways.images.decoding import decode, fitting_size
from app.gateways.images.structure import examine

Size = Literal["s", "m", "l"]
Format = Literal["avif", "webp"]

WIDTHS: Final[dict[Size, int]] = {"s": 400, "m": 800, "l": 1600}

AVIF_QUALITY: Final = 54
#: 0 is slow and small, 10 fast: above 8 files grow a lot.
AVIF_SPEED: Final = 8
WEBP_QUALITY: Final = 76


@dataclass(frozen=True, slots=True)
class Variant:
    """One size in one format, ready to be stored and served."""

    name: Size
    format: Format
    width: int
    height: int
    data: bytes

    @property
    def content_type(self) -> str:
        return f"image/{self.format}"


@dataclass(frozen=True, slots=True)
class PreparedImage:
    """The picture in three sizes and two formats. `width` and `height` are those of the upright original; `sha256`
    is that of the uploaded file, to recognize it when it comes again."""

    width: int
    height: int
    sha256: str
    variants: tuple[Variant, ...]


def prepare(data: bytes) -> PreparedImage:
    """Make the sizes and formats that are stored from an uploaded file; from an animation, of its first frame.

    A small picture is never enlarged: its larger sizes are then the same. Raises `ImageRefused`.
    """
    picture, width, height = decode(examine(data), WIDTHS["l"])
    return PreparedImage(width, height, hashlib.sha256(data).hexdigest(), tuple(_variants(picture)))


def _variants(picture: Image.Image) -> Iterator[Variant]:
    encoded: dict[tuple[int, int], dict[Format, bytes]] = {}
    for name, widest in WIDTHS.items():
        size = fitting_size(picture.width, picture.height, widest)
        if size not in encoded:
            encoded[size] = _encode(picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0))
        for kind, data in encoded[size].items():
            yield Variant(name, kind, *size, data)


def _encode(picture: Image.Image) -> dict[Format, bytes]:
    avif, webp = io.BytesIO(), io.BytesIO()
    picture.save(avif, "AVIF", quality=AVIF_QUALITY, speed=AVIF_SPEED, max_threads=1)
    picture.save(webp, "WEBP", quality=WEBP_QUALITY, method=4)
    return {"avif": avif.getvalue(), "webp": webp.getvalue()}
