"""Draws scenes for the demonstration, in the colours of its pictures: by focus area, and another one for each seed."""

from collections.abc import Callable

from app.demo.canvas import (
    FIELDS,
    GREENS,
    HEIGHT,
    INK,
    PAINTS,
    SEAS,
    SKIES,
    WIDTH,
    Canvas,
    boat,
    hills,
    house,
    person,
    sky,
    tree,
)


def draw(area: str, seed: int) -> tuple[bytes, str]:
    """A picture as PNG, and its alternative text. The same for the same area and seed."""
    canvas = Canvas(f"{area}-{seed}")
    scenes = _SCENES.get(area, (_coast, _fields))
    alt = scenes[seed % len(scenes)](canvas)
    return canvas.png(), alt


def _road(c: Canvas) -> str:
    sky(c)
    hills(c, 300, 3)
    c.shape([(0, 430), (800, 400), (800, 600), (0, 600)], "#dccab2")
    for dash in range(-20, 800, 140):
        c.line([(dash, 545), (dash + 70, 543)], "#fff6e3", 9)
    for _ in range(c.random.randint(2, 4)):
        tree(c, c.between(40, 760), c.between(395, 420), c.between(0.7, 1.3))
    x, paint = c.between(90, 330), c.one(PAINTS[:6])
    c.box(x, 330, 340, 150, paint, 22)
    for window in range(4):
        c.box(x + 22 + window * 78, 352, 62, 56, "#dce8e3", 8)
    c.box(x, 430, 340, 12, "#fff6e3")
    for wheel in (x + 75, x + 265):
        c.disc(wheel, 482, 32, INK)
        c.disc(wheel, 482, 13, "#dccab2")
    return "En buss på en landsväg mellan kullar"


def _bench(c: Canvas) -> str:
    sky(c)
    hills(c, 330, 2)
    c.shape([(0, 450), (800, 450), (800, 600), (0, 600)], c.one(GREENS[:2]))
    c.shape([(330, 450), (430, 450), (690, 600), (180, 600)], "#efd9b4")
    for side in (120, 690):
        tree(c, side + c.between(-40, 40), 470, c.between(1.2, 1.9))
    x, paint = c.between(230, 380), c.one(PAINTS[:6])
    for y in (400, 424, 452):
        c.box(x, y, 240, 14, paint, 5)
    for leg in (x + 20, x + 208):
        c.box(leg, 395, 12, 115, INK)
    lamp = x + c.random.choice((-70, 290))
    c.box(lamp, 210, 10, 300, INK)
    c.half(lamp + 5, 215, 40, INK)
    c.disc(lamp + 5, 220, 18, "#f3c93a")
    return "En bänk och en lykta vid en gångväg i en park"


def _street(c: Canvas) -> str:
    sky(c)
    x = -c.between(0, 80)
    while x < WIDTH:
        width, height = c.between(150, 230), c.between(210, 360)
        house(c, x, 480, width, height)
        x += width
    c.box(0, 480, WIDTH, 120, "#dccab2")
    for _ in range(60):
        c.disc(c.between(0, 800), c.between(500, 600), c.between(8, 16), c.one(("#cdb698", "#e8dac4")), 0.45)
    for n in range(c.random.randint(1, 3)):
        person(c, 140 + n * 230 + c.between(-40, 60), 540, 1.1)
    return "En gata med butiker under randiga markiser"


def _table(c: Canvas) -> str:
    wall = c.one(("#ece1cf", "#dce8e3", "#f3dcd6", "#e4ecc6"))
    c.box(0, 0, WIDTH, HEIGHT, wall)
    c.box(90, 50, 620, 250, "#fff6e3", 8)
    c.box(106, 66, 588, 218, c.one(SKIES[:3]))
    c.half(320, 284, 214, c.one(GREENS), 0.4)
    c.half(520, 284, 174, c.one(GREENS), c.between(0.25, 0.6))
    count = c.random.randint(2, 5)
    for n in range(count):
        person(c, 800 / (count + 1) * (n + 1), 470, 1.9)
    top = c.one(("#b98253", "#7a4a2b", "#dd8a3c"))
    c.half(400, 620, 560, top, 0.36)
    for paint in c.some(PAINTS, 4):
        c.box(c.between(140, 640), c.between(480, 560), 40, 26, paint, 9)
    return f"{_NUMBERS[count]} personer vid ett bord framför ett fönster"


def _shelf(c: Canvas) -> str:
    c.box(0, 0, WIDTH, HEIGHT, c.one(("#dce8e3", "#ece1cf", "#f3dcd6", "#cfe4e4")))
    for row in range(3):
        x, bottom = 40.0, 170 + row * 150
        c.box(20, bottom, 760, 14, "#b98253")
        while x < 740:
            width, height = c.between(16, 42), c.between(70, 120)
            if c.random.random() < 0.9:
                c.box(x, bottom - height, width, height, c.one(PAINTS), 3)
            x += width + 3
    for n in range(c.random.randint(1, 3)):
        person(c, 200 + n * 200 + c.between(-60, 60), 600, 1.9)
    return "En bokhylla på ett bibliotek och besökare framför den"


