"""Makers of entries and of questions about them, through the services."""

from datetime import datetime

from sqlalchemy import select

from app.extensions import db
from app.models.ledger import PointEntry
from app.models.person import Person
from app.models.point_question import PointQuestion
from app.services.points.history import own_entry
from app.services.points.questions import ask
from tests.factories import NOW


def entry_of(person: Person, reason: str = "plan") -> PointEntry:
    """The person's last entry for that reason."""
    entries = select(PointEntry).where(PointEntry.person_id == person.id, PointEntry.reason == reason)
    return db.session.scalars(entries.order_by(PointEntry.id.desc()).limit(1)).one()


def make_question(person: Person, reason: str = "plan", now: datetime = NOW) -> PointQuestion:
    """About the last entry for that reason, committed."""
    line = own_entry(person.id, entry_of(person, reason).id)
    assert line
    question = ask(line, person, "Jag var sjuk den dagen.", now)
    db.session.commit()
    return question
