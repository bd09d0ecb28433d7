"""The symbols of the sprite (app/static/icons/sprite.svg) as templates draw them."""

from functools import lru_cache

from flask import Flask
from markupsafe import Markup

_SVG = Markup('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>')
#: Names and classes come from templates and from the programme, so in practice there are some hundred pairs.
_AT_MOST = 1024


def init_app(app: Flask) -> None:
    """Give templates `icon(name, css)` and `mark(value, css)`. Neither is heard: words stand beside it.

    Globals and not macros: every page draws dozens, and none of them has to import anything for it.
    """
    sprite = str(app.jinja_env.globals["sprite_url"])

    @lru_cache(maxsize=_AT_MOST)
    def icon(name: str, css: str = "ic") -> Markup:
        """A symbol; `css` is its size: `ic`, `ic-s` for the small one beside words."""
        return _SVG.format(css, sprite, name)

    def mark(letter: str, css: str = "mark") -> Markup:
        """The mark of a value, by the letter that the programme gives it."""
        return icon(f"v-{letter}", css)

    app.jinja_env.globals.update(icon=icon, mark=mark)
