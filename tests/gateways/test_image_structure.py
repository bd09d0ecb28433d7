"""What is found out about a file before anything in it is decoded."""

import struct
import time
import zlib

import pytest

from app.gateways.images import Bomb, ImageRefused, NotAnImage, examine
from tests.pictures import bomb, jpeg, picture_file, png_chunk, scans, segment, with_chunks, with_segments

pytestmark = pytest.mark.house  # needs no database

_PNG = picture_file("PNG")
_ZEROS = zlib.compress(bytes(50_000_000))


def _png_of(width: int, height: int) -> bytes:
    return _PNG[:8] + png_chunk(b"IHDR", struct.pack(">II", width, height) + b"\x08\x02\0\0\0") + _PNG[33:]


def _jpeg_of(width: int, height: int) -> bytes:
    data = bytearray(jpeg())
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def _webp_of(width: int, height: int) -> bytes:
    sizes = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    content = b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + sizes + picture_file("WEBP")[12:]
    return b"RIFF" + struct.pack("<I", len(content)) + content


def _isobmff_of(kind: str, width: int, height: int) -> bytes:
    data = bytearray(picture_file(kind))
    at = data.index(b"ispe") + 8
    data[at : at + 8] = struct.pack(">II", width, height)
    return bytes(data)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF"])
def test_a_pictures_kind_and_size_are_read(kind: str) -> None:
    skeleton = examine(picture_file(kind, (64, 128)))
    assert (skeleton.kind, skeleton.width, skeleton.height) == (kind, 64, 128)


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (bomb(), Bomb), (_png_of(65535, 65535), Bomb), (_png_of(2**31 - 1, 2**31 - 1), Bomb),
        (_png_of(0, 5), NotAnImage),
        (_jpeg_of(65535, 65535), Bomb), (_jpeg_of(12_000, 9_200), Bomb), (_jpeg_of(0, 480), NotAnImage),
        (_jpeg_of(640, 0), NotAnImage), (_webp_of(16_383, 16_383), Bomb), (_isobmff_of("HEIF", 65535, 65535), Bomb),
        (_isobmff_of("AVIF", 20_000, 20_000), Bomb), (_isobmff_of("HEIF", 0, 5), NotAnImage),
    ],
)  # fmt: skip
def test_what_claims_too_much_or_nothing_is_refused(data: bytes, refusal: type[ImageRefused]) -> None:
    with pytest.raises(refusal):
        examine(data)


@pytest.mark.parametrize("size", [(12_000, 9_000), (16_000, 4_000), (20_000, 5_000)])
@pytest.mark.parametrize("of", [_jpeg_of, lambda width, height: _isobmff_of("HEIF", width, height)])
def test_phones_of_108_megapixels_and_panoramas_are_taken(of, size: tuple[int, int]) -> None:  # type: ignore[no-untyped-def]
    skeleton = examine(of(*size))
    assert (skeleton.width, skeleton.height) == size


@pytest.mark.parametrize("count", [101, 9_000])
def test_a_jpeg_of_too_many_scans_is_refused_at_once(count: int) -> None:
    data = scans(count)
    began = time.perf_counter()
    with pytest.raises(NotAnImage):
        examine(data)
    assert time.perf_counter() - began < 1


def test_a_progressive_jpeg_as_cameras_write_it_is_taken() -> None:
    assert examine(scans(12)).kind == "JPEG"
    assert examine(picture_file("JPEG", progressive=True)).kind == "JPEG"


@pytest.mark.parametrize(
    "data",
    [
        b"GIF89a" + bytes(100), b"BM" + bytes(100), b"II*\0" + bytes(100), b"<svg/>", b"%PDF-1.7", b"", b"\xff\xd8\xff",
        b"\xff\xd8\xff\xe1\xff\xff", b"\xff\xd8" + b"\xff\xe1\0\2" * 60_000, b"\xff\xd8\xff\xd9", _PNG[:40],
        _PNG[:8] * 9,
        _PNG[:33] + png_chunk(b"teXt", b"") * 60_000, b"RIFF\xff\xff\xff\xffWEBP", b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0",
        b"\0\0\0\x18ftypheic" + bytes(64), b"\0\0\0\x10ftypmp42\0\0\0\0", b"\0\0\0\1ftypheic" + bytes(8),
        picture_file("HEIF").replace(b"iprp", b"free"), picture_file("AVIF").replace(b"ipco", b"free"),
        picture_file("HEIF").replace(b"meta", b"free"),
    ],
)  # fmt: skip
def test_what_has_no_picture_in_it_is_refused(data: bytes) -> None:
    with pytest.raises(NotAnImage):
        examine(data)


def test_a_picture_of_endless_items_is_refused() -> None:
    data = bytearray(picture_file("HEIF"))
    at = data.index(b"iinf") + 8
    data[at : at + 2] = b"\xff\xff"
    with pytest.raises(NotAnImage):
        examine(bytes(data))


@pytest.mark.parametrize(
    "data",
    [
        with_chunks(_PNG, png_chunk(b"zTXt", b"note\0\0" + _ZEROS), png_chunk(b"iTXt", b"note\0\1\0\0\0" + _ZEROS)),
        with_chunks(_PNG, png_chunk(b"iCCP", b"icc\0\0" + _ZEROS)),
        with_segments(jpeg(), *[segment(0xE1, b"Exif\0\0" + bytes(65_000))] * 100),
        jpeg() + b"PK\3\4" + bytes(1_000_000),
    ],
)  # fmt: skip
def test_nothing_beside_the_pixels_is_unpacked_or_passed_on(data: bytes) -> None:
    began = time.perf_counter()
    skeleton = examine(data)
    assert time.perf_counter() - began < 1
    assert len(skeleton.file) < 20_000
    assert skeleton.profile is None
