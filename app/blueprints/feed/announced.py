"""What leads have announced, on top of the feed."""

from datetime import date

from app.services.stages.announcements import Announcement, announcements, shown_in
from app.web.cache import Cache
from app.web.language import page_language

_ALL: Cache[tuple[Announcement, ...]] = Cache(
    "announcements",
    key="the day, the language",
    changed_by="a lead who announces something, and the worker",
    at_most=8,
)


def announced(municipality_id: int, today: date) -> tuple[Announcement, ...]:
    """To whoever belongs there, in the page's language. May be some seconds old."""
    language = page_language()
    return shown_in(municipality_id, _ALL.get((today, language), lambda: announcements(today, language)))
