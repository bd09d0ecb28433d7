"""An activity as its page shows it, and as the form for its plan begins: rows, since such a page changes none of what
it reads, and objects that can be changed take most of its time. What changes it loads the activity itself (wholes.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from typing import Any, Final, NamedTuple

from sqlalchemy import Row, bindparam, select

from app.extensions import db
from app.models.activity import Activity, Answer, CoOwner, also_value
from app.models.activity_words import ActivityWords
from app.models.contribution import (
    Contribution,
    Removal,
    Withdrawal,
    is_hidden,
    is_visible,
    is_withdrawn,
    takes_part,
)
from app.models.outcome import Outcome, Photo
from app.models.person import NamedPerson, Person
from app.models.programme import Municipality, Value
from app.models.sight import InSight
from app.models.stage import Stage
from app.models.tip import Tip, TipWords
from app.services.activities.visibility import if_seen
from app.services.activities.wholes import ALSO_VALUES, CO_OWNERS, MUNICIPALITIES, PHOTOS, TIPS


class ShownPlace(NamedTuple):
    id: int
    name: str


class ShownCounts(NamedTuple):
    spark_count: int
    hat_count: int
    fika_count: int


class ShownOutcome(NamedTuple):
    carried_out: bool
    rating: int | None
    story: str
    reached: int
    hindrance: str | None


class ShownCoOwner(NamedTuple):
    id: int
    answer: str
    person: NamedPerson

    @property
    def person_id(self) -> int:
        return self.person.id

    @property
    def is_partner(self) -> bool:
        return self.answer == Answer.ACCEPTED


class _Lesson(NamedTuple):
    id: int
    kind_of_tip: str
    text: str
    heeded_count: int
    is_visible: bool


class ShownLesson(TipWords, _Lesson):
    __slots__ = ()


@dataclass(eq=False)
class ShownActivity(ActivityWords, InSight):
    """Its own columns, and then what belongs to it, under the names that an `Activity` has for it."""

    id: int
    owner_id: int
    municipality_id: int
    stage_id: int
    value_id: int
    focus_area_id: int
    title: str
    planned_for: date | None
    starts_at: time | None
    place: str
    audience: str
    success_sign: str
    places: int | None
    changed_at: datetime
    contribution: ShownCounts
    owner: NamedPerson
    outcome: ShownOutcome | None
    removal: Removal | None
    withdrawal: Withdrawal | None
    municipalities: Sequence[ShownPlace]
    #: Of each its `slug`, `mark` and `name`.
    also_values: list[Row[Any]]
    co_owners: Sequence[ShownCoOwner]
    photos: Sequence[Photo]
    tips: Sequence[ShownLesson]

    @property
    def stage(self) -> Stage:
        return db.session.get_one(Stage, self.stage_id)

    def owner_ids(self) -> set[int]:
        """The owner and the partners."""
        return {self.owner_id, *(partner.person_id for partner in self.partners)}


_COLUMNS: Final = (
    Activity.id,
    Activity.owner_id,
    Activity.municipality_id,
    Activity.stage_id,
    Activity.value_id,
    Activity.focus_area_id,
    Activity.title,
    Activity.planned_for,
    Activity.starts_at,
    Activity.place,
    Activity.audience,
    Activity.success_sign,
    Activity.places,
    Activity.changed_at,
)
_NAMES: Final = tuple(column.key for column in _COLUMNS)
#: The columns are in the order in which `_made_of` takes them. Of its lists, and of what hides it, it says only whether
#: there is any: most activities have little of that.
_SHOWN: Final = (
    select(
        *_COLUMNS,
        *(Contribution.spark_count, Contribution.hat_count, Contribution.fika_count),
        *NamedPerson.columns(),
        *(Municipality.id, Municipality.name),
        *(Outcome.carried_out, Outcome.rating, Outcome.story, Outcome.reached, Outcome.hindrance),
        is_hidden(Activity.id),
        is_withdrawn(Activity.id),
        *(its.has_any for its in (MUNICIPALITIES, ALSO_VALUES, CO_OWNERS, PHOTOS, TIPS)),
    )
    .join(Contribution, Contribution.id == Activity.id)
    .join(Person, Person.id == Activity.owner_id)
    .join(Municipality, Municipality.id == Activity.municipality_id)
    .outerjoin(Outcome, Outcome.activity_id == Activity.id)
    .where(Activity.id == bindparam("activity_id"))
)
_PLACES: Final = (
    select(Municipality.id, Municipality.name)
    .join(takes_part, takes_part.c.municipality_id == Municipality.id)
    .where(takes_part.c.contribution_id == bindparam("activity_id"))
    .order_by(Municipality.position)
)
_ALSO_VALUES: Final = (
    select(Value.slug, Value.mark, Value.name)
    .join(also_value, also_value.c.value_id == Value.id)
    .where(also_value.c.activity_id == bindparam("activity_id"))
    .order_by(Value.position)
)
_CO_OWNERS: Final = (
    select(CoOwner.id, CoOwner.answer, *NamedPerson.columns())
    .join(CoOwner.person)
    .where(CoOwner.activity_id == bindparam("activity_id"))
    .order_by(CoOwner.invited_at)
)
_TIPS: Final = (
    select(Tip.id, Tip.kind_of_tip, Tip.text, Tip.heeded_count, is_visible(Tip.id))
    .where(Tip.activity_id == bindparam("activity_id"))
    .order_by(Tip.kind_of_tip.desc())
)
_REMOVAL: Final = select(Removal).where(Removal.contribution_id == bindparam("activity_id"))
_WITHDRAWAL: Final = select(Withdrawal).where(Withdrawal.contribution_id == bindparam("activity_id"))


def shown_activity(activity_id: int, viewer: Person) -> ShownActivity | None:
    """As `visible_activity`: None when the viewer may not see it."""
    return if_seen(whole_shown_activity(activity_id), viewer)


def whole_shown_activity(activity_id: int) -> ShownActivity | None:
    """As `whole_activity`: without asking who sees it."""
    row = db.session.connection().execute(_SHOWN, {"activity_id": activity_id}).one_or_none()
    return _made_of(row) if row else None


def _made_of(row: Row[*tuple[Any, ...]]) -> ShownActivity:
    """Takes the columns one after the other, and asks for the lists that have something in them."""
    number, columns = {"activity_id": row[0]}, iter(row)
    own = dict(zip(_NAMES, columns, strict=False))
    counts, owner = ShownCounts._make(islice(columns, 3)), NamedPerson._make(islice(columns, 4))
    place, outcome = ShownPlace._make(islice(columns, 2)), ShownOutcome._make(islice(columns, 5))
    is_hidden, is_withdrawn, has_places, has_values, has_makers, has_photos, has_tips = columns
    rows = db.session.connection().execute
    return ShownActivity(
        **own,
        contribution=counts,
        owner=owner,
        outcome=outcome if outcome.carried_out is not None else None,
        removal=db.session.scalar(_REMOVAL, number) if is_hidden else None,
        withdrawal=db.session.scalar(_WITHDRAWAL, number) if is_withdrawn else None,
        municipalities=[ShownPlace._make(one) for one in rows(_PLACES, number)] if has_places else [place],
        also_values=list(rows(_ALSO_VALUES, number)) if has_values else [],
        co_owners=list(map(_co_owner, rows(_CO_OWNERS, number))) if has_makers else [],
        photos=[photo for _activity, photo in PHOTOS.query.rows([row[0]])] if has_photos else [],
        tips=[ShownLesson._make(one) for one in rows(_TIPS, number)] if has_tips else [],
    )


def _co_owner(row: Row[*tuple[Any, ...]]) -> ShownCoOwner:
    number, answer, *person = row
    return ShownCoOwner(number, answer, NamedPerson._make(person))
