"""What a new challenge can begin from; it comes with the programme file."""

from typing import Final

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, db
from app.models.challenge import ChallengeKind
from app.models.checks import one_of


class ChallengeTemplate(Model):
    """A challenge without days. What it leaves open is None, and whoever makes one of it chooses."""

    __tablename__ = "challenge_template"
    __table_args__ = (one_of("kind_of_challenge", ChallengeKind),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    value_id: Mapped[int | None] = mapped_column(ForeignKey("value.id"))
    focus_area_id: Mapped[int | None] = mapped_column(ForeignKey("focus_area.id"))
    kind_of_challenge: Mapped[str]
    title: Mapped[str]
    why: Mapped[str]
    done_when: Mapped[list[str]]
    points: Mapped[int]
    goal: Mapped[int | None]
    needs_photo: Mapped[bool]
    needs_approval: Mapped[bool]
    position: Mapped[int]


_ALL: Final = select(ChallengeTemplate).order_by(ChallengeTemplate.position)


def challenge_templates() -> list[ChallengeTemplate]:
    """All of them, in the order of the file."""
    return list(db.session.scalars(_ALL))
