"""Lärdomar: what a stage taught, chosen by coordinators from the tips that people wrote, for the next one."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, UniqueConstraint, text, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model, db
from app.models.checks import one_of
from app.models.person import Person
from app.models.stage import Stage
from app.models.tip import Tip, TipKind, is_shown

#: So many of each kind are published at most.
MOST_CHOSEN = 5
LONGEST_LESSON_HEADING, LONGEST_LESSON, LONGEST_CHANGE = 80, 600, 300


class Ground(StrEnum):
    """Why the draft proposes it: its evidence, or the outcome of the activity that taught it."""

    HELPFUL = "helpful"
    OUTCOME = "outcome"


class LessonSet(Model):
    """The lessons of a stage as a whole: a draft until they are published, once. Whoever changes any of them makes
    others wait at this row."""

    __tablename__ = "lesson_set"
    __table_args__ = (
        CheckConstraint("(published_at is null) = (published_by_id is null)", name="published_by_somebody"),
        CheckConstraint("told_at is null or published_at is not null", name="told_after_publishing"),
    )

    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"), primary_key=True, autoincrement=False)
    drafted_at: Mapped[datetime]
    #: When the choice or its order was last changed; a page that shows an older one may not change it.
    changed_at: Mapped[datetime]
    #: Who changed that; None: it is as the tool drafted it.
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: When everybody had been told that they are published.
    told_at: Mapped[datetime | None]

    stage: Mapped[Stage] = relationship()


class _Lesson(Protocol):
    @property
    def tip(self) -> Any: ...
    @property
    def edited_heading(self) -> str | None: ...
    @property
    def edited_text(self) -> str | None: ...


class LessonWords:
    """What pages say of a lesson: of the lesson itself, and of a row of it. As of its tip, but for the edited words."""

    @property
    def works(self: _Lesson) -> bool:
        return bool(self.tip.works)

    @property
    def is_edited(self: _Lesson) -> bool:
        return self.edited_heading is not None

    @property
    def heading(self: _Lesson) -> str:
        return self.edited_heading or str(self.tip.title)

    @property
    def rest(self: _Lesson) -> str:
        """The text below the heading."""
        return self.edited_text if self.edited_text is not None else str(self.tip.rest)

    @property
    def owner(self: _Lesson) -> Any:
        return self.tip.owner

    @property
    def municipality_id(self: _Lesson) -> int:
        return int(self.tip.municipality_id)

    @property
    def heeded_count(self: _Lesson) -> int:
        return int(self.tip.heeded_count)

    @property
    def helped_count(self: _Lesson) -> int:
        return int(self.tip.helped_count)


class StageLesson(LessonWords, Model):
    """A lesson: a tip, in its author's words as long as nobody has edited them. It is shown while its tip is."""

    __tablename__ = "stage_lesson"
    __table_args__ = (
        UniqueConstraint("stage_id", "tip_id"),
        UniqueConstraint("stage_id", "kind", "place"),
        one_of("kind", TipKind),
        one_of("ground", Ground),
        CheckConstraint("place > 0", name="place"),
        CheckConstraint("(edited_heading is null) = (edited_text is null)", name="edited_as_a_whole"),
        CheckConstraint("length(edited_heading) > 0", name="edited_heading"),
        Index("ix_stage_lesson_tip_id", "tip_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    stage_id: Mapped[int] = mapped_column(ForeignKey("lesson_set.stage_id"))
    #: Its tip's, which never changes.
    kind_of_tip: Mapped[str] = mapped_column("kind")
    tip_id: Mapped[int] = mapped_column(ForeignKey("tip.id", ondelete="CASCADE"))
    ground: Mapped[str]
    #: Its number among those that are published; None: it is next in line, in the order of the draft.
    place: Mapped[int | None]
    #: None: the tip's own, as it reads by now.
    edited_heading: Mapped[str | None]
    edited_text: Mapped[str | None]
    #: What changes in the next stage.
    change: Mapped[str] = mapped_column(default="")
    changed_at: Mapped[datetime]
    #: Who wrote the words or the change; None: nobody but the tip's author.
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    tip: Mapped[Tip] = relationship(lazy="raise_on_sql")
    changed_by: Mapped[Person | None] = relationship(lazy="raise_on_sql")


class AcceptedGap(Model):
    """A lead has made a challenge of an empty square of that stage's quilt: once for each square and municipality."""

    __tablename__ = "accepted_gap"
    __table_args__ = (
        UniqueConstraint("stage_id", "value_id", "focus_area_id", "municipality_id"),
        Index(
            "uq_accepted_gap_for_all",
            "stage_id",
            "value_id",
            "focus_area_id",
            unique=True,
            sqlite_where=text("municipality_id is null"),
            postgresql_where=text("municipality_id is null"),
        ),
        UniqueConstraint("challenge_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The stage that left it empty; the challenge belongs to a later one.
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"))
    value_id: Mapped[int] = mapped_column(ForeignKey("value.id"))
    focus_area_id: Mapped[int] = mapped_column(ForeignKey("focus_area.id"))
    #: None: it is empty in all of them.
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"))
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


def is_chosen_lesson() -> ColumnElement[bool]:
    """Condition, about a query that joins the tip: it is among those that are published, or would be, and it is shown.
    What is hidden is left out here and nowhere deleted, so it comes back with its tip."""
    return StageLesson.place.is_not(None) & is_shown(Tip)


def wait_for_lessons(stage_id: int) -> LessonSet | None:
    """Make others who would change the lessons of that stage wait, and read the set as it is by now; None when there is
    no draft yet."""
    unchanged = (
        update(LessonSet).where(LessonSet.stage_id == stage_id).values(drafted_at=LessonSet.drafted_at)
    )
    db.session.execute(unchanged, execution_options={"synchronize_session": False})
    return db.session.get(LessonSet, stage_id, populate_existing=True)
