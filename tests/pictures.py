"""Small pictures for tests, drawn on the spot."""

import io

from PIL import ExifTags, Image
from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.outcome import Photo


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


def photos_of(activity: Activity) -> list[Photo]:
    """In the order in which they came; read afresh."""
    return list(db.session.scalars(select(Photo).where(Photo.activity_id == activity.id).order_by(Photo.id)))
