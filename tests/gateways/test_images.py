"""Pictures as phones, cameras and mischief send them."""

import hashlib
import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image, ImageCms

from app.gateways.images import LARGEST_FILE, Bomb, ImageRefused, NotAnImage, TooLarge, prepare

pytestmark = pytest.mark.house  # needs no database

SECRET = b"Anna Svensson i Bjuv"
GPS = {1: "N", 2: (56.0, 5.0, 0.0), 3: "E", 4: (12.0, 55.0, 0.0)}
RED, GREEN, BLUE, WHITE = (220, 20, 20), (20, 200, 20), (20, 20, 220), (250, 250, 250)
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF")


@pytest.mark.parametrize("kind", FORMATS)
def test_nothing_but_the_picture_is_left_in_any_variant(kind: str) -> None:
    data = _file(_picture(), kind, **_secrets(kind))
    assert SECRET in data, "the test's own picture must carry what is to be stripped"
    prepared = prepare(data)
    assert prepared.sha256 == hashlib.sha256(data).hexdigest()
    for variant in prepared.variants:
        assert SECRET not in variant.data
        for trace in (b"Exif", b"EXIF", b"XMP ", b"xmpmeta", b"ICCP", b"GPS", b"prof"):
            assert trace not in variant.data
        opened = Image.open(io.BytesIO(variant.data))
        opened.load()
        assert not opened.getexif()
        assert not {"exif", "xmp", "icc_profile", "comment"} & {
            key for key, value in opened.info.items() if value
        }


@pytest.mark.parametrize("kind", FORMATS)
def test_there_are_three_sizes_in_two_formats(kind: str) -> None:
    prepared = prepare(_file(_picture((1800, 1350)), kind))
    assert (prepared.width, prepared.height) == (1800, 1350)
    assert [(variant.name, variant.format, variant.width, variant.height) for variant in prepared.variants] == [
        ("s", "avif", 400, 300), ("s", "webp", 400, 300),
        ("m", "avif", 800, 600), ("m", "webp", 800, 600),
        ("l", "avif", 1600, 1200), ("l", "webp", 1600, 1200),
    ]  # fmt: skip
    for variant in prepared.variants:
        opened = Image.open(io.BytesIO(variant.data))
        assert (opened.format, opened.size) == (variant.format.upper(), (variant.width, variant.height))
        assert variant.content_type == f"image/{variant.format}"


def test_a_small_picture_is_not_blown_up() -> None:
    prepared = prepare(_file(_picture((500, 200)), "PNG"))
    assert [(variant.width, variant.height) for variant in prepared.variants] == [(400, 160)] * 2 + [
        (500, 200)
    ] * 4


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1), (40, 20_000)])
def test_odd_shapes_get_through(size: tuple[int, int]) -> None:
    prepared = prepare(_file(Image.new("RGB", size, RED), "PNG"))
    assert (prepared.width, prepared.height) == size
    assert all(0 < variant.width <= 1600 and 0 < variant.height <= 4800 for variant in prepared.variants)


# Upright, the picture is red, green / blue, white. How a camera held otherwise stores these four corners:
@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_stands_upright_however_the_camera_was_held(kind: str, orientation: int) -> None:
    stored = _stored(_picture((480, 360)), orientation)
    exif = Image.Exif()
    exif[0x0112] = orientation
    prepared = prepare(_file(stored, kind, exif=exif.tobytes()))
    assert (prepared.width, prepared.height) == (480, 360)
    for variant in prepared.variants:
        assert variant.width / variant.height == pytest.approx(4 / 3, rel=0.01)
        assert _corners(variant.data) == ["red", "green", "blue", "white"]


def test_colours_of_another_profile_stay_as_they_looked() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    assert prepare(_file(_picture(), "JPEG", icc_profile=lab.tobytes())).variants, (
        "a profile that does not fit is left out"
    )
    assert prepare(_file(_picture(), "JPEG", icc_profile=b"no profile at all" * 20)).variants
    swapped = _profile_with_swapped_colours()
    variants = prepare(_file(_picture(), "PNG", icc_profile=swapped)).variants
    assert all(_corners(variant.data) == ["blue", "green", "red", "white"] for variant in variants)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_png_is_taken(mode: str) -> None:
    picture = Image.new("I;16", (500, 500), 32768) if mode == "I;16" else _picture((500, 500)).convert(mode)
    assert len(prepare(_file(picture, "PNG")).variants) == 6


def test_sixteen_bits_keep_their_brightness() -> None:
    variant = prepare(_file(Image.new("I;16", (500, 500), 0x4000), "PNG")).variants[0]
    red, green, blue = _pixel(variant.data, 0.5, 0.5)
    assert red == pytest.approx(0x40, abs=4)
    assert red == green == blue


