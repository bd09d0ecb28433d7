"""Någon på bilden vill inte: somebody in a picture does not want it to be used."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, exists, func, or_, select, text
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, joinedload, mapped_column

from app.extensions import Model, db
from app.models.moderation import Decision, Verdict
from app.models.outcome import Photo, Withheld

#: Characters, of the words that whoever objects may leave.
LONGEST_OBJECTION = 500

_OPEN = "decision_id is null and ended_at is null"
_OPEN_OF_SOMEBODY = text(f"{_OPEN} and by_id is not null")
_OPEN_OF_NOBODY = text(f"{_OPEN} and by_id is null")


class PhotoObjection(Model):
    """Open until a decision settles it, or the author has removed the picture. A person has at most one open objection
    to a picture, and so have all together who are not signed in: it says nothing of who they are."""

    __tablename__ = "photo_objection"
    __table_args__ = (
        CheckConstraint(f"length(words) <= {LONGEST_OBJECTION}", name="words"),
        CheckConstraint("decision_id is null or ended_at is null", name="ended_once"),
        Index(
            "uq_photo_objection_open_by",
            "photo_id",
            "by_id",
            unique=True,
            sqlite_where=_OPEN_OF_SOMEBODY,
            postgresql_where=_OPEN_OF_SOMEBODY,
        ),
        Index(
            "uq_photo_objection_open",
            "photo_id",
            unique=True,
            sqlite_where=_OPEN_OF_NOBODY,
            postgresql_where=_OPEN_OF_NOBODY,
        ),
        Index(
            "ix_photo_objection_waiting",
            "at",
            sqlite_where=text(_OPEN),
            postgresql_where=text(_OPEN),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: None once the picture has been removed by its author.
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("photo.id", ondelete="SET NULL"), index=True)
    #: What the picture belongs to.
    contribution_id: Mapped[int] = mapped_column(
        ForeignKey("contribution.id", ondelete="CASCADE"), index=True
    )
    #: Of the file: sent again it is the same picture.
    sha256: Mapped[str]
    #: None: somebody who was not signed in.
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    #: For moderators alone; may be empty.
    words: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    #: The last one that withheld or released the picture.
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"), index=True)
    #: When its author removed the picture, before anybody had decided.
    ended_at: Mapped[datetime | None]

    @hybrid_property
    def is_open(self) -> bool:
        """Nobody has decided, and the picture is there; in a query, the condition."""
        return self.decision_id is None and self.ended_at is None

    @is_open.inplace.expression
    @classmethod
    def _is_open(cls) -> ColumnElement[bool]:
        return cls.decision_id.is_(None) & cls.ended_at.is_(None)


def is_open_objection(photo_id: int) -> ColumnElement[bool]:
    """Condition: an objection to that picture which nobody has decided about."""
    return (PhotoObjection.photo_id == photo_id) & PhotoObjection.is_open


def has_objections(photo_id: int) -> bool:
    """Whether anybody has ever objected to it."""
    return bool(db.session.scalar(select(exists().where(PhotoObjection.photo_id == photo_id))))


def is_decided_about(photo_id: int) -> ColumnElement[bool]:
    """Condition: a decision about that picture, or about the same file before its author removed it and sent it
    again."""
    earlier = select(PhotoObjection.decision_id).where(PhotoObjection.photo_id == photo_id)
    return or_(
        Decision.photo_id == photo_id, Decision.id.in_(earlier.where(PhotoObjection.decision_id.is_not(None)))
    )


def photo_decided_about() -> ColumnElement[Any]:
    """Of a decision: the number of the picture as it is now; None when its author has removed it."""
    again = select(func.max(PhotoObjection.photo_id)).where(PhotoObjection.decision_id == Decision.id)
    return func.coalesce(Decision.photo_id, again.scalar_subquery())


def decision_that_withholds(photo: Photo) -> Decision | None:
    """The one in force, with who made it; None when nobody has decided, or it was released."""
    if photo.withheld != Withheld.ALL:
        return None
    withheld = (is_decided_about(photo.id), Decision.verdict == Verdict.WITHHOLD.value)
    newest = select(Decision).where(*withheld).order_by(Decision.id.desc()).limit(1)
    return db.session.scalar(newest.options(joinedload(Decision.by)))


def was_released(photo_id: int) -> bool:
    """Whether a moderator has looked at it and let it be shown again."""
    decided = exists().where(Decision.photo_id == photo_id, Decision.verdict == Verdict.RELEASE.value)
    return bool(db.session.scalar(select(decided)))


def has_objected_in_vain(photo_id: int, person_id: int) -> bool:
    """Whether a decision has let it be shown after that person's objection."""
    objection = (PhotoObjection.photo_id == photo_id, PhotoObjection.by_id == person_id)
    in_vain = (
        select(PhotoObjection.id)
        .join(Decision, Decision.id == PhotoObjection.decision_id)
        .where(*objection, Decision.verdict == Verdict.RELEASE.value)
    )
    return db.session.scalar(in_vain.limit(1)) is not None


def removed_objections(contribution_id: int, sha256: str) -> list[PhotoObjection]:
    """To this file, oldest first, if it was removed from there while somebody objected to it, or after it had been
    withheld."""
    removed = (
        PhotoObjection.contribution_id == contribution_id,
        PhotoObjection.sha256 == sha256,
        PhotoObjection.photo_id.is_(None),
    )
    left = or_(PhotoObjection.ended_at.is_not(None), Decision.verdict == Verdict.WITHHOLD.value)
    query = select(PhotoObjection).outerjoin(Decision, Decision.id == PhotoObjection.decision_id)
    return list(db.session.scalars(query.where(*removed, left).order_by(PhotoObjection.id)))
