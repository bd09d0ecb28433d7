"""Which language and theme a page is in."""

from flask import request
from flask_babel import get_locale

from app.models.programme import LocalText
from app.web.identity import glance_or_none

LANGUAGES = ("sv", "en")


def choose_language() -> str:
    """The person's own; else the cookie of the language link; else what the browser asks for; Swedish at last."""
    person = glance_or_none()
    if person:
        return person.language
    return cookie_language() or request.accept_languages.best_match(LANGUAGES) or "sv"


def cookie_language() -> str | None:
    chosen = request.cookies.get("language")
    return chosen if chosen in LANGUAGES else None


def theme() -> str:
    """`auto`, `light` or `dark`, for `data-theme`."""
    person = glance_or_none()
    return person.theme if person else "auto"


def local_text(text: LocalText) -> str:
    """The text in the page's language; Swedish where the programme file gives no other."""
    return text.get(str(get_locale())) or text["sv"]
