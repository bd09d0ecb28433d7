"""What a person wants: which pushes and when, language, look, and whether to be ranked."""

from dataclasses import dataclass
from datetime import time

from sqlalchemy import select

from app.extensions import db
from app.models.notification import Kind
from app.models.person import Person
from app.models.sign_in import DeviceSession
from app.services.notifications.kinds import SWITCHABLE


@dataclass(frozen=True)
class Wishes:
    """Everything on the settings page. `kinds` are those that are wanted."""

    kinds: frozenset[Kind]
    push_from: time
    push_until: time
    push_weekends: bool
    language: str
    theme: str
    ranked: bool


def change_wishes(person: Person, wishes: Wishes) -> bool:
    """Keep them; whether the page itself looks different now (language or theme)."""
    looked = (person.language, person.theme)
    person.muted_kinds = [kind.value for kind in SWITCHABLE if kind not in wishes.kinds]
    person.push_from, person.push_until = wishes.push_from, wishes.push_until
    person.push_weekends = wishes.push_weekends
    person.language, person.theme = wishes.language, wishes.theme
    person.ranked = wishes.ranked
    return looked != (person.language, person.theme)


def devices(person: Person) -> list[DeviceSession]:
    """Where the person is signed in, latest seen first."""
    query = select(DeviceSession).where(
        DeviceSession.person_id == person.id, DeviceSession.ended_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(DeviceSession.seen_at.desc(), DeviceSession.id.desc())))


def device_of(person: Person, number: int) -> DeviceSession | None:
    """One of the person's own devices, if it is still signed in."""
    query = select(DeviceSession).where(
        DeviceSession.id == number,
        DeviceSession.person_id == person.id,
        DeviceSession.ended_at.is_(None),
    )
    return db.session.scalar(query)
