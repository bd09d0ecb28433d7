"""What follows from each activity of a large database, written by the database itself from the activities' own rows:
who was in on it, what it taught, which earlier lessons it took into account, and what all of that earned."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Label,
    Select,
    String,
    case,
    cast,
    delete,
    insert,
    literal,
    select,
    true,
    union_all,
    update,
)

from app.extensions import Model, db
from app.models.activity import Activity, Answer, CoOwner, also_value
from app.models.contribution import Cheer, CheerKind, Contribution, ContributionKind, takes_part
from app.models.credit import Credit, CreditReason
from app.models.feed import FeedItem, FeedScope
from app.models.ledger import PointEntry
from app.models.outcome import Outcome
from app.models.person import Person
from app.models.programme import values
from app.models.tip import HeededTip, Tip, TipKind, has_helped, is_evidence

PORTION: Final = 10_000
#: The lessons that everybody knows, among which each plan chooses one; the other is from half the way back.
_WELL_KNOWN: Final = 997
_FOR_A_PLAN, _FOR_A_REPORT, _FOR_A_LESSON, _FOR_BEING_HEEDED = 10, 30, 10, 5


@dataclass(frozen=True)
class History:
    """Of at most `PORTION` activities in the order in which they were planned, beginning with `begin`."""

    begin: int
    #: The number of the first of all, how many there are, and how many people.
    first: int
    activities: int
    people: int

    def write(self) -> None:
        """Each step reads what those before it have written."""
        self._leave_some_unreported()
        self._live_another_value()
        self._do_it_together()
        self._teach()
        self._take_into_account()
        self._spark()
        self._earn()

    def _is_here(self, number: Any, apart: int = 0) -> ColumnElement[bool]:
        """Condition: it is the number of one of these activities, or that far from it."""
        last = min(self.begin + PORTION, self.first + self.activities) - 1
        return number.between(self.begin + apart, last + apart)  # type: ignore[no-any-return]

    @property
    def _place(self) -> ColumnElement[int]:
        return Activity.id - self.first

    def _leave_some_unreported(self) -> None:
        plans = select(Activity.id).where(self._is_here(Activity.id), self._place % 10 == 0)
        for number in (Outcome.activity_id, FeedScope.item_id, FeedItem.contribution_id):
            _run(delete(number.class_).where(number.in_(plans)))

    def _live_another_value(self) -> None:
        another = (Activity.value_id % len(values()) + 1).label("value_id")
        query = select(Activity.id.label("activity_id"), another)
        _insert(also_value.name, query.where(self._is_here(Activity.id), self._place % 4 == 0))

    def _do_it_together(self) -> None:
        """Two partners, half of all people apart from each other, so that neither is the owner or the other."""
        half = self.people // 2
        for apart in (0, half):
            steps = self._place * 31 % (half - 1) + 1 + apart
            query = select(
                Activity.id.label("activity_id"),
                ((Activity.owner_id - 1 + steps) % self.people + 1).label("person_id"),
                Activity.owner_id.label("invited_by_id"),
                Activity.created_at.label("invited_at"),
                literal(Answer.ACCEPTED.value).label("answer"),
                Activity.created_at.label("answered_at"),
            )
            _insert(CoOwner.__tablename__, query.where(self._is_here(Activity.id)))

    def _teach(self) -> None:
        """A lesson has its activity's number and that of all activities."""
        number = Activity.id + self.activities
        reported = select().join_from(Activity, Outcome, Outcome.activity_id == Activity.id)
        reported = reported.where(self._is_here(Activity.id))
        kind = literal(ContributionKind.TIP.value).label("kind")
        its_row = reported.add_columns(number.label("id"), kind, Activity.owner_id)
        _insert(Contribution.__tablename__, its_row)
        place = reported.add_columns(number.label("contribution_id"), Activity.municipality_id)
        _insert(takes_part.name, place)
        kind = case((self._place % 3 == 0, TipKind.PITFALL.value), else_=TipKind.SUCCESS.value).label("kind")
        text = (Activity.title + ". Ring i god tid.").label("text")
        words = reported.add_columns(number.label("id"), Activity.owner_id, kind, text, Outcome.at)
        whereabouts = (Activity.municipality_id, Activity.focus_area_id, Activity.value_id)
        _insert(Tip.__tablename__, words.add_columns(*whereabouts, Activity.id.label("activity_id")))

    def _take_into_account(self) -> None:
        """Two lessons of earlier activities, where these taught any."""
        half_way, well_known = self._place // 2, self._place % _WELL_KNOWN
        self._heed(half_way, true())
        self._heed(well_known, well_known != half_way)
        here = self._is_here(HeededTip.activity_id)
        helped = is_evidence() & has_helped()
        _run(update(HeededTip).values(is_counted=is_evidence(), is_counted_as_help=helped).where(here))
        credit = select(
            HeededTip.activity_id,
            Tip.id.label("contribution_id"),
            Tip.owner_id.label("person_id"),
            Tip.municipality_id,
            literal(CreditReason.HEEDED.value).label("reason"),
            literal(_FOR_BEING_HEEDED).label("points"),
            HeededTip.at,
            true().label("is_given"),
        ).join(Tip, Tip.id == HeededTip.tip_id)
        _insert(Credit.__tablename__, credit.where(here, HeededTip.is_counted))

    def _heed(self, earlier: ColumnElement[int], if_so: ColumnElement[bool]) -> None:
        """The lesson of the activity in that place."""
        query = (
            select(
                Activity.id.label("activity_id"),
                Tip.id.label("tip_id"),
                Activity.owner_id.label("person_id"),
                Activity.created_at.label("at"),
                Outcome.carried_out.label("helped"),
            )
            .join(Tip, Tip.id == earlier + (self.first + self.activities))
            .outerjoin(Outcome, Outcome.activity_id == Activity.id)
        )
        _insert(
            HeededTip.__tablename__,
            query.where(self._is_here(Activity.id), if_so, Tip.activity_id < Activity.id),
        )

    def _spark(self) -> None:
        """One for each activity and each lesson."""
        for apart in (0, self.activities):
            here = self._is_here(Contribution.id, apart)
            giver = (Contribution.id % self.people + 1).label("person_id")
            spark = select(Contribution.id.label("contribution_id"), giver, Activity.created_at.label("at"))
            spark = spark.add_columns(literal(CheerKind.SPARK.value).label("kind"))
            _insert(
                Cheer.__tablename__, spark.join(Activity, Activity.id == Contribution.id - apart).where(here)
            )
            _run(update(Contribution).values(cheer_count=1).where(here))

    def _earn(self) -> None:
        """Everybody who made it earns alike."""
        makers = self._makers().subquery().c
        earned = (
            select(makers.person_id, makers.municipality_id, Activity.stage_id)
            .add_columns(Activity.id.label("contribution_id"), _source("activity:", Activity.id))
            .join(Activity, Activity.id == makers.activity_id)
        )
        reported = earned.join(Outcome, Outcome.activity_id == Activity.id)
        taught = earned.join(Tip, Tip.activity_id == Activity.id)
        _give(earned, literal("plan"), _FOR_A_PLAN, Activity.created_at)
        _give(reported, literal("report"), _FOR_A_REPORT, Outcome.at)
        _give(taught, Tip.kind_of_tip, _FOR_A_LESSON, Tip.at)
        heeded = (
            select(Credit.person_id, Credit.municipality_id, Activity.stage_id, Credit.contribution_id)
            .add_columns(_source("tip:", Credit.contribution_id, ":", Credit.activity_id))
            .join(Activity, Activity.id == Credit.activity_id)
            .where(self._is_here(Credit.activity_id))
        )
        _give(heeded, Credit.reason, _FOR_BEING_HEEDED, Credit.at)

    def _makers(self) -> CompoundSelect[*tuple[Any, ...]]:
        """Activity, person, and where that person's points for it count: a partner's where the partner belongs."""
        owners = select(Activity.id.label("activity_id"), Activity.owner_id.label("person_id"))
        partners = select(CoOwner.activity_id, CoOwner.person_id, Person.municipality_id)
        return union_all(
            owners.add_columns(Activity.municipality_id).where(self._is_here(Activity.id)),
            partners.join(Person, Person.id == CoOwner.person_id).where(self._is_here(CoOwner.activity_id)),
        )


def _source(*parts: Any) -> Label[str]:
    """What an entry is for, from texts and numbers."""
    text: Any = literal("")
    for part in parts:
        text = text + (part if isinstance(part, str) else cast(part, String))
    return cast(text, String).label("source")


def _give(query: Select[*tuple[Any, ...]], reason: Any, points: int, at: Any) -> None:
    its = (reason.label("reason"), literal(points).label("points"), at.label("at"))
    _insert(PointEntry.__tablename__, query.add_columns(*its))


def _insert(table: str, query: Select[*tuple[Any, ...]]) -> None:
    """Into the columns that the query's are called."""
    names = [column.name for column in query.selected_columns]
    _run(insert(Model.metadata.tables[table]).from_select(names, query))


def _run(statement: Any) -> None:
    db.session.execute(statement, execution_options={"synchronize_session": False})
