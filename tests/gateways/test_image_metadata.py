"""What stands beside the pixels is optional: broken, hostile or huge, the picture is taken without it."""

import io
import struct
import zlib

import pytest
from PIL import Image

from app.gateways.images import prepare
from tests.pictures import (
    ORIENTATION,
    jpeg,
    picture_file,
    png_chunk,
    segment,
    with_chunks,
    with_riff_chunk,
    with_segments,
)

pytestmark = pytest.mark.house  # needs no database

_GARBAGE = b"Exif\0\0" + b"MM\0*\xff\xff\xff\xff" + b"\xfe\xed" * 300
_ENDLESS = b"Exif\0\0" + b"II*\0\x08\0\0\0\xff\xff" + b"\x12\x01\x03\0\x01\0\0\0" * 3
_XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:Description tiff:Orientation='6'/></x:xmpmeta>"
_LONG_TEXT = b"XML:com.adobe.xmp\0\0\0\0\0" + b"x" * 1_200_000
_PACKED = zlib.compress(b"x" * 60_000_000)
_PNG = picture_file("PNG")


@pytest.mark.parametrize(
    "data",
    [
        with_segments(jpeg(), segment(0xE1, _GARBAGE)), with_segments(jpeg(), segment(0xE1, _ENDLESS)),
        with_segments(jpeg(), segment(0xE1, b"Exif\0\0")), with_segments(jpeg(), segment(0xE0, b"JFIF\0")),
        with_segments(jpeg(), segment(0xEE, b"Adobe")),
        with_segments(jpeg(), segment(0xE2, b"ICC_PROFILE\0\x01\x09rubbish")),
        with_segments(jpeg(), segment(0xE2, b"MPF\0MM\0*\xff\xff\xff\xff")),
        with_segments(jpeg(), segment(0xED, b"Photoshop 3.0\0" + b"8BIM" * 9)),
        with_segments(jpeg(), *[segment(0xFE, b"x" * 65_000)] * 40), jpeg() + b"\xff\xd8 and more" * 5_000,
    ],
)  # fmt: skip
def test_a_jpeg_is_taken_whatever_stands_beside_it(data: bytes) -> None:
    assert (prepare(data).width, prepare(data).height) == (640, 480)


@pytest.mark.parametrize(
    "chunk",
    [
        png_chunk(b"tEXt", b"Comment\0hej", crc=1), png_chunk(b"iTXt", _LONG_TEXT),
        png_chunk(b"zTXt", b"note\0\0" + _PACKED),
        png_chunk(b"iTXt", b"note\0\1\0\0\0" + _PACKED),
        png_chunk(b"iCCP", b"icc\0\0" + _PACKED), png_chunk(b"iCCP", b"", crc=7),
        png_chunk(b"eXIf", _GARBAGE[6:]), png_chunk(b"pHYs", b"", crc=2), png_chunk(b"acTL", b"\xff" * 8),
        png_chunk(b"sBIT", b"\xff"), png_chunk(b"gAMA", b"\0"), png_chunk(b"vpAg", b"?" * 9),
    ],
)  # fmt: skip
def test_a_png_is_taken_whatever_stands_beside_it(chunk: bytes) -> None:
    before_pixels, after_pixels = with_chunks(_PNG, chunk), _PNG[:-12] + chunk + _PNG[-12:]
    assert prepare(before_pixels).width == prepare(after_pixels).width == 64


def test_a_png_is_taken_whose_last_text_was_cut_off() -> None:
    text = png_chunk(b"tEXt", b"Comment\0" + b"x" * 1000)
    assert prepare(_PNG[:-12] + text[:500]).width == 64


@pytest.mark.parametrize(
    ("name", "body", "flag"),
    [
        (b"EXIF", _GARBAGE, 0x08), (b"EXIF", b"", 0x08), (b"XMP ", b"<broken", 0x04), (b"ICCP", b"rubbish" * 40, 0x20),
        (b"????", b"x" * 2_000_000, 0x00),
    ],
)  # fmt: skip
def test_a_webp_is_taken_whatever_stands_beside_it(name: bytes, body: bytes, flag: int) -> None:
    data = with_riff_chunk(picture_file("WEBP"), name, body, flag)
    assert (prepare(data).width, prepare(data).height) == (64, 48)
    assert prepare(data[:-1]).width == 64


@pytest.mark.parametrize("kind", ["HEIF", "AVIF"])
def test_heic_and_avif_are_taken_whatever_their_exif_is(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = "En brygga i dimma"
    data = picture_file(kind, exif=exif.tobytes(), xmp=_XMP)
    at = data.rindex(b"En brygga i dimma")
    directory = data.rindex(b"MM\0*", 0, at) if b"MM\0*" in data[:at] else data.rindex(b"II*\0", 0, at)
    for length in (4, 8, 20):
        broken = data[: directory - 4] + b"\xff" * (4 + length) + data[directory + length :]
        assert (prepare(broken).width, prepare(broken).height) == (64, 48)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_only_exif_turns_a_picture(kind: str) -> None:
    tagged = {"JPEG": with_segments(jpeg(), segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + _XMP)),
              "PNG": with_chunks(_PNG, png_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + _XMP)),
              "WEBP": with_riff_chunk(picture_file("WEBP"), b"XMP ", _XMP, 0x04)}[kind]  # fmt: skip
    prepared = prepare(tagged)
    assert prepared.width > prepared.height


@pytest.mark.parametrize("value", [0, 9, 65535])
def test_an_orientation_that_is_none_turns_nothing(value: int) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = value
    assert prepare(picture_file("JPEG", exif=exif.tobytes())).height == 48


def test_a_text_as_orientation_turns_nothing() -> None:
    directory = b"MM\0*\0\0\0\x08\0\x01" + struct.pack(">HHI4s", ORIENTATION, 2, 2, b"6\0\0\0") + bytes(4)
    assert prepare(with_segments(picture_file("JPEG"), segment(0xE1, b"Exif\0\0" + directory))).height == 48


def test_a_heic_that_says_twice_how_it_is_turned_is_turned_once() -> None:
    """Phones write it as a property, which decoders follow, and into EXIF too."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    turned = picture_file("HEIF", exif=exif.tobytes())
    with Image.open(io.BytesIO(turned)) as written:
        assert b"irot" in turned, "the test's own picture must say it twice"
        assert written.info["original_orientation"] == 6, "the test's own picture must say it twice"
    assert (prepare(turned).width, prepare(turned).height) == (48, 64)
