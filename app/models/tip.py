"""Tips: "Det funkade" and "Fälla", lessons for peers; and which of them a plan takes into account."""

import re
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    and_,
    exists,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model
from app.models.activity import Activity, has_made
from app.models.checks import one_of
from app.models.contribution import Contribution, ContributionKind, is_visible, path_of
from app.models.outcome import is_carried_out
from app.models.person import Person
from app.models.programme import FocusArea, Municipality, Value
from app.models.sight import InSight, OwnedByOne

if TYPE_CHECKING:
    from app.models.contribution import Removal, Withdrawal

#: A first sentence of so many characters is a heading; a longer one is text like the rest.
_LONGEST_HEADING = 80
_END_OF_SENTENCE = re.compile(r"(?<=[.!?])\s|\n")


class TipKind(StrEnum):
    """ "Det funkade" or "Fälla"."""

    SUCCESS = "success"
    PITFALL = "pitfall"


class Author(NamedTuple):
    """Of a tip, as far as it takes to name them."""

    id: int
    name: str
    left_at: datetime | None


class _Told(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def kind_of_tip(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def heading(self) -> str: ...


class TipWords:
    """How a tip is worded, read from its columns."""

    @property
    def works(self: _Told) -> bool:
        """Whether it says what worked; else it is a trap to avoid."""
        return self.kind_of_tip == TipKind.SUCCESS

    @property
    def heading(self: _Told) -> str:
        """Its first sentence without the full stop, or nothing when that is too long for a heading."""
        first = _first_sentence(self.text)
        return first.removesuffix(".") if len(first) <= _LONGEST_HEADING else ""

    @property
    def rest(self: _Told) -> str:
        """The text after the heading."""
        return self.text[len(_first_sentence(self.text)) :].strip() if self.heading else self.text

    @property
    def title(self: _Told) -> str:
        """What messages call it."""
        return title_of(self.text)

    @property
    def path(self: _Told) -> str:
        """The address of its page."""
        return path_of(ContributionKind.TIP, self.id)


class Tip(TipWords, InSight, OwnedByOne, Model):
    """A lesson for peers: one that a report has, or one that stands alone. Its evidence is counted with it."""

    __tablename__ = "tip"
    __table_args__ = (
        ForeignKeyConstraint(
            ["id", "owner_id"], ["contribution.id", "contribution.owner_id"], ondelete="CASCADE"
        ),
        UniqueConstraint("activity_id", "kind"),
        UniqueConstraint("owner_id", "request_key"),
        one_of("kind", TipKind),
        CheckConstraint("length(text) > 0", name="text"),
        CheckConstraint("helped_count between 0 and heeded_count", name="counts"),
        Index("ix_tip_rank", "rank", "id"),
        Index("ix_tip_focus_area_id_rank", "focus_area_id", "rank", "id"),
        Index("ix_tip_value_id_rank", "value_id", "rank", "id"),
        Index("ix_tip_focus_area_id_value_id_rank", "focus_area_id", "value_id", "rank", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: The author's when it was written; its coordinators moderate it, and its points count there.
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))
    focus_area_id: Mapped[int] = mapped_column(ForeignKey("focus_area.id"))
    value_id: Mapped[int] = mapped_column(ForeignKey("value.id"))
    kind_of_tip: Mapped[str] = mapped_column("kind")
    text: Mapped[str]
    at: Mapped[datetime]
    #: The activity whose report taught it; None: it stands alone.
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"))
    #: Made by the form; the same key again is the same tip (PRODUCT: A retry never posts twice). None in a report.
    request_key: Mapped[str | None]
    #: How many plans are evidence for it (`is_evidence`), and in how many of them it helped.
    heeded_count: Mapped[int] = mapped_column(default=0)
    helped_count: Mapped[int] = mapped_column(default=0)
    #: Its place in lists, best first: app/services/sums/rank.py.
    rank: Mapped[int] = mapped_column(default=0)

    contribution: Mapped[Contribution] = relationship(
        lazy="raise_on_sql", primaryjoin="foreign(Tip.id) == Contribution.id"
    )
    owner: Mapped[Person] = relationship(lazy="raise_on_sql")
    #: The parts of the programme are not loaded with it: pages name them by their numbers, from the catalogue.
    municipality: Mapped[Municipality] = relationship()
    focus_area: Mapped[FocusArea] = relationship()
    value: Mapped[Value] = relationship()
    activity: Mapped[Activity | None] = relationship(back_populates="tips", lazy="raise_on_sql")
    withdrawal: Mapped["Withdrawal | None"] = relationship(
        lazy="raise_on_sql", primaryjoin="Tip.id == foreign(Withdrawal.contribution_id)", viewonly=True
    )
    removal: Mapped["Removal | None"] = relationship(
        lazy="raise_on_sql", primaryjoin="Tip.id == foreign(Removal.contribution_id)", viewonly=True
    )

    kind: ClassVar = ContributionKind.TIP

    def __init__(self, **columns: Any) -> None:
        """A new tip creates its contribution too."""
        super().__init__(**columns)
        self.contribution = Contribution(kind=self.kind.value, cheer_count=0)
        self.contribution.owner_id = self.owner_id or self.owner.id


def title_of(text: str) -> str:
    """A tip's title, from its text: the first sentence, or as much as a line takes."""
    first = _first_sentence(text)
    if len(first) <= _LONGEST_HEADING:
        return first.removesuffix(".") or first
    return first[:_LONGEST_HEADING].rsplit(None, 1)[0] + " …"


def _first_sentence(text: str) -> str:
    end = _END_OF_SENTENCE.search(text)
    return text[: end.start()] if end else text


def is_shown(tip: type[Tip]) -> ColumnElement[bool]:
    """Condition: everybody who is signed in may see it. A lesson of a report follows its activity."""
    return is_visible(tip.id) & is_visible(tip.activity_id)


class HeededTip(Model):
    """ "Jag tar hänsyn till det": a plan takes that tip into account, and perhaps says whether it helped."""

    __tablename__ = "heeded_tip"
    __table_args__ = (
        CheckConstraint("is_counted or not is_counted_as_help", name="help_is_counted"),
        Index("ix_heeded_tip_tip_id_at", "tip_id", "at"),
    )

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), primary_key=True)
    tip_id: Mapped[int] = mapped_column(ForeignKey("tip.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    #: The answer to "Did it help?" in the report; None before it, and without one.
    helped: Mapped[bool | None]
    #: Whether the tip's evidence counts it, and counts it as help; written by app/services/sums alone.
    is_counted: Mapped[bool] = mapped_column(default=False)
    is_counted_as_help: Mapped[bool] = mapped_column(default=False)

    tip: Mapped[Tip] = relationship(lazy="raise_on_sql")


def is_evidence() -> ColumnElement[bool]:
    """Condition: the plan that takes the tip into account is visible, and the tip's author is none of its makers."""
    its_author = exists().where(Tip.id == HeededTip.tip_id, has_made(Tip.owner_id, HeededTip.activity_id))
    return is_visible(HeededTip.activity_id) & ~its_author.correlate_except(Tip)


def has_helped() -> ColumnElement[bool]:
    """Condition, about the row of `HeededTip` that the query reads: the report says that the tip helped. What came to
    nothing can show neither, whatever an earlier report said."""
    carried_out = is_carried_out(HeededTip.activity_id).correlate(HeededTip)
    return and_(HeededTip.helped.is_(True), carried_out)
