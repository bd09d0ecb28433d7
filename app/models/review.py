"""How moderators work together on what waits: the notes that they leave each other, who is reading, and whose flags
have been in vain."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, bindparam, exists, func, literal, select
from sqlalchemy.orm import Mapped, aliased, mapped_column, relationship

from app.extensions import Model, db
from app.models.moderation import Decision, Flag, Verdict
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


def others_can_look(person: Person) -> bool:
    """Whether there is another lead, who can look at the answers to this person's decisions."""
    return db.session.scalar(_OTHER_LEAD, {"person_id": person.id}) is not None


#: So many of somebody's flags in so long, all of them on what was kept, are in vain.
_IN_VAIN_AT, _IN_VAIN_WITHIN = 3, timedelta(days=90)


def flags_in_vain(person_id: ColumnElement[int] | Any, now: datetime) -> ColumnElement[bool]:
    """Condition: that person has flagged again and again what was then kept, and nothing else."""
    flag, kept = aliased(Flag), Decision.verdict == Verdict.KEEP
    lately = (flag.by_id == person_id, Decision.at > now - _IN_VAIN_WITHIN)
    counts = (
        select(func.count().filter(kept) >= _IN_VAIN_AT, func.count().filter(~kept) == 0)
        .select_from(flag)
        .join(Decision, Decision.id == flag.decision_id)
        .where(*lately)
        .subquery()
    )
    return exists(select(literal(1)).select_from(counts).where(*counts.c))
