"""Pictures that people upload: checked, turned upright, freed of their metadata and made smaller.

A phone writes into a picture where it was taken. None of that may be kept, so what is stored is encoded again from the
pixels.
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
#: A phone of 50 megapixels gives 8160 × 6144, as JPEG or HEIC. The decoders of the other formats need far more memory,
#: and people use those for screenshots and drawings.
MOST_PIXELS: Final = {"JPEG": 51_000_000, "HEIF": 51_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
#: No picture is made higher than this many times the width of its size: the encoders have limits.
TALLEST: Final = 3

Size = Literal["s", "m", "l"]
Format = Literal["avif", "webp"]

#: What phones and cameras send; everything else is refused.
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
    """A file that is not accepted; `code` is stable, and the screens word it."""

    code: ClassVar[str] = "refused"


class NotAnImage(ImageRefused):
    """Not a JPEG, PNG, WebP or HEIC, or a broken one."""

    code = "not_an_image"


class TooLarge(ImageRefused):
    """More bytes than `LARGEST_FILE`."""

    code = "too_large"


class Bomb(ImageRefused):
    """More pixels than `MOST_PIXELS` of its format, whatever the size of the file."""

    code = "too_many_pixels"


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
    if len(data) > LARGEST_FILE:
        raise TooLarge
    picture, width, height = _decode(data)
    return PreparedImage(width, height, hashlib.sha256(data).hexdigest(), tuple(_variants(picture)))


def _decode(data: bytes) -> tuple[Image.Image, int, int]:
    """The upright picture in sRGB, no larger than the largest size, and the size that it had."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as upload:
            width, height = upload.size
            if width * height > MOST_PIXELS["JPEG" if upload.format == "MPO" else upload.format or ""]:
                raise Bomb
            turn = _TURNS.get(upload.getexif().get(ExifTags.Base.Orientation, 1))
            picture = _pixels(
                upload, _fitting_size(width, height, WIDTHS["l"], sideways=turn in _QUARTER_TURNS)
            )
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Bomb from error
    except ImageRefused:
        raise
    except Exception as error:
        # Decoders raise nearly anything at a broken or hostile file, from OSError to struct.error and IndexError.
        raise NotAnImage from error
    upright = (height, width) if turn in _QUARTER_TURNS else (width, height)
    return (picture if turn is None else picture.transpose(turn), *upright)


def _pixels(upload: Image.Image, size: tuple[int, int]) -> Image.Image:
    # A JPEG is decoded at a half or a quarter straight away, which saves most of the time.
    upload.draft(None, size)
    upload.load()
    picture = _eight_bits(upload)
    if picture.size != size:
        picture = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    picture = _in_srgb(_opaque(picture), upload.info.get("icc_profile"))
    picture.info = {}
    return picture


def _eight_bits(upload: Image.Image) -> Image.Image:
    """The picture in a mode that can be resized: no palette, and at most eight bits a channel."""
    if upload.mode.startswith("I"):
        return upload.convert("I").point(lambda value: value / 256).convert("L")
    if upload.mode in {"L", "LA", "RGB", "RGBA", "CMYK"} and "transparency" not in upload.info:
        return upload
    return upload.convert("RGBA" if upload.has_transparency_data else "RGB")


def _opaque(picture: Image.Image) -> Image.Image:
    """On white, so that a black drawing on a transparent ground can be read in dark mode too."""
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


def _fitting_size(width: int, height: int, widest: int, *, sideways: bool = False) -> tuple[int, int]:
    """The size that is stored. `sideways`: the picture has still to be turned by 90 degrees."""
    across, down = (height, width) if sideways else (width, height)
    scale = min(1.0, widest / across, widest * TALLEST / down)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _variants(picture: Image.Image) -> Iterator[Variant]:
    encoded: dict[tuple[int, int], dict[Format, bytes]] = {}
    for name, widest in WIDTHS.items():
        size = _fitting_size(picture.width, picture.height, widest)
        if size not in encoded:
            encoded[size] = _encode(picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0))
        for kind, data in encoded[size].items():
            yield Variant(name, kind, *size, data)


def _encode(picture: Image.Image) -> dict[Format, bytes]:
    avif, webp = io.BytesIO(), io.BytesIO()
    picture.save(avif, "AVIF", quality=AVIF_QUALITY, speed=AVIF_SPEED, max_threads=1)
    picture.save(webp, "WEBP", quality=WEBP_QUALITY, method=4)
    return {"avif": avif.getvalue(), "webp": webp.getvalue()}
