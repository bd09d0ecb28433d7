"""The canvas of the demonstration's drawings, and the things that many of them contain.

Drawings are made at twice their size and then made smaller, which softens the edges. Coordinates are 800 × 600.
"""

import io
from random import Random

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 800, 600
_SCALE = 2
INK = "#2b2422"
SKIES = ("#f8e1bd", "#cfe4e4", "#f4d7b8", "#e4ecc6", "#dce8e3", "#f3dcd6", "#c4dbe2")
SUNS = ("#f5b85f", "#fff6e3", "#e8754a", "#f3c93a")
GREENS = ("#b9d0a6", "#82a464", "#4f8056", "#2f5c44", "#a9bf72", "#6a9a7c")
FIELDS = ("#f3cb35", "#e8b923", "#b98253", "#dccab2", "#82a464")
SEAS = ("#4e8fa0", "#3b7689", "#2d5d6e")
PAINTS = ("#c4503f", "#3b7689", "#e8b923", "#b3668f", "#4f8056", "#e9a49b", "#fff6e3", "#dd8a3c")
SKINS = ("#f0c29b", "#8a5a3c", "#d99f78", "#f3d3b3", "#b97a50")
HAIRS = ("#2b2422", "#7a4a2b", "#c9822f", "#9a9590", "#e8d3a0")

Point = tuple[float, float]


class Canvas:
    def __init__(self, seed: str) -> None:
        self.random = Random(seed)
        self.image = Image.new("RGB", (WIDTH * _SCALE, HEIGHT * _SCALE), self.random.choice(SKIES))
        self._draw = ImageDraw.Draw(self.image)

    def box(self, x: float, y: float, width: float, height: float, fill: str, radius: float = 0) -> None:
        corners = [n * _SCALE for n in (x, y, x + width, y + height)]
        self._draw.rounded_rectangle(corners, radius * _SCALE, fill)

    def disc(self, x: float, y: float, radius: float, fill: str, squash: float = 1) -> None:
        corners = (x - radius, y - radius * squash, x + radius, y + radius * squash)
        self._draw.ellipse([n * _SCALE for n in corners], fill)

    def half(self, x: float, y: float, radius: float, fill: str, height: float = 1) -> None:
        """The upper half of a disc that stands on y."""
        corners = (x - radius, y - radius * height, x + radius, y + radius * height)
        self._draw.pieslice([n * _SCALE for n in corners], 180, 360, fill)

    def shape(self, points: list[Point], fill: str) -> None:
        self._draw.polygon([(x * _SCALE, y * _SCALE) for x, y in points], fill)

    def line(self, points: list[Point], fill: str, width: float = 4) -> None:
        self._draw.line([(x * _SCALE, y * _SCALE) for x, y in points], fill, round(width * _SCALE), "curve")

    def one(self, colours: tuple[str, ...]) -> str:
        return self.random.choice(colours)

    def some(self, colours: tuple[str, ...], count: int) -> list[str]:
        return self.random.sample(colours, count)

    def between(self, low: float, high: float) -> float:
        return self.random.uniform(low, high)

    def png(self) -> bytes:
        """The drawing at its size."""
        file = io.BytesIO()
        self.image.reduce(_SCALE).save(file, "PNG", compress_level=1)
        return file.getvalue()


def sky(c: Canvas) -> None:
    x, y, radius = c.between(90, 710), c.between(70, 230), c.between(42, 90)
    c.disc(x, y, radius, c.one(SUNS))
    for _ in range(c.random.randint(0, 3)):
        x, y = c.between(40, 760), c.between(40, 160)
        for step, size in ((-34, 24), (0, 38), (36, 26)):
            c.disc(x + step, y, size, "#fff6e3", 0.7)


def hills(c: Canvas, top: float, count: int) -> None:
    for n, green in enumerate(c.some(GREENS, count)):
        c.disc(c.between(0, 800), top + n * 70 + 420, c.between(560, 800), green, 0.62)


def tree(c: Canvas, x: float, y: float, size: float) -> None:
    c.box(x - 5 * size, y - 60 * size, 10 * size, 60 * size, "#6b5a54")
    c.disc(x, y - 85 * size, 36 * size, c.one(GREENS[1:4]), 1.3)


def house(c: Canvas, x: float, y: float, width: float, height: float) -> None:
    wall, roof, stripe = c.some(PAINTS, 3)
    c.box(x, y - height, width, height, wall)
    c.shape([(x - 8, y - height), (x + width * 0.2, y - height - 70), (x + width * 0.8, y - height - 70),
             (x + width + 8, y - height)], roof)  # fmt: skip
    for n in range(3):
        c.box(x + width * (0.12 + n * 0.29), y - height + 24, width * 0.18, 46, "#dce8e3", 3)
    if height > 180:
        for n in range(8):
            c.box(x + n * width / 8, y - 130, width / 8, 26, (stripe, "#fff6e3")[n % 2], 3)
        c.box(x + width * 0.1, y - 100, width * 0.45, 70, "#cfe4e4", 3)
    c.box(x + width * 0.64, y - min(90, height * 0.5), width * 0.22, min(90, height * 0.5), INK, 3)


def person(c: Canvas, x: float, y: float, size: float) -> None:
    """Head and shoulders that stand on y."""
    c.disc(x, y - 74 * size, 19 * size, c.one(HAIRS), 1.15)
    c.half(x, y, 30 * size, c.one(PAINTS), 1.7)
    c.disc(x, y - 66 * size, 15 * size, c.one(SKINS), 1.15)


def boat(c: Canvas, x: float, y: float, size: float) -> None:
    c.shape([(x - 50 * size, y), (x + 50 * size, y), (x + 32 * size, y + 24 * size),
             (x - 32 * size, y + 24 * size)], INK)  # fmt: skip
    c.shape([(x, y - 8 * size), (x, y - 120 * size), (x - 46 * size, y - 8 * size)], "#fff6e3")
    c.shape([(x + 6 * size, y - 8 * size), (x + 6 * size, y - 105 * size), (x + 44 * size, y - 8 * size)],
            c.one(PAINTS))  # fmt: skip
