"""Moderation: what people flag, what coordinators decide, and the log that the decisions are."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Table,
    UniqueConstraint,
    exists,
    select,
    text,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from app.extensions import Model, db
from app.models.checks import one_of
from app.models.contribution import Contribution, ContributionId, Removal
from app.models.person import Person


class Verdict(StrEnum):
    """What was decided: about flags (keep, ask the author to change it, hide), an answer (restore, uphold), or to
    decide again (reopen), or about what nobody has seen (publish). `WITHHOLD` and `RELEASE` are about one of its
    pictures, to which somebody in it objects; `KEEP_WITHHELD` upholds the former. `MERGE`: it is the same as another
    (app/models/double.py). Two are the rules' own: `SET_ASIDE`, so many have flagged it that it rests until somebody
    looks; `CHECK`, the programme wants it looked at before it is published."""

    KEEP = "keep"
    ASK = "ask"
    HIDE = "hide"
    RESTORE = "restore"
    UPHOLD = "uphold"
    REOPEN = "reopen"
    SET_ASIDE = "set_aside"
    WITHHOLD = "withhold"
    RELEASE = "release"
    KEEP_WITHHELD = "keep_withheld"
    MERGE = "merge"
    CHECK = "check"
    PUBLISH = "publish"


#: While one of these is in force, it is out of sight, but its authors keep their points.
RESTING = (Verdict.ASK, Verdict.SET_ASIDE, Verdict.CHECK)
#: These are about a picture of it, and leave the thing itself as it is.
ABOUT_PICTURES = (Verdict.WITHHOLD, Verdict.RELEASE, Verdict.KEEP_WITHHELD)

#: Why something is flagged or hidden, the gravest first, which is the order in which the queue has them: somebody in a
#: picture objects, too much is told of somebody, it hurts, it is not true, it advertises, the rest.
#: app/services/notifications/flag_reasons.py words each of them.
FLAG_REASONS = ("consent", "personal_data", "tone", "wrong", "spam", "off_topic", "other")


class Flag(Model):
    """Somebody asked the coordinators to look at something. Open until a decision settles it; a person has at most one
    open flag on a contribution."""

    __tablename__ = "flag"
    __table_args__ = (
        Index(
            "uq_flag_open",
            "contribution_id",
            "by_id",
            unique=True,
            sqlite_where=text("decision_id is null"),
            postgresql_where=text("decision_id is null"),
        ),
        one_of("reason", FLAG_REASONS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contribution_id: Mapped[int] = mapped_column(
        ForeignKey("contribution.id", ondelete="CASCADE"), index=True
    )
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    reason: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"), index=True)

    by: Mapped[Person] = relationship(lazy="raise_on_sql")

    @hybrid_property
    def is_open(self) -> bool:
        """No decision has settled it; in a query, the condition."""
        return self.decision_id is None

    @is_open.inplace.expression
    @classmethod
    def _is_open(cls) -> ColumnElement[bool]:
        return cls.decision_id.is_(None)


#: In whose log a decision is listed: the municipalities that took part in the contribution when it was decided.
decided_in = Table(
    "decision_municipality",
    Model.metadata,
    Column("municipality_id", ForeignKey("municipality.id"), primary_key=True),
    Column("decision_id", ForeignKey("decision.id", ondelete="CASCADE"), primary_key=True),
    Index("ix_decision_municipality_decision_id", "decision_id"),
)


class Decision(Model):
    """What a moderator decided and why. All of them together are the log."""

    __tablename__ = "decision"
    __table_args__ = (
        one_of("verdict", Verdict),
        CheckConstraint(
            "(by_id is null) = (verdict in ('set_aside', 'check')) or verdict = 'publish'", name="by_somebody"
        ),
        CheckConstraint(
            "photo_id is null or verdict in ('withhold', 'release', 'keep_withheld')", name="about_picture"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contribution_id: Mapped[int] = mapped_column(
        ForeignKey("contribution.id", ondelete="CASCADE"), index=True
    )
    #: None: by a rule of the programme.
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    verdict: Mapped[str]
    #: One of FLAG_REASONS when it is taken out of sight, else empty.
    reason: Mapped[str] = mapped_column(default="")
    #: What the moderator wrote to the author.
    text: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    #: The decision by which it rested until this one.
    after_rest_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))
    #: Until when its author may read but not write, if it says so.
    limits_until: Mapped[datetime | None]
    #: The picture that it is about, of those of ABOUT_PICTURES; None once that has been removed.
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("photo.id", ondelete="SET NULL"), index=True)

    contribution: Mapped[Contribution] = relationship(lazy="raise_on_sql")
    by: Mapped[Person | None] = relationship(lazy="raise_on_sql")

    @hybrid_property
    def is_about_picture(self) -> bool:
        """It leaves the thing itself as it is; in a query, the condition."""
        return self.verdict in ABOUT_PICTURES

    @is_about_picture.inplace.expression
    @classmethod
    def _is_about_picture(cls) -> ColumnElement[bool]:
        return cls.verdict.in_(ABOUT_PICTURES)

    @property
    def rests(self) -> bool:
        """It takes the thing out of sight, and its points stay."""
        return self.verdict in RESTING

    @property
    def waits(self) -> bool:
        """Nobody has looked yet, and it is not published before."""
        return self.verdict == Verdict.CHECK


class Appeal(Model):
    """The author's answer to a decision that took it, or a picture of it, out of sight: one for each, open until
    somebody decides about it. Either it should stand as it is, or it has been changed and is sent again."""

    __tablename__ = "appeal"
    __table_args__ = (
        UniqueConstraint("decision_id"),
        Index(
            "ix_appeal_open",
            "contribution_id",
            sqlite_where=text("settled_by_id is null"),
            postgresql_where=text("settled_by_id is null"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contribution_id: Mapped[int] = mapped_column(
        ForeignKey("contribution.id", ondelete="CASCADE"), index=True
    )
    #: The decision that it answers.
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: The author has changed the thing and sends it again; then there may be no text.
    is_changed: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str]
    at: Mapped[datetime]
    #: The decision that settled it: restored or upheld, or the same of a picture.
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))

    by: Mapped[Person] = relationship(lazy="raise_on_sql")
    decision: Mapped[Decision] = relationship(lazy="raise_on_sql", foreign_keys=[decision_id])
    settled_by: Mapped[Decision | None] = relationship(lazy="raise_on_sql", foreign_keys=[settled_by_id])

    @hybrid_property
    def is_open(self) -> bool:
        """Nobody has looked again; in a query, the condition."""
        return self.settled_by_id is None

    @is_open.inplace.expression
    @classmethod
    def _is_open(cls) -> ColumnElement[bool]:
        return cls.settled_by_id.is_(None)


def is_open_flag(contribution_id: ContributionId) -> ColumnElement[bool]:
    """Condition: a flag of that contribution which no decision has settled."""
    return (Flag.contribution_id == contribution_id) & Flag.is_open


def is_open_appeal(decision_id: int) -> ColumnElement[bool]:
    """Condition: an answer to that decision which nobody has decided about."""
    return (Appeal.decision_id == decision_id) & Appeal.is_open


def is_flagged(contribution_id: int) -> bool:
    """Whether it has a flag that no decision has settled."""
    return bool(db.session.scalar(select(exists().where(is_open_flag(contribution_id)))))


def removal_of(contribution_id: int) -> Removal | None:
    """Why it is hidden; None when it is not."""
    return db.session.scalar(select(Removal).where(Removal.contribution_id == contribution_id))


def last_decision(contribution_id: int) -> Decision | None:
    """About the thing itself, with who made it."""
    about = (Decision.contribution_id == contribution_id, ~Decision.is_about_picture)
    newest = select(Decision).where(*about).order_by(Decision.id.desc())
    newest = newest.options(joinedload(Decision.by))
    return db.session.scalar(newest.limit(1))


def decision_that_hides(contribution_id: int) -> Decision | None:
    """The one in force, with who made it; None when it is not hidden."""
    to_removal = Removal.decision_id == Decision.id
    query = select(Decision).join(Removal, to_removal).where(Removal.contribution_id == contribution_id)
    return db.session.scalar(query.options(joinedload(Decision.by)))


def appeal_of(contribution_id: int) -> Appeal | None:
    """The author's answer to the decision that hides it now."""
    to_removal = Removal.decision_id == Appeal.decision_id
    answer = select(Appeal).join(Removal, to_removal).where(Removal.contribution_id == contribution_id)
    return db.session.scalar(answer)
