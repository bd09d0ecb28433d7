"""From a picture's file to its pixels: upright, in sRGB, on white, and no larger than is stored."""

import io
from contextlib import suppress
from typing import Final

import pillow_heif
from PIL import AvifImagePlugin, ExifTags, Image, ImageCms, ImageFile

from app.gateways.images.refusals import Bomb, ImageRefused, NotAnImage, demand_pixels
from app.gateways.images.skeleton import Skeleton

#: No picture is made higher than this many times the width of its size: the encoders have limits.
TALLEST: Final = 3

pillow_heif.register_heif_opener()
# Each thread of a decoder takes memory of its own.
pillow_heif.options.DECODE_THREADS = 1
AvifImagePlugin.DEFAULT_MAX_THREADS = 1
# Ours count, which differ from kind to kind.
Image.MAX_IMAGE_PIXELS = None

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


def decode(skeleton: Skeleton, widest: int) -> tuple[Image.Image, int, int]:
    """The upright picture, no wider than that, and the size that it had. Raises `ImageRefused`."""
    try:
        return _decode(skeleton, widest)
    except ImageRefused:
        raise
    except MemoryError as error:
        raise Bomb from error
    except Exception as error:
        # Decoders raise nearly anything at a broken or hostile file, from OSError to struct.error and IndexError.
        raise NotAnImage from error


def _decode(skeleton: Skeleton, widest: int) -> tuple[Image.Image, int, int]:
    with Image.open(io.BytesIO(skeleton.file), formats=[skeleton.kind]) as upload:
        # What the decoder will do counts, if it reads the file otherwise than we did.
        width, height = upload.size
        demand_pixels(skeleton.kind, width, height)
        turn = _TURNS.get(_orientation(skeleton, upload))
        sideways = turn in _QUARTER_TURNS
        profile = skeleton.profile or upload.info.get("icc_profile")
        picture = _pixels(upload, fitting_size(width, height, widest, sideways=sideways))
    picture = _in_srgb(_opaque(picture), profile)
    picture.info = {}
    upright = (height, width) if sideways else (width, height)
    return (picture if turn is None else picture.transpose(turn), *upright)


def _orientation(skeleton: Skeleton, upload: ImageFile.ImageFile) -> int:
    """HEIC is turned by its decoder. For AVIF, Pillow says as EXIF what the file says otherwise."""
    if skeleton.kind == "AVIF":
        return int(upload.getexif().get(ExifTags.Base.Orientation, 1))
    return skeleton.orientation


def _pixels(upload: ImageFile.ImageFile, size: tuple[int, int]) -> Image.Image:
    # A JPEG is decoded at a half or a quarter straight away, which saves most of the time.
    upload.draft(None, size)
    upload.load()
    picture = _eight_bits(upload)
    if picture.size != size:
        picture = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
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


def fitting_size(width: int, height: int, widest: int, *, sideways: bool = False) -> tuple[int, int]:
    """The size that is stored. `sideways`: the picture has still to be turned by 90 degrees."""
    across, down = (height, width) if sideways else (width, height)
    scale = min(1.0, widest / across, widest * TALLEST / down)
    return max(1, round(width * scale)), max(1, round(height * scale))