def _garland(c: Canvas) -> str:
    sky(c)
    hills(c, 330, 2)
    c.box(0, 440, WIDTH, 160, c.one(FIELDS))
    low = c.between(150, 210)
    c.line([(0, 90), (200, low), (400, 100), (600, low), (800, 90)], INK, 3)
    for n in range(17):
        x = 24 + n * 48
        y = 92 + (low - 96) * (1 - abs((x % 400) - 200) / 200)
        c.shape([(x - 16, y), (x + 16, y), (x, y + 34)], c.one(PAINTS))
    count = c.random.randint(3, 6)
    for n in range(count):
        person(c, 800 / (count + 1) * (n + 1) + c.between(-20, 20), c.between(510, 560), c.between(1.3, 1.7))
    return f"{_NUMBERS[count]} personer utomhus under en girland av vimplar"


def _boxes(c: Canvas) -> str:
    sky(c)
    hills(c, 310, 2)
    c.box(0, 430, WIDTH, 170, c.one(("#dccab2", "#b9d0a6", "#cdb698")))
    person(c, c.between(80, 720), 460, 1.5)
    for n in range(3):
        x, y = 50 + n * 250 + c.between(-20, 20), 440 + (n % 2) * 60
        for _ in range(9):
            stem, tall = c.between(x + 15, x + 195), c.between(40, 110)
            c.line([(stem, y + 10), (stem, y - tall)], c.one(GREENS[1:4]), 5)
            c.disc(stem, y - tall, c.between(10, 20), c.one(PAINTS[:6] + GREENS[:3]))
        c.box(x, y, 210, 80, c.one(("#b98253", "#7a4a2b")), 4)
        c.box(x, y + 36, 210, 5, INK)
    return "Odlingslådor med blommor och grönsaker"


def _grove(c: Canvas) -> str:
    sky(c)
    hills(c, 360, 3)
    for _ in range(c.random.randint(6, 10)):
        tree(c, c.between(20, 780), c.between(420, 520), c.between(1.2, 2.6))
    for n in range(c.random.randint(1, 3)):
        person(c, 220 + n * 150 + c.between(-60, 60), 565, 1.2)
    return "Människor bland träd i en dunge"


def _coast(c: Canvas) -> str:
    horizon = c.between(230, 320)
    sky(c)
    for n, sea in enumerate(SEAS):
        c.box(0, horizon + n * 90, WIDTH, 400, sea)
    for _ in range(30):
        x, y = c.between(0, 780), c.between(horizon + 20, 590)
        c.line([(x, y), (x + 12, y - 5), (x + 26, y), (x + 38, y - 5)], "#8bb7c1", 2.5)
    for _ in range(c.random.randint(1, 4)):
        boat(c, c.between(80, 720), c.between(horizon + 40, 500), c.between(0.6, 1.5))
    return "Segelbåtar på ett stilla hav"


def _fields(c: Canvas) -> str:
    sky(c)
    hills(c, 280, 3)
    field, row = c.some(FIELDS, 2)
    c.shape([(0, 400), (800, 370), (800, 600), (0, 600)], field)
    for n in range(-6, 15):
        c.line([(400 + (n - 4) * 26, 392), (n * 120 - 80, 600)], row, 5)
    house(c, c.between(120, 520), 400, 190, 150)
    for _ in range(3):
        tree(c, c.between(40, 760), c.between(385, 410), c.between(0.8, 1.5))
    return "Ett hus vid en åker under en stor himmel"


def _huts(c: Canvas) -> str:
    sky(c)
    c.box(0, 330, WIDTH, 120, c.one(SEAS))
    c.box(0, 440, WIDTH, 160, "#efd9b4")
    for n in range(5):
        x, wall, roof = 20 + n * 158, *c.some(PAINTS, 2)
        c.box(x, 330, 120, 150, wall)
        for stripe in range(0, 120, 24):
            c.box(x + stripe, 330, 10, 150, "#fff6e3")
        c.shape([(x - 12, 334), (x + 60, 250), (x + 132, 334)], roof)
        c.box(x + 40, 385, 40, 95, INK, 4)
    for n in range(c.random.randint(1, 3)):
        person(c, 180 + n * 210 + c.between(-50, 50), 560, 1.3)
    return "Färgglada badhytter på en strand"


_NUMBERS = {2: "Två", 3: "Tre", 4: "Fyra", 5: "Fem", 6: "Sex"}
_SCENES: dict[str, tuple[Callable[[Canvas], str], ...]] = {
    "infrastruktur": (_road, _bench),
    "naringsliv": (_street, _table),
    "larande": (_shelf, _table),
    "oppenhet": (_garland, _street),
    "miljo": (_boxes, _grove, _fields),
    "besok": (_coast, _huts, _fields),
}
