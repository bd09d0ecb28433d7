"""Pinning: coordinators put something on top of their municipality's feed for a while, leads on top of everybody's."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, func, select, update

from app.extensions import db
from app.models.contribution import Contributed, wait_for_turn
from app.models.person import Person, Role
from app.models.pin import LONGEST_PINNED, MOST_PINNED, Pin
from app.models.programme import Municipality
from app.services.feed.index import repin
from app.services.programme.clock import local_today, midnight, programme_zone


class NotTheirsToPinError(ValueError):
    """Neither a coordinator nor a lead."""


class PinnedTooManyError(ValueError):
    """`MOST_PINNED` are pinned there."""


class PinDayError(ValueError):
    """It is over already, or too far away."""


class Pinned(NamedTuple):
    """Where somebody pins, and the last day of what they have pinned there; None when it is not."""

    municipality_id: int | None
    last_day: date | None


def may_pin(person: Person) -> bool:
    return person.is_a(Role.COORDINATOR, Role.LEAD)


def last_days(now: datetime) -> tuple[date, date]:
    """The first and the last day until which something may be pinned now."""
    today = local_today(now)
    return today, today + LONGEST_PINNED - timedelta(days=1)


def pinned_by(person: Person, contribution_id: int, now: datetime) -> Pinned:
    """Whether it is pinned where that person pins, who may."""
    place = _place_of(person)
    until = db.session.scalar(
        select(Pin.until).where(_is_at(place), Pin.contribution_id == contribution_id, Pin.until > now)
    )
    return Pinned(place, local_today(until - timedelta(seconds=1)) if until else None)


def pin(thing: Contributed, last_day: date, *, by: Person, now: datetime) -> None:
    """Until the end of that day; once more, it is that day instead. The caller has seen to it that it is visible.

    Raises:
        NotTheirsToPinError: `may_pin` says no.
        PinDayError: when the day is over, or further away than `LONGEST_PINNED`.
        PinnedTooManyError: when `MOST_PINNED` others are pinned there.
    """
    place, (first, last) = _place_of(by), last_days(now)
    if not first <= last_day <= last:
        raise PinDayError
    _wait_for_turn(thing)
    here = _is_at(place)
    others = select(func.count()).where(here, Pin.until > now, Pin.contribution_id != thing.id)
    if (db.session.scalar(others) or 0) >= MOST_PINNED:
        raise PinnedTooManyError
    _delete(here, Pin.contribution_id == thing.id)
    until = midnight(last_day + timedelta(days=1), programme_zone())
    db.session.add(Pin(contribution_id=thing.id, municipality_id=place, by_id=by.id, at=now, until=until))
    repin(thing.id)


def unpin(thing: Contributed, *, by: Person) -> None:
    """End it before its day, whoever has pinned it there. Raises NotTheirsToPinError as `pin` does."""
    place = _place_of(by)
    _wait_for_turn(thing)
    _delete(_is_at(place), Pin.contribution_id == thing.id)
    repin(thing.id)


def _place_of(person: Person) -> int | None:
    if not may_pin(person):
        raise NotTheirsToPinError
    return None if person.is_a(Role.LEAD) else person.municipality_id


def _is_at(place: int | None) -> ColumnElement[bool]:
    return Pin.municipality_id.is_(None) if place is None else Pin.municipality_id == place


def _delete(*conditions: ColumnElement[bool]) -> None:
    db.session.execute(delete(Pin).where(*conditions), execution_options={"synchronize_session": False})


def _wait_for_turn(thing: Contributed) -> None:
    """Of the thing, whose places in the feed are written anew. Then pins are counted and set by one at a time,
    everywhere: the first municipality stands for all.

    An update that changes nothing does it, because SQLite has no `SELECT … FOR UPDATE`.
    """
    wait_for_turn(thing.id)
    first = select(func.min(Municipality.id)).scalar_subquery()
    unchanged = update(Municipality).where(Municipality.id == first).values(slug=Municipality.slug)
    db.session.execute(unchanged, execution_options={"synchronize_session": False})
