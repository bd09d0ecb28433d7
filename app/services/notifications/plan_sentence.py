"""A plan read back as one would say it to oneself: a cue that is concrete and rehearsed is acted upon."""

from datetime import date, time
from functools import lru_cache

from flask_babel import format_date, get_locale, gettext


def plan_sentence(
    title: str, *, day: date | None, starts_at: time | None, place: str, audience: str, sign: str
) -> str:
    """When and where, what, for whom, and how one will know that it worked: as much of it as is planned, in the
    language of the page or the notification."""
    cue = ", ".join(filter(None, (day_words(day, starts_at) if day else gettext("Some day soon"), place)))
    parts = [f"{cue[0].upper()}{cue[1:]}: {title}"]
    if audience:
        parts.append(gettext("For: %(audience)s", audience=audience))
    if sign:
        parts.append(gettext("You will know by this: %(sign)s", sign=sign))
    return " ".join(map(_ended, parts))


def day_words(day: date, starts_at: time | None) -> str:
    """`tisdag 1 december 14.30` in Swedish, `Tuesday 1 December 14:30` in English."""
    return _day_words(day, starts_at, str(get_locale()))


@lru_cache(maxsize=1024)
def _day_words(day: date, starts_at: time | None, language: str) -> str:
    words = str(format_date(day, "EEEE d MMMM", rebase=False))
    return f"{words} {starts_at.strftime('%H.%M' if language == 'sv' else '%H:%M')}" if starts_at else words


def _ended(part: str) -> str:
    """What people write ends with a full stop, or does not."""
    return part if part.endswith((".", "!", "?", "…")) else f"{part}."
