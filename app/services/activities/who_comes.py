"""Who comes along to an activity, and what a person comes along to."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import BindParameter, Date, bindparam, case, distinct, func, select, tuple_

from app.extensions import db
from app.models.activity import Activity
from app.models.coming import Coming, takes_along
from app.models.paging import Page, page_of_prepared, prepared_page_of_rows
from app.models.person import Person
from app.services.activities.lists import BEFORE_ALL, SOMEDAY
from app.services.activities.shown import ShownActivity

#: So many are drawn; of more, the last one drawn is the number of the rest.
_MOST_DRAWN: Final = 16
#: Afterwards a row is enough.
_DRAWN_AFTERWARDS: Final = 8

_ACTIVITY: Final[BindParameter[Any]] = bindparam("activity_id")
_OF_VIEWER: Final = Coming.person_id == bindparam("viewer_id")
_SUMS: Final = (
    select(
        func.count(Coming.let_in_at).label("number"),
        (func.count() - func.count(Coming.let_in_at)).label("waiting"),
        func.count(distinct(case((Coming.is_let_in, Person.municipality_id)))).label("municipalities"),
        func.max(case((_OF_VIEWER & Coming.is_let_in, Coming.id))).label("mine_let_in"),
        func.max(case((_OF_VIEWER & ~Coming.is_let_in, Coming.id))).label("mine_waiting"),
    )
    .join(Person, Person.id == Coming.person_id)
    .where(Coming.activity_id == _ACTIVITY, Person.is_present)
)
_UP_TO_MINE: Final = select(func.count()).where(
    Coming.activity_id == _ACTIVITY, ~Coming.is_let_in, Coming.id <= bindparam("mine")
)
_THEY: Final = (
    select(
        Coming.id,
        Person.id.label("person_id"),
        Person.name,
        Person.shown_title.label("title"),
        Person.municipality_id,
    )
    .join(Person, Person.id == Coming.person_id)
    .where(Coming.activity_id == _ACTIVITY, Coming.is_let_in, Coming.id > bindparam("last"))
    .where(Person.is_present)
    .order_by(Coming.id)
    .limit(bindparam("size"))
)
_DAY: Final = func.coalesce(Activity.planned_for, SOMEDAY)
_ALONG: Final = (
    select(Activity, Coming.is_let_in.label("is_let_in"))
    .join(Coming, Coming.activity_id == Activity.id)
    .where(Coming.person_id == bindparam("person_id"), takes_along(bindparam("today", type_=Date)))
    .where(tuple_(_DAY, Activity.id) > tuple_(bindparam("day", type_=Date), _ACTIVITY))
    .order_by(_DAY, Activity.id)
    .limit(bindparam("size"))
)


class OneWhoComes(NamedTuple):
    """A row of the list; `id` is its place in it."""

    id: int
    person_id: int
    name: str
    title: str
    municipality_id: int

    @property
    def first_name(self) -> str:
        return self.name.split()[0]


@dataclass(frozen=True)
class WhoComes:
    """What the page of an activity shows of them to one of its readers."""

    count: int
    waiting: int
    municipalities: int
    #: None where there is no limit.
    places: int | None
    is_viewer_in: bool
    #: 1 is first; 0: not in it.
    place_in_queue: int
    #: Others than the viewer, first come first.
    drawn: list[OneWhoComes]

    @property
    def left(self) -> int | None:
        return None if self.places is None else max(self.places - self.count, 0)

    @property
    def is_full(self) -> bool:
        return self.left == 0

    @property
    def seats_free(self) -> int:
        """How many free places are drawn: all, or none where they would be too many."""
        return self.left or 0 if (self.places or 0) <= _MOST_DRAWN else 0

    @property
    def rest(self) -> int:
        """How many come who are not drawn."""
        return self.count - self.is_viewer_in - len(self.drawn)


def who_comes(activity: Activity | ShownActivity, viewer: Person) -> WhoComes:
    """At most three queries, however many come."""
    asked = {"activity_id": activity.id, "viewer_id": viewer.id}
    sums = db.session.connection().execute(_SUMS, asked).one()
    is_in = sums.mine_let_in is not None
    most = _DRAWN_AFTERWARDS if activity.outcome else _MOST_DRAWN
    return WhoComes(
        count=sums.number,
        waiting=sums.waiting,
        municipalities=sums.municipalities,
        places=activity.places,
        is_viewer_in=is_in,
        place_in_queue=_place_in_queue(activity.id, sums.mine_waiting),
        drawn=_drawn(activity.id, viewer.id, most if sums.number <= most else most - 1, is_in)
        if sums.number
        else [],
    )


def those_who_come(activity_id: int, last: int | None = None) -> Page[OneWhoComes]:
    """All who have a place, first come first; `last` is the `id` of the last one seen."""
    rows = page_of_prepared(_THEY, {"activity_id": activity_id, "last": last or 0})
    return Page([OneWhoComes(*row) for row in rows.items], rows.has_more)


def comes_along_to(person: Person, today: date, last: tuple[date, int] | None = None) -> Page[Any]:
    """Rows of an activity that is still to come, and whether the person has a place there; the next day first. `last`
    is the day (SOMEDAY for none) and the id of the last one seen."""
    day, activity_id = last or BEFORE_ALL
    place = {"day": day, "activity_id": activity_id}
    return prepared_page_of_rows(_ALONG, {"person_id": person.id, "today": today, **place})


def _place_in_queue(activity_id: int, mine: int | None) -> int:
    if mine is None:
        return 0
    return db.session.connection().scalar(_UP_TO_MINE, {"activity_id": activity_id, "mine": mine}) or 0


def _drawn(activity_id: int, viewer_id: int, most: int, is_viewer_in: bool) -> list[OneWhoComes]:
    rows = db.session.connection().execute(_THEY, {"activity_id": activity_id, "last": 0, "size": most})
    others = [OneWhoComes(*row) for row in rows if row.person_id != viewer_id]
    return others[: most - is_viewer_in]
