"""Small pictures for tests, drawn on the spot."""

import io

from PIL import ExifTags, Image


def jpeg(colour: str = "orange", size: tuple[int, int] = (640, 480), place: bool = False) -> bytes:
    """A picture of one colour; with `place` it says where it was taken, as a phone's does."""
    exif = Image.Exif()
    if place:
        exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (56.0, 4.0, 12.0)
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "JPEG", exif=exif)
    return file.getvalue()


def bomb() -> bytes:
    """A few kilobytes that would unpack to 64 million pixels."""
    file = io.BytesIO()
    Image.new("1", (8000, 8000)).save(file, "PNG")
    return file.getvalue()
