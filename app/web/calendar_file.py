"""Calendars as files (RFC 5545, and RFC 7986 for their names), written by icalendar.

A file is made anew whenever it is asked for, and the same as before when nothing has changed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from flask import current_app
from icalendar import STATUS, TRANSP, Calendar, Event

from app.text import one_line, trimmed

MIMETYPE: Final = "text/calendar; charset=utf-8"
_WRITTEN_BY: Final = "-//Eldsjal//Eldsjal//SV"
#: How often a program should ask for what has changed; those of Apple and Microsoft decide for themselves.
_ASK_EVERY: Final = timedelta(hours=4)
#: Before anything that changes, so that a revision counted in seconds since then fits into a number until 2088.
_FIRST_REVISION: Final = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Entry:
    """One thing in a calendar. `begins` and `ends` are both days, or both moments; `ends` is the first after it."""

    #: Names it for ever, such as `activity-12`.
    key: str
    title: str
    begins: date
    ends: date
    #: What is known of it was true from then on: the same entry with a later moment takes its place.
    changed_at: datetime
    #: Of its page.
    path: str
    about: str = ""
    place: str = ""

    @property
    def takes_time(self) -> bool:
        """Whether others should see that one is occupied: not for all of a day, or of the weeks of a phase."""
        return isinstance(self.begins, datetime)


def calendar_to_follow(key: str, name: str, entries: Iterable[Entry]) -> bytes:
    """What a program asks for again and again."""
    calendar = _calendar(key)
    calendar.calendar_name = name  # as NAME, and as X-WR-CALNAME, which older programs read
    # The library leaves out the parameter, without which the property means nothing (RFC 7986, 5.7).
    calendar.add("refresh-interval", _ASK_EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT4H")  # what Outlook reads instead
    for entry in entries:
        calendar.add_component(_event(entry, entry.changed_at))
    return bytes(calendar.to_ical())


def calendar_to_keep(entry: Entry, now: datetime) -> bytes:
    """One entry, which its reader puts into a calendar of their own."""
    calendar = _calendar(entry.key)
    calendar.method = "PUBLISH"
    calendar.add_component(_event(entry, now))
    return bytes(calendar.to_ical())


def _calendar(key: str) -> Calendar:
    # Without a name of ours, the library would give it a new one each time.
    return Calendar.new(prodid=_WRITTEN_BY, uid=_unique(key))


def _event(entry: Entry, stamp: datetime) -> Event:
    """`stamp` is when what the file says was written (RFC 5545, 3.8.7.2): with a method, the file; else its facts."""
    url = str(current_app.config["BASE_URL"]) + entry.path
    return Event.new(
        uid=_unique(entry.key),
        summary=_text(one_line(entry.title)),
        start=entry.begins,
        end=entry.ends,
        stamp=stamp,
        last_modified=entry.changed_at,
        sequence=max(0, int((entry.changed_at - _FIRST_REVISION).total_seconds())),
        url=url,
        location=_text(one_line(entry.place)) or None,
        # Programs that do not show the URL make a link of one in the text.
        description=_text(trimmed(entry.about + "\n" + url)),
        transparency=TRANSP.OPAQUE if entry.takes_time else TRANSP.TRANSPARENT,
        status=STATUS.CONFIRMED,
    )


def _unique(key: str) -> str:
    return f"{key}@{urlsplit(current_app.config['BASE_URL']).hostname}"


def _text(text: str) -> str:
    r"""The library takes `\N` for a line end that somebody has escaped already, and `C:\Nytt` would be two lines."""
    return text.replace(r"\N", "/N")
