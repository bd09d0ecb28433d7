"""Loading activities with all that a page about one shows.

What an activity has at most one of comes in one query, which also says which of its lists have anything in them. Only
those are asked for: most activities have neither photos nor co-owners, and an empty answer costs as much as a full one.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Row, Select, bindparam, exists, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload, lazyload
from sqlalchemy.orm.attributes import set_committed_value

from app.extensions import db
from app.models.activity import Activity, CoOwner, also_value
from app.models.contribution import Removal, takes_part
from app.models.outcome import Photo
from app.models.person import Person
from app.models.programme import Municipality, Value
from app.models.tip import Tip


class _Query(NamedTuple):
    """A query about activities, for one and for many of them. Most pages are about one, and a list of numbers has to be
    written into its statement each time."""

    of_one: Select[*tuple[Any, ...]]
    of_many: Select[*tuple[Any, ...]]

    @classmethod
    def about(cls, number: Any, query: Select[*tuple[Any, ...]]) -> "_Query":
        """`number` is the column that has the activity's."""
        numbers: BindParameter[Any] = bindparam("activity_ids", expanding=True)
        return cls(query.where(number == bindparam("activity_id")), query.where(number.in_(numbers)))

    def rows(self, numbers: Collection[int]) -> Sequence[Row[*tuple[Any, ...]]]:
        if len(numbers) == 1:
            return db.session.execute(self.of_one, {"activity_id": next(iter(numbers))}).all()
        return db.session.execute(self.of_many, {"activity_ids": list(numbers)}).all()


@dataclass(frozen=True)
class _List:
    """One of an activity's lists. `query` gives rows of an activity's number and a thing in its list, in order."""

    relation: InstrumentedAttribute[Any]
    has_any: ColumnElement[bool]
    query: _Query
    #: What is loaded with each thing.
    options: tuple[Any, ...] = ()
    #: What is in it when `has_any` says no.
    otherwise: Callable[[Activity], list[Any]] = lambda _activity: []

    @property
    def again(self) -> Any:
        """A commit forgets all that was loaded: once its columns have been read again, the list is too, when something
        asks for it."""
        return lazyload(self.relation).options(*self.options)


#: Of a tip, without what was decided about one that is hidden.
WHETHER_VISIBLE: Final = (joinedload(Tip.removal).lazyload(Removal.decision), joinedload(Tip.withdrawal))
MUNICIPALITIES: Final = _List(
    Activity.municipalities,
    exists().where(
        takes_part.c.contribution_id == Activity.id, takes_part.c.municipality_id != Activity.municipality_id
    ),
    _Query.about(
        takes_part.c.contribution_id,
        select(takes_part.c.contribution_id, Municipality)
        .join(Municipality, Municipality.id == takes_part.c.municipality_id)
        .order_by(Municipality.position),
    ),
    # Most are of their owner's alone, which comes with them.
    otherwise=lambda activity: [activity.municipality],
)
CO_OWNERS: Final = _List(
    Activity.co_owners,
    exists().where(CoOwner.activity_id == Activity.id),
    _Query.about(CoOwner.activity_id, select(CoOwner.activity_id, CoOwner).order_by(CoOwner.invited_at)),
)
ALSO_VALUES: Final = _List(
    Activity.also_values,
    exists().where(also_value.c.activity_id == Activity.id),
    _Query.about(
        also_value.c.activity_id,
        select(also_value.c.activity_id, Value)
        .join(Value, Value.id == also_value.c.value_id)
        .order_by(Value.position),
    ),
)
PHOTOS: Final = _List(
    Activity.photos,
    exists().where(Photo.activity_id == Activity.id),
    _Query.about(Photo.activity_id, select(Photo.activity_id, Photo).order_by(Photo.id)),
)
TIPS: Final = _List(
    Activity.tips,
    exists().where(Tip.activity_id == Activity.id),
    _Query.about(
        Tip.activity_id,
        select(Tip.activity_id, Tip).order_by(Tip.kind_of_tip.desc()).options(*WHETHER_VISIBLE),
    ),
    WHETHER_VISIBLE,
)
_LISTS: Final = (
    MUNICIPALITIES,
    ALSO_VALUES,
    CO_OWNERS,
    PHOTOS,
    TIPS,
)
_WHOLE: Final = _Query.about(
    Activity.id,
    select(Activity, *(its.has_any for its in _LISTS)).options(
        joinedload(Activity.contribution, innerjoin=True),
        joinedload(Activity.owner, innerjoin=True),
        joinedload(Activity.municipality, innerjoin=True),
        joinedload(Activity.outcome),
        joinedload(Activity.withdrawal),
        joinedload(Activity.removal),
        *(its.again for its in _LISTS),
    ),
)
_WITH_OWNERS: Final = _Query.about(
    Activity.id,
    select(Activity, CO_OWNERS.has_any).options(joinedload(Activity.removal), CO_OWNERS.again),
)
_WITH_SIGHT: Final = _Query.about(
    Activity.id,
    select(Activity, CO_OWNERS.has_any).options(
        joinedload(Activity.owner, innerjoin=True).load_only(Person.name),
        joinedload(Activity.withdrawal),
        joinedload(Activity.removal),
        CO_OWNERS.again,
    ),
)


def whole_activities(activity_ids: Collection[int]) -> list[Activity]:
    """Those with all their relations, without asking who sees them."""
    return _load_all(_WHOLE, _LISTS, activity_ids)


def activities_with_owners(activity_ids: Collection[int]) -> list[Activity]:
    """Those with no more than their removals and who made them."""
    return _load_all(_WITH_OWNERS, (CO_OWNERS,), activity_ids)


def activities_with_sight(activity_ids: Collection[int]) -> list[Activity]:
    """Those with what says who may see them, and with their owners' names."""
    return _load_all(_WITH_SIGHT, (CO_OWNERS,), activity_ids)


def load_municipalities(activities: Sequence[Activity]) -> None:
    """Of many that have been loaded without them."""
    _load(MUNICIPALITIES, activities, [activity.id for activity in activities])


def _load_all(query: _Query, lists: Sequence[_List], activity_ids: Collection[int]) -> list[Activity]:
    """After each activity, the rows of the query say whether there is anything in each of the lists."""
    rows = query.rows(activity_ids) if activity_ids else ()
    activities = [row[0] for row in rows]
    for position, its in enumerate(lists, start=1):
        _load(its, activities, [row[0].id for row in rows if row[position]])
    return activities


def _load(its: _List, activities: Sequence[Activity], filled: list[int]) -> None:
    """Give each its list, as if it had come with it. One that is there already may have been changed, and stays."""
    things = defaultdict(list)
    if filled:
        for number, thing in its.query.rows(filled):
            things[number].append(thing)
    for activity in activities:
        if its.relation.key not in activity.__dict__:
            set_committed_value(activity, its.relation.key, things[activity.id] or its.otherwise(activity))
