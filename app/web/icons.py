"""Draws the symbols of the sprite (app/static/icons/sprite.svg) for templates."""

from functools import lru_cache

from flask import Flask
from markupsafe import Markup

from app.web.assets import asset_url

_SVG = Markup('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>')
_TILE = Markup('<span class="tile{}">{}</span>')
#: Names and classes come from templates and from the programme: in practice some hundred pairs.
_AT_MOST = 1024


def init_app(app: Flask) -> None:
    """Give templates `icon(name, css)`, `tile(name, css)`, `mark(value, css)`, `patches(badge)`,
    `mood_icon(sentiment, css)` and `cheer_icon(kind, css)`. Screen readers skip them: a text says the same.

    Globals and not macros, so that no template has to import them: every page draws dozens.
    """
    sprite = str(app.jinja_env.globals["sprite_url"])
    badges, moods = asset_url(app, "icons/badges.svg"), asset_url(app, "icons/moods.svg")
    cheers = asset_url(app, "icons/cheers.svg")
    talk = asset_url(app, "icons/talk.svg")

    @lru_cache(maxsize=_AT_MOST)
    def icon(name: str, css: str = "ic") -> Markup:
        """A symbol; `css` is its size: `ic`, or `ic-s` for a small one beside text."""
        return _SVG.format(css, sprite, name)

    @lru_cache(maxsize=_AT_MOST)
    def tile(name: str, css: str = "") -> Markup:
        """A symbol on a ground; `css` may hold `soft` and a hue."""
        return _TILE.format(f" {css}" if css else "", icon(name))

    def mark(letter: str, css: str = "mark") -> Markup:
        """The mark of a value, by the letter that the programme gives it."""
        return icon(f"v-{letter}", css)

    def patches(slug: str) -> Markup:
        """What a badge has in it. Few pages show badges, so they have a file of their own."""
        return _SVG.format("", badges, slug)

    def mood_icon(sentiment: str, css: str = "ic") -> Markup:
        """Sun, cloud or rain. Only the pages of the survey show them, so they have a file of their own."""
        return _SVG.format(css, moods, sentiment)

    def cheer_icon(name: str, css: str = "ic") -> Markup:
        """The spark is everywhere; the other two kinds stand on few pages, so they have a file of their own."""
        return icon(name, css) if name.startswith("spark") else _SVG.format(css, cheers, name)

    def talk_icon(name: str, css: str = "ic") -> Markup:
        """A symbol of the conversation, which has a file of its own likewise."""
        return _SVG.format(css, talk, name)

    app.jinja_env.globals.update(
        icon=icon,
        tile=tile,
        mark=mark,
        patches=patches,
        mood_icon=mood_icon,
        cheer_icon=cheer_icon,
        talk_icon=talk_icon,
    )