@pytest.mark.parametrize("mode", ["CMYK", "L"])
def test_every_kind_of_jpeg_is_taken(mode: str) -> None:
    assert len(prepare(_file(_picture().convert(mode), "JPEG")).variants) == 6


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_white_shows_through_what_is_transparent(kind: str) -> None:
    variants = prepare(_file(Image.new("RGBA", (500, 500), (0, 0, 0, 0)), kind)).variants
    assert all(min(_pixel(variant.data, 0.5, 0.5)) > 245 for variant in variants)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_a_moving_picture_the_first_frame_is_kept(kind: str) -> None:
    frames = [Image.new("RGB", (500, 300), colour) for colour in (RED, GREEN, BLUE)]
    data = _file(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
    for variant in prepare(data).variants:
        opened = Image.open(io.BytesIO(variant.data))
        assert getattr(opened, "n_frames", 1) == 1
        assert _name(_pixel(variant.data, 0.5, 0.5)) == "red"


def test_a_cameras_picture_with_a_second_view_is_taken() -> None:
    data = _file(_picture(), "MPO", save_all=True, append_images=[_picture().rotate(180)])
    assert _corners(prepare(data).variants[0].data) == ["red", "green", "blue", "white"]


@pytest.mark.parametrize(
    "data",
    [
        b"", b"Hej!", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", b"%PDF-1.7\n",
        b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\x10\x00\x00\x00WEBPVP8 ",
        b"\x00\x00\x00\x18ftypheic" + b"\0" * 64,
    ],
)  # fmt: skip
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(NotAnImage):
        prepare(data)


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "ICO", "EPS", "PDF"])
def test_other_kinds_of_pictures_are_refused(kind: str) -> None:
    with pytest.raises(NotAnImage):
        prepare(_file(_picture((64, 64)), kind))


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_half_a_file_is_refused(kind: str, part: float) -> None:
    noisy = Image.effect_noise((300, 200), 80).convert("RGB")
    data = _file(noisy, kind)
    with pytest.raises(NotAnImage):
        prepare(data[: int(len(data) * part)])


@pytest.mark.parametrize(("kind", "taken"), [("JPEG", True), ("PNG", False), ("WEBP", False)])
def test_what_needs_much_memory_to_unpack_may_have_fewer_pixels(kind: str, *, taken: bool) -> None:
    data = _file(Image.new("L", (8000, 7000)), kind, **({"method": 0} if kind == "WEBP" else {}))
    if taken:
        assert prepare(data).width == 8000
    else:
        with pytest.raises(Bomb):
            prepare(data)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(Bomb):
        prepare(_png_header(10_000, 5_101))
    with pytest.raises(Bomb):
        prepare(_png_header(2_000_000, 2_000_000))


def test_a_file_that_is_too_large_is_refused_unread() -> None:
    with pytest.raises(TooLarge):
        prepare(b"\0" * (LARGEST_FILE + 1))


def test_each_refusal_has_a_code_that_the_screens_translate() -> None:
    kinds: tuple[type[ImageRefused], ...] = (NotAnImage, TooLarge, Bomb)
    assert [kind.code for kind in kinds] == ["not_an_image", "too_large", "too_many_pixels"]


def _picture(size: tuple[int, int] = (480, 360)) -> Image.Image:
    picture = Image.new("RGB", size, RED)
    middle = (size[0] // 2, size[1] // 2)
    picture.paste(GREEN, (middle[0], 0, size[0], middle[1]))
    picture.paste(BLUE, (0, middle[1], middle[0], size[1]))
    picture.paste(WHITE, (*middle, *size))
    return picture


def _stored(upright: Image.Image, orientation: int) -> Image.Image:
    """As the sensor saw it: the inverse of what EXIF says must be done to it."""
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    return upright.transpose(undo[orientation]) if orientation in undo else upright


def _file(picture: Image.Image, kind: str, **options: Any) -> bytes:
    data = io.BytesIO()
    picture.save(data, kind, **options)
    return data.getvalue()


def _secrets(kind: str) -> dict[str, Any]:
    exif = Image.Exif()
    exif[0x013B] = SECRET.decode()
    exif[0x8825] = GPS
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + SECRET + b"</x:xmpmeta>"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    secrets: dict[str, Any] = {"exif": exif.tobytes(), "icc_profile": profile}
    if kind == "PNG":
        return secrets
    return secrets | {"xmp": xmp} | ({"comment": SECRET} if kind == "JPEG" else {})


def _profile_with_swapped_colours() -> bytes:
    """sRGB in which red and blue have changed places, by swapping the offsets of their tags."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    (count,) = struct.unpack(">I", profile[128:132])
    places = {bytes(profile[at : at + 4]): at for at in range(132, 132 + 12 * count, 12)}
    red, blue = places[b"rXYZ"], places[b"bXYZ"]
    profile[red : red + 4], profile[blue : blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(profile)


def _png_header(width: int, height: int) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


def _corners(data: bytes) -> list[str]:
    return [_name(_pixel(data, x, y)) for y in (0.2, 0.8) for x in (0.2, 0.8)]


def _pixel(data: bytes, x: float, y: float) -> tuple[int, int, int]:
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    red, green, blue = picture.getpixel((int(picture.width * x), int(picture.height * y)))  # type: ignore[misc]
    return red, green, blue


def _name(pixel: tuple[int, int, int]) -> str:
    colours = {"red": RED, "green": GREEN, "blue": BLUE, "white": WHITE}
    return min(colours, key=lambda name: sum(abs(a - b) for a, b in zip(colours[name], pixel, strict=True)))
