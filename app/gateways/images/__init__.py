"""Pictures that people upload: checked, turned upright, freed of their metadata and made smaller.

A phone writes into a picture where it was taken. None of that may be kept, so what is stored is encoded again from the
pixels. `examine` costs next to nothing and decodes nothing: the web asks it. `prepare` decodes, and a hostile file can
make that expensive: only `prepare_apart` calls it for what people send, in a process of its own.
"""

from app.gateways.images.apart import Interrupted, prepare_apart
from app.gateways.images.preparing import WIDTHS, PreparedImage, Variant, prepare
from app.gateways.images.refusals import (
    LARGEST_FILE,
    MOST_PIXELS,
    MOST_SCANS,
    Bomb,
    ImageRefused,
    NotAnImage,
    TooLarge,
)
from app.gateways.images.structure import examine

__all__ = [
    "LARGEST_FILE",
    "MOST_PIXELS",
    "MOST_SCANS",
    "WIDTHS",
    "Bomb",
    "ImageRefused",
    "Interrupted",
    "NotAnImage",
    "PreparedImage",
    "TooLarge",
    "Variant",
    "examine",
    "prepare",
    "prepare_apart",
]
