"""What a picture's file is made of: its structure is read, and nothing of it is decoded.

Everything that stands beside the pixels (EXIF, XMP, texts, previews, further frames, what follows the end) is left out
of the file that the decoders get. So none of it can break them, whether it is garbage or a bomb, and two things are
read from it by ourselves: how the camera was held, and the colour profile. The cost is bounded: a pass through the file
at the speed of a search for bytes, and at most `MOST_PARTS` steps in Python.
"""

from dataclasses import dataclass
from typing import Final

from app.gateways.images.refusals import Kind

#: Segments, chunks or boxes of one file. Cameras write some hundreds, a large PNG some ten thousand.
MOST_PARTS: Final = 50_000
#: Profiles of printing presses have about two megabytes.
LARGEST_PROFILE: Final = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A picture without what stands beside its pixels. `width` and `height` are as stored; `orientation` is EXIF's,
    from 1 (upright) to 8, and says how to turn it; `file` is what is to be decoded."""

    kind: Kind
    width: int
    height: int
    file: bytes
    orientation: int = 1
    profile: bytes | None = None
