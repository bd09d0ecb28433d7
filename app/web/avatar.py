"""What stands for a person where there is no picture: initials on a hue."""

from functools import lru_cache
from typing import Final

from flask import Flask
from markupsafe import Markup

#: Chosen by a person's number: always the same for one person, different among many.
_HUES: Final = ("sund", "ljung", "tegel", "bok", "raps")
_DRAWN: Final = Markup('<span class="av k-{}{}" aria-hidden="true">{}</span>')


def init_app(app: Flask) -> None:
    """Give templates `avatar(person_id, name, css)`; css="s" is the small one. A global and not a macro, as symbols are
    (app/web/icons.py)."""
    app.jinja_env.globals["avatar"] = _avatar


def initials(name: str) -> str:
    """At most two letters."""
    words = name.split()
    return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()


@lru_cache(maxsize=4096)
def _avatar(person_id: int, name: str, css: str = "") -> Markup:
    return _DRAWN.format(_HUES[person_id % len(_HUES)], f" {css}" if css else "", initials(name))
