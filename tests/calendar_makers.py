"""People's calendars, for tests that fetch them, and calendars as a program reads them."""

from icalendar import Calendar, Event

from app.extensions import db
from app.models.person import Person
from app.services.accounts.calendar_address import address_of, make_address
from app.web.calendar_links import calendar_path
from tests.factories import NOW


def make_calendar(person: Person) -> str:
    """The path of a calendar that the person has made, committed."""
    make_address(person, instead_of="", now=NOW)
    db.session.commit()
    return path_of_calendar(person)


def path_of_calendar(person: Person) -> str:
    """Of the one that they have; empty where they have none."""
    address = address_of(person)
    return calendar_path(address.serial) if address else ""


def entries_in(file: bytes) -> dict[str, Event]:
    """Those of a calendar by their UID, less what is the same in all of them. Fails where one UID stands twice."""
    events = Calendar.from_ical(file).events
    by_uid = {event.uid.partition("@")[0]: event for event in events}
    assert len(by_uid) == len(events)
    return by_uid
