"""Utfall: what came of an activity; with it the lessons for peers and the pictures."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, UniqueConstraint, exists, text
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model
from app.models.activity import Activity, Answer, CoOwner
from app.models.checks import one_of
from app.models.contribution import ContributionId, is_visible
from app.models.person import Person


class Permission(StrEnum):
    """How widely the people shown agreed that pictures and story may be used. If nobody asked them, not at all."""

    NONE = "none"
    INTERNAL = "internal"
    EXTERNAL = "external"


class Hindrance(StrEnum):
    """What came in between, where nothing was carried out."""

    TIME = "time"
    NOBODY_CAME = "nobody_came"
    DECISION = "decision"
    OTHER = "other"


class Outcome(Model):
    """The report. An honest "it came to nothing" is a report like any other (PRODUCT: Points for learning)."""

    __tablename__ = "outcome"
    __table_args__ = (
        CheckConstraint("rating between 1 and 5", name="rating"),
        CheckConstraint("carried_out or rating is null", name="rating_only_if_carried_out"),
        CheckConstraint("reached >= 0", name="reached"),
        one_of("permission", Permission),
        one_of("hindrance", Hindrance),
        CheckConstraint("not carried_out or hindrance is null", name="hindrance_only_if_not_carried_out"),
        Index("ix_outcome_by_id_at", "by_id", "at"),
    )

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    carried_out: Mapped[bool]
    rating: Mapped[int | None]
    #: What happened.
    story: Mapped[str] = mapped_column(default="")
    #: People reached, as reported.
    reached: Mapped[int] = mapped_column(default=0)
    permission: Mapped[str] = mapped_column(default=Permission.NONE.value)
    #: What came in between; None where it was carried out, and where nobody has said it.
    hindrance: Mapped[str | None]

    activity: Mapped[Activity] = relationship(back_populates="outcome", lazy="raise_on_sql")
    #: Asks for nothing where those who made the activity have been loaded: one of them reported it.
    by: Mapped[Person] = relationship()


def is_reported(activity_id: ContributionId) -> ColumnElement[bool]:
    """Condition: the activity has been reported."""
    return exists().where(Outcome.activity_id == activity_id)


def is_open_invitation() -> ColumnElement[bool]:
    """Condition on a row of `CoOwner`: it waits for an answer, and there is still something to join."""
    open_activity = is_visible(CoOwner.activity_id) & ~is_reported(CoOwner.activity_id)
    return (CoOwner.answer == Answer.INVITED.value) & open_activity


_WAITING = text("due_at is not null")


def is_carried_out(activity_id: ContributionId) -> ColumnElement[bool]:
    """Condition: the activity has been reported as carried out."""
    its_own = exists().where(Outcome.activity_id == activity_id, Outcome.carried_out)
    return its_own.correlate_except(Outcome)  # whatever else the query joins


def may_be_public(activity_id: ContributionId) -> ColumnElement[bool]:
    """Condition: it was carried out, and the people shown agreed that everybody may see its pictures and its story."""
    agreed = exists().where(
        Outcome.activity_id == activity_id,
        Outcome.carried_out,
        Outcome.permission == Permission.EXTERNAL.value,
    )
    return agreed.correlate_except(Outcome)  # whatever else the query joins


class Refusal(StrEnum):
    """Why a picture that was taken in could not be prepared; the codes of app/gateways/images/refusals.py."""

    NOT_AN_IMAGE = "not_an_image"
    TOO_LARGE = "too_large"
    TOO_MANY_PIXELS = "too_many_pixels"


class Withheld(StrEnum):
    """From whom a picture is withheld because somebody in it does not want it: from everybody outside until somebody
    has looked, or from all by a decision."""

    PUBLIC = "public"
    ALL = "all"


class Photo(Model):
    """A picture of an activity. It arrives as its owner's device sent it, is prepared by the worker (turned upright,
    without metadata) or refused, and is shown to others with the report."""

    __tablename__ = "photo"
    __table_args__ = (
        UniqueConstraint("activity_id", "sha256"),
        one_of("refusal", Refusal),
        one_of("withheld", Withheld),
        CheckConstraint("(due_at is null or refusal is null) <> false", name="waiting_or_refused"),
        Index("ix_photo_waiting", "due_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_photo_waiting_by", "by_id", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    #: The beginning of the files' names in the media store; cannot be guessed.
    key: Mapped[str] = mapped_column(unique=True)
    #: Of the original upload: the same file again is the same photo.
    sha256: Mapped[str]
    alt: Mapped[str] = mapped_column(default="")
    #: Of the upright picture; until it is prepared, as the file says.
    width: Mapped[int]
    height: Mapped[int]
    #: Sizes: {"s": [width, height], "m": …, "l": …}; each exists as .avif and .webp. Empty until it is prepared.
    sizes: Mapped[dict[str, Any]]
    #: When the worker prepares it, or tries again. While one is at it, when that one is taken for dead.
    due_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    refusal: Mapped[str | None]
    #: One of `Withheld`; None: from nobody. Who objected, and what was decided, is in photo_objection.py.
    withheld: Mapped[str | None]

    @hybrid_property
    def is_prepared(self) -> bool:
        """Its files are there; in a query, the condition."""
        return self.due_at is None and self.refusal is None

    @is_prepared.inplace.expression
    @classmethod
    def _is_prepared(cls) -> ColumnElement[bool]:
        return cls.due_at.is_(None) & cls.refusal.is_(None)

    @hybrid_property
    def is_shown(self) -> bool:
        """Its files are there, and colleagues may see them; in a query, the condition."""
        return self.is_prepared and self.withheld != Withheld.ALL

    @is_shown.inplace.expression
    @classmethod
    def _is_shown(cls) -> ColumnElement[bool]:
        return cls.is_prepared & (cls.withheld.is_(None) | (cls.withheld == Withheld.PUBLIC.value))

    @hybrid_property
    def is_for_all(self) -> bool:
        """Its files are there, and nobody in it has objected to their being seen outside; in a query, the condition."""
        return self.is_prepared and self.withheld is None

    @is_for_all.inplace.expression
    @classmethod
    def _is_for_all(cls) -> ColumnElement[bool]:
        return cls.is_prepared & cls.withheld.is_(None)

    @hybrid_property
    def is_waiting(self) -> bool:
        """The worker has not prepared it yet; in a query, the condition."""
        return self.due_at is not None

    @is_waiting.inplace.expression
    @classmethod
    def _is_waiting(cls) -> ColumnElement[bool]:
        return cls.due_at.is_not(None)

    def url(self, size: str, extension: str) -> str:
        return f"/media/{self.key}-{size}.{extension}"

    @property
    def files(self) -> list[str]:
        """The names of all its files in the media store, once it is prepared."""
        return [
            f"{self.key}-{size}.{extension}" for size in ("s", "m", "l") for extension in ("avif", "webp")
        ]

    @property
    def upload(self) -> str:
        """The name of the file as it came, which may tell where it was taken: never served, and deleted as soon as the
        picture is prepared or refused."""
        return f"uploads/{self.key}"


def has_pictures(activity_id: ContributionId) -> ColumnElement[bool]:
    """Condition: pictures of it were taken in, prepared or not."""
    return exists().where(Photo.activity_id == activity_id, Photo.refusal.is_(None))
