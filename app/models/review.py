"""How moderators work together on what waits: the notes that they leave each other, and who is reading."""

from datetime import datetime

from sqlalchemy import ForeignKey, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model, db
from app.models.moderation import Decision
from app.models.person import Person, Role


class ModeratorNote(Model):
    """What a moderator wants the others to know about a thing. Its author never sees it."""

    __tablename__ = "moderator_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    contribution_id: Mapped[int] = mapped_column(
        ForeignKey("contribution.id", ondelete="CASCADE"), index=True
    )
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str]
    at: Mapped[datetime]

    by: Mapped[Person] = relationship(lazy="raise_on_sql")


class Reading(Model):
    """Which moderator has it open, since when: the one who came first, so that others can take the next instead."""

    __tablename__ = "reading"

    contribution_id: Mapped[int] = mapped_column(
        ForeignKey("contribution.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    at: Mapped[datetime]

    by: Mapped[Person] = relationship(lazy="raise_on_sql")


_OTHER_LEAD = (
    select(Person.id)
    .where(Person.role == Role.LEAD, Person.is_present, Person.id != bindparam("person_id"))
    .limit(1)
)


def is_for_another(decision: Decision, person: Person) -> bool:
    """Whether the answer to that decision is rejected by somebody else than this person, who made it."""
    return decision.by_id == person.id and others_can_look(person)


def others_can_look(person: Person) -> bool:
    """Whether there is another lead, who can look at the answers to this person's decisions."""
    return db.session.scalar(_OTHER_LEAD, {"person_id": person.id}) is not None
