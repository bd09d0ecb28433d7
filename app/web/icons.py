"""Draws the symbols of the sprite (app/static/icons/sprite.svg) for templates."""

from functools import lru_cache

from flask import Flask
from markupsafe import Markup

_SVG = Markup('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>')
#: Names and classes come from templates and from the programme: in practice some hundred pairs.
_AT_MOST = 1024


def init_app(app: Flask) -> None:
    """Give templates `icon(name, css)` and `mark(value, css)`. Screen readers skip both: a text says the same.

    Globals and not macros, so that no template has to import them: every page draws dozens.
    """
    sprite = str(app.jinja_env.globals["sprite_url"])

    @lru_cache(maxsize=_AT_MOST)
    def icon(name: str, css: str = "ic") -> Markup:
        """A symbol; `css` is its size: `ic`, or `ic-s` for a small one beside text."""
        return _SVG.format(css, sprite, name)

    def mark(letter: str, css: str = "mark") -> Markup:
        """The mark of a value, by the letter that the programme gives it."""
        return icon(f"v-{letter}", css)

    app.jinja_env.globals.update(icon=icon, mark=mark)
