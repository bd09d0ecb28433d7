"""What the main characters follow in the demonstration, and what is pinned on top of the feed."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from app import clock
from app.extensions import db
from app.models.activity import Activity
from app.models.best_practice import BestPractice
from app.models.follow import FollowKind
from app.models.person import Person, Role
from app.services.feed.following import follow, followable
from app.services.feed.pins import pin

_PLACES: Final = ("perstorp", "klippan")
_COLLEAGUES: Final = 3
#: Days from now on.
_PINNED: Final = 12


def follow_and_pin(people: list[Person], now: datetime, zone: str) -> None:
    """The first of `people` is Karin, who opens the feed with what is for her. The latest best practice is pinned for
    everybody, and another one by her coordinator."""
    karin = people[0]
    elsewhere = [
        one for one in people[1:] if one.municipality_id != karin.municipality_id and not one.is_office
    ]
    _follow(karin, FollowKind.PERSON, (one.id for one in elsewhere[:_COLLEAGUES]), now)
    places = {one.municipality_id for one in people if one.municipality.slug in _PLACES}
    _follow(karin, FollowKind.MUNICIPALITY, sorted(places - {karin.municipality_id}), now)
    best = select(Activity).join(BestPractice, BestPractice.contribution_id == Activity.id)
    lifted = db.session.scalars(best.order_by(BestPractice.at.desc(), Activity.id.desc()).limit(2)).all()
    coordinator = _first(people, Role.COORDINATOR, karin.municipality_id)
    for activity, by in zip(lifted, (_first(people, Role.LEAD), coordinator), strict=False):
        if by:
            pin(activity, clock.local_date(now, zone) + timedelta(days=_PINNED), by=by, now=now)


def _follow(person: Person, kind: FollowKind, numbers: Iterable[int], now: datetime) -> None:
    for number in numbers:
        thing = followable(kind, number)
        if thing:
            follow(thing, by=person, now=now)


def _first(people: list[Person], role: Role, place: int | None = None) -> Person | None:
    return next((one for one in people if one.is_a(role) and place in (None, one.municipality_id)), None)
