"""Pictures that people send: checked, turned upright, stripped of all that they carry beside the picture, made small.

A phone's picture says where it was taken. Nothing of that may stay: what is kept is drawn anew from the pixels.
"""

import hashlib
import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import ClassVar, Final, Literal

import pillow_heif
from PIL import ExifTags, Image, ImageCms

LARGEST_FILE: Final = 20 * 1024 * 1024
#: A phone of 50 megapixels gives 8160 × 6144, as JPEG or HEIC. Decoders of the others need far more memory, and what
#: comes in these are screenshots and drawings.
MOST_PIXELS: Final = {"JPEG": 51_000_000, "HEIF": 51_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
#: A picture of many pages' height is fitted by its height, so that no encoder's limit and no screen is overrun.
TALLEST: Final = 3

Size = Literal["s", "m", "l"]
Format = Literal["avif", "webp"]

#: What phones and cameras send; everything else is no picture to us.
FORMATS: Final = tuple(MOST_PIXELS)
WIDTHS: Final[dict[Size, int]] = {"s": 400, "m": 800, "l": 1600}

AVIF_QUALITY: Final = 54
#: 0 is slow and small, 10 fast: above 8 files grow a lot.
AVIF_SPEED: Final = 8
WEBP_QUALITY: Final = 76

pillow_heif.register_heif_opener()

_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_QUARTER_TURNS: Final = {_TURNS[5], _TURNS[6], _TURNS[7], _TURNS[8]}


class ImageRefused(Exception):
    """A file that is not taken; `code` is stable and the screens say it in words."""

    code: ClassVar[str] = "refused"


class NotAnImage(ImageRefused):
    """No JPEG, PNG, WebP or HEIC, or a broken one."""

    code = "not_an_image"


class TooLarge(ImageRefused):
    """More bytes than `LARGEST_FILE`."""

    code = "too_large"


class Bomb(ImageRefused):
    """More pixels than `MOST_PIXELS` of its format, whatever the size of the file."""

    code = "too_many_pixels"


@dataclass(frozen=True, slots=True)
class Variant:
    """One size in one format, ready to be kept and served."""

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
    is of the file as it came, to know it again."""

    width: int
    height: int
    sha256: str
    variants: tuple[Variant, ...]


def prepare(data: bytes) -> PreparedImage:
    """Make of an uploaded file what may be kept and shown; of a moving picture, its first frame.

    A small picture is never blown up: then sizes are alike. Raises `ImageRefused`.
    """
    if len(data) > LARGEST_FILE:
        raise TooLarge
    picture, width, height = _decode(data)
    return PreparedImage(width, height, hashlib.sha256(data).hexdigest(), tuple(_variants(picture)))


def _decode(data: bytes) -> tuple[Image.Image, int, int]:
    """The upright picture in sRGB, no larger than the largest size, and the size that it had."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            width, height = opened.size
            if width * height > MOST_PIXELS["JPEG" if opened.format == "MPO" else opened.format or ""]:
                raise Bomb
            turn = _TURNS.get(opened.getexif().get(ExifTags.Base.Orientation, 1))
            picture = _pixels(opened, _fitted(width, height, WIDTHS["l"], lying=turn in _QUARTER_TURNS))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Bomb from error
    except ImageRefused:
        raise
    except Exception as error:
        # Decoders raise nearly anything at a broken or hostile file, from OSError to struct.error and IndexError.
        raise NotAnImage from error
    upright = (height, width) if turn in _QUARTER_TURNS else (width, height)
    return (picture if turn is None else picture.transpose(turn), *upright)


def _pixels(opened: Image.Image, fitted: tuple[int, int]) -> Image.Image:
    # A JPEG is decoded at a half or a quarter straight away, which saves most of the time.
    opened.draft(None, fitted)
    opened.load()
    picture = _eight_bits(opened)
    if picture.size != fitted:
        picture = picture.resize(fitted, Image.Resampling.LANCZOS, reducing_gap=3.0)
    picture = _in_srgb(_opaque(picture), opened.info.get("icc_profile"))
    picture.info = {}
    return picture


def _eight_bits(opened: Image.Image) -> Image.Image:
    """In a mode that can be made smaller: no palette and at most eight bits a channel."""
    if opened.mode.startswith("I"):
        return opened.convert("I").point(lambda value: value / 256).convert("L")
    if opened.mode in {"L", "LA", "RGB", "RGBA", "CMYK"} and "transparency" not in opened.info:
        return opened
    return opened.convert("RGBA" if opened.has_transparency_data else "RGB")


def _opaque(picture: Image.Image) -> Image.Image:
    """White shows through: a drawing in black on nothing stays readable in dark mode."""
    if picture.mode not in {"LA", "RGBA"}:
        return picture
    layer = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """The same colours without a profile; phones take pictures in Display P3. A broken profile is left out."""
    if profile:
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(
                picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
            return converted or picture.convert("RGB")
    return picture.convert("RGB")


def _fitted(width: int, height: int, widest: int, *, lying: bool = False) -> tuple[int, int]:
    """The size in which it is shown; `lying`: width and height are those before a quarter turn."""
    across, down = (height, width) if lying else (width, height)
    scale = min(1.0, widest / across, widest * TALLEST / down)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _variants(picture: Image.Image) -> Iterator[Variant]:
    encoded: dict[tuple[int, int], dict[Format, bytes]] = {}
    for name, widest in WIDTHS.items():
        size = _fitted(picture.width, picture.height, widest)
        if size not in encoded:
            encoded[size] = _encode(picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0))
        for kind, data in encoded[size].items():
            yield Variant(name, kind, *size, data)


def _encode(picture: Image.Image) -> dict[Format, bytes]:
    avif, webp = io.BytesIO(), io.BytesIO()
    picture.save(avif, "AVIF", quality=AVIF_QUALITY, speed=AVIF_SPEED, max_threads=1)
    picture.save(webp, "WEBP", quality=WEBP_QUALITY, method=4)
    return {"avif": avif.getvalue(), "webp": webp.getvalue()}
