"""Engagemangsmätning: a stage's survey, its box of sealed ballots, and who has answered.

Why it looks like this: docs/product.md, "The measurement's anonymity".
"""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final, TypedDict

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    LargeBinary,
    String,
    bindparam,
    cast,
    exists,
    literal,
    select,
    update,
)
from sqlalchemy.orm import Mapped, contains_eager, defer, lazyload, mapped_column, relationship

from app.extensions import Model, db
from app.models.programme import LocalText
from app.models.stage import Stage


class Group(StrEnum):
    """The groups of statements, each of which makes an index, in the order in which they are asked and shown."""

    ENGAGEMENT = "engagement"
    UNDERSTANDING = "understanding"
    USE = "use"


class Sentiment(StrEnum):
    """What whoever wrote a word feels about it."""

    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"


class Statement(TypedDict):
    """A statement that is answered with 1 (not at all) to 5 (entirely)."""

    slug: str
    group: str
    text: LocalText


ANSWERS: Final = range(1, 6)
MOST_WORDS: Final = 3
#: More than a dozen do not fit into ninety seconds; more than this do not fit into a ballot.
MOST_STATEMENTS: Final = 20


class Survey(Model):
    """The survey of a stage. People answer it until `ends_on`; then its words are read by a lead, and it is closed."""

    __tablename__ = "survey"
    __table_args__ = (
        CheckConstraint("(closed_at is null) = (snapshot is null)", name="closed_with_snapshot"),
        CheckConstraint("answered_fives >= 0", name="answered_fives"),
        CheckConstraint("(reviewed_at is null) = (reviewed_by_id is null)", name="reviewed_by_somebody"),
        CheckConstraint("(moved_at is null) = (moved_by_id is null)", name="moved_by_somebody"),
    )

    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"), primary_key=True, autoincrement=False)
    #: As they were when it was opened: a later programme file changes them for the next survey.
    statements: Mapped[list[Statement]] = mapped_column(JSON)
    #: Raw X25519; the private one is a file (app/gateways/survey_keys.py).
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    opened_at: Mapped[datetime]
    #: The first day on which it can no longer be answered.
    ends_on: Mapped[date]
    #: Who has moved the end last, and when.
    moved_at: Mapped[datetime | None]
    moved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: While the private key is not where it should be, nobody can answer: it could not be read.
    key_missing_since: Mapped[datetime | None]
    #: How many times five people have answered, as of last night. Nothing more exact is kept or shown.
    answered_fives: Mapped[int] = mapped_column(default=0)
    #: When its words were given to the leads, who have a week to read them.
    words_given_on: Mapped[date | None]
    #: When a lead had read its words, so that it may be closed.
    reviewed_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None]
    #: What may be shown of it, and nothing else (services/survey/release.py). Written once; then a word may be blanked.
    #: Read only where something asks for it.
    snapshot: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), deferred=True)

    stage: Mapped[Stage] = relationship(lazy="joined", innerjoin=True)

    def is_open(self, today: date) -> bool:
        """Whether its days for answering are not over. It may still be paused."""
        return self.closed_at is None and today < self.ends_on

    @property
    def last_day(self) -> date:
        """On which it can be answered."""
        return self.ends_on - timedelta(days=1)

    @property
    def answered_about(self) -> int:
        """At least so many people have answered. In fives, so that nobody can watch a colleague answer."""
        return 5 * self.answered_fives

    @property
    def is_paused(self) -> bool:
        return self.key_missing_since is not None

    @classmethod
    def of_stage(cls, number: int) -> "Survey | None":
        return db.session.scalar(_OF_STAGE, {"number": number})

    @classmethod
    def dates_of(cls, stage: Stage) -> "Survey | None":
        """That of the stage, without what is asked and what is released: for telling where it stands."""
        return db.session.scalar(_DATES, {"stage_id": stage.id})

    @classmethod
    def latest(cls) -> "Survey | None":
        """That of the last stage that has one."""
        return db.session.scalar(_LATEST)

    @classmethod
    def open_on(cls, today: date) -> "Survey | None":
        """The one that can be answered on that day of the programme's calendar, or would be if it were not paused."""
        return db.session.scalar(_LATEST_OPEN, {"today": today})


_WITH_STAGE: Final = select(Survey).join(Survey.stage).options(contains_eager(Survey.stage))
_OF_STAGE: Final = _WITH_STAGE.where(Stage.number == bindparam("number"))
#: Options of a query that asks where surveys stand, and not what they ask.
DATES_ALONE: Final = (defer(Survey.statements), lazyload(Survey.stage))
_DATES: Final = select(Survey).where(Survey.stage_id == bindparam("stage_id")).options(*DATES_ALONE)
_LATEST: Final = _WITH_STAGE.order_by(Stage.number.desc()).limit(1)
_LATEST_OPEN: Final = _LATEST.where(Survey.closed_at.is_(None), Survey.ends_on > bindparam("today"))


class Ballot(Model):
    """One person's answers, sealed to the key of the survey. Nothing here says whose, or when.

    The key is random, and SQLite keeps the table in its order, not in that of arrival; what PostgreSQL keeps of that
    goes every night (services/survey/box.py).
    """

    __tablename__ = "ballot"
    __table_args__ = ({"sqlite_with_rowid": False},)

    stage_id: Mapped[int] = mapped_column(ForeignKey("survey.stage_id"), primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class SurveyParticipation(Model):
    """Somebody has answered. Without a date: the date would say which ballot. Gone when the survey is closed."""

    __tablename__ = "survey_participation"
    __table_args__ = ({"sqlite_with_rowid": False},)

    stage_id: Mapped[int] = mapped_column(ForeignKey("survey.stage_id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)

    @classmethod
    def exists_for(cls, stage_id: int, person_id: int) -> bool:
        """For the person alone, and for their own reminder. Nobody else is ever told."""
        who = {"stage_id": stage_id, "person_id": person_id}
        return db.session.connection().scalar(_PARTICIPATION, who) is not None


_PARTICIPATION: Final = select(SurveyParticipation.person_id).where(
    SurveyParticipation.stage_id == bindparam("stage_id"),
    SurveyParticipation.person_id == bindparam("person_id"),
)


def reminder_keys(stage_number: int) -> str:
    """What the keys of reminders to answer that survey begin with."""
    return f"survey:{stage_number}:reminder:"


def is_answered_reminder(key: Any, person_id: Any) -> ColumnElement[bool]:
    """Whether what is told to that person under that key asks them for what they have answered. For their own reminder
    only."""
    reminders = literal("survey:") + cast(Stage.number, String) + ":reminder:"
    return (
        exists()
        .where(SurveyParticipation.person_id == person_id)
        .where(Stage.id == SurveyParticipation.stage_id, key.startswith(reminders))
    )


def wait_for_turn(stage_id: int) -> Survey | None:
    """The survey, up to date, with all others waiting who would answer or close it, until this transaction ends.

    An update that changes nothing does it, because SQLite has no `SELECT … FOR UPDATE`.
    """
    unchanged = update(Survey).where(Survey.stage_id == stage_id).values(ends_on=Survey.ends_on)
    db.session.execute(unchanged, execution_options={"synchronize_session": False})
    return db.session.get(Survey, stage_id, populate_existing=True)
