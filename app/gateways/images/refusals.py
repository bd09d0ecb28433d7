"""Why a file is not taken as a picture, and the limits."""

from typing import ClassVar, Final, Literal

LARGEST_FILE: Final = 40 * 1024 * 1024

Kind = Literal["JPEG", "PNG", "WEBP", "HEIF", "AVIF"]

#: Phones of 108 megapixels give JPEG and HEIC, panoramas too. The decoders of the other kinds need up to four times the
#: memory for a pixel, and people use those for screenshots and drawings.
MOST_PIXELS: Final[dict[Kind, int]] = {
    "JPEG": 110_000_000,
    "HEIF": 110_000_000,
    "PNG": 51_000_000,
    "WEBP": 51_000_000,
    "AVIF": 51_000_000,
}
#: A progressive JPEG has about ten scans, and each costs a walk through the whole picture.
MOST_SCANS: Final = 100


class ImageRefused(Exception):
    """A file that is not accepted; `code` is stable, and the screens word it."""

    code: ClassVar[str] = "refused"


class NotAnImage(ImageRefused):
    """Not a JPEG, PNG, WebP, HEIC or AVIF, or one that cannot be decoded."""

    code = "not_an_image"


class TooLarge(ImageRefused):
    """More bytes than `LARGEST_FILE`."""

    code = "too_large"


class Bomb(ImageRefused):
    """More pixels than `MOST_PIXELS` of its kind, whatever the size of the file."""

    code = "too_many_pixels"


def demand_pixels(kind: Kind, width: int, height: int) -> None:
    """Raises `NotAnImage` if there are none, and `Bomb` if there are too many."""
    if width < 1 or height < 1:
        raise NotAnImage
    if width * height > MOST_PIXELS[kind]:
        raise Bomb
