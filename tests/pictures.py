"""Small pictures for tests, drawn on the spot: good ones, broken ones, and hostile ones."""

import io
import struct
import zlib
from datetime import UTC, datetime

import pillow_heif
from PIL import ExifTags, Image
from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.outcome import Photo
from app.services.activities.photo_preparation import prepare_waiting
from app.web.media import media_store

pillow_heif.register_heif_opener()

ORIENTATION = ExifTags.Base.Orientation


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


def scans(count: int, size: tuple[int, int] = (64, 64)) -> bytes:
    """A progressive JPEG of that many scans: its last one again and again."""
    file = io.BytesIO()
    Image.new("L", size, 90).save(file, "JPEG", progressive=True)
    data = file.getvalue()
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * (count - data.count(b"\xff\xda") + 1) + b"\xff\xd9"


def segment(marker: int, body: bytes) -> bytes:
    """Of a JPEG."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def with_segments(data: bytes, *segments: bytes) -> bytes:
    """A JPEG with these before all others."""
    return data[:2] + b"".join(segments) + data[2:]


def png_chunk(name: bytes, body: bytes, crc: int | None = None) -> bytes:
    right = zlib.crc32(name + body)
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", right if crc is None else crc)


def with_chunks(data: bytes, *chunks: bytes) -> bytes:
    """A PNG with these after its header."""
    return data[:33] + b"".join(chunks) + data[33:]


def with_riff_chunk(data: bytes, name: bytes, body: bytes, flag: int) -> bytes:
    """A plain WebP in the extended form, with this chunk after the pixels."""
    with Image.open(io.BytesIO(data)) as picture:
        width, height = (side - 1 for side in picture.size)
    sizes = width.to_bytes(3, "little") + height.to_bytes(3, "little")
    extended = b"VP8X" + struct.pack("<I", 10) + bytes([flag, 0, 0, 0]) + sizes
    content = (
        b"WEBP" + extended + data[12:] + name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
    )
    return b"RIFF" + struct.pack("<I", len(content)) + content


def picture_file(kind: str, size: tuple[int, int] = (64, 48), **options: object) -> bytes:
    """Red above, blue below, in a file of that kind."""
    picture = Image.new("RGB", size, (220, 20, 20))
    picture.paste((20, 20, 220), (0, size[1] // 2, *size))
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def prepare_photos() -> int:
    """What the worker does with the pictures that have come; returns how many were due."""
    some_day = datetime(2100, 1, 1, tzinfo=UTC)
    count = prepare_waiting(media_store(), commit=db.session.commit, moment=lambda: some_day)
    db.session.expire_all()
    return count


def photos_of(activity: Activity) -> list[Photo]:
    """In the order in which they came; read afresh."""
    return list(db.session.scalars(select(Photo).where(Photo.activity_id == activity.id).order_by(Photo.id)))
