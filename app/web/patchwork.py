"""Patchworks of a value's mark, shown for an activity without a picture (DESIGN-LANGUAGE: Lapptäcket)."""

from functools import lru_cache

from flask import Flask
from markupsafe import Markup

_SIDE = 24
_VARIANTS = 4
#: Patches up to this many cells wide are those of lists, which name the value: no corner is left free for it.
_WIDEST_WITHOUT_CORNER = 2


def init_app(app: Flask) -> None:
    """Give templates `patch(mark, width, height, seed, extra)`: an SVG, cached by its kind."""
    sprite = str(app.jinja_env.globals["sprite_url"])

    def patch(mark: str, width: int = 4, height: int = 3, seed: int = 0, extra: str = "") -> Markup:
        return _patch(sprite, mark, width, height, seed % _VARIANTS, extra)

    app.jinja_env.globals["patch"] = patch


@lru_cache(maxsize=512)
def _patch(sprite: str, mark: str, width: int, height: int, seed: int, extra: str) -> Markup:
    # The mark of the picture's value is in the upper end corner (.bite), so no cell is drawn there.
    free_corner = (width - 1, 0) if width > _WIDEST_WITHOUT_CORNER else None
    cells = "".join(
        _cell(sprite, mark, (x + y * 3 + seed) % 4, x * _SIDE, y * _SIDE)
        for y in range(height)
        for x in range(width)
        if (x, y) != free_corner
    )
    css = f"patch v-{mark} {extra}".strip()
    box = f"0 0 {width * _SIDE} {height * _SIDE}"
    return Markup(  # noqa: S704 - mark and extra come from the programme's table and from templates, not from people
        f'<svg class="{css}" viewBox="{box}" preserveAspectRatio="xMidYMid slice" aria-hidden="true">'
        f'<rect class="b" width="100%" height="100%"/>{cells}</svg>'
    )


def _cell(sprite: str, mark: str, kind: int, x: int, y: int) -> str:
    place = f'href="{sprite}#v-{mark}" x="{x + 4}" y="{y + 4}" width="16" height="16"'
    if kind == 0:
        return f'<rect class="a" x="{x}" y="{y}" width="24" height="24"/><use class="b" {place}/>'
    if kind == 1:
        return f'<path class="a" d="M{x} {y}h24a24 24 0 0 1-24 24z"/>'
    if kind == 2:
        return f'<use class="c" {place}/>'
    return f'<path class="c" d="M{x + 24} {y + 24}h-24a24 24 0 0 1 24-24z"/>'
