"""What a card of the queue shows of an activity: rows, since the queue changes none of what it reads, and objects that
can be changed take most of the time of reading them. A decision loads the activity itself (moderated_kinds.py)."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, ClassVar, Final, NamedTuple

from sqlalchemy import Row, ScalarSelect, bindparam, select

from app.extensions import db
from app.models.activity import Activity
from app.models.contribution import (
    ContributionKind,
    Removal,
    is_hidden,
    is_visible,
    path_of,
    takes_part,
)
from app.models.outcome import Outcome, Photo
from app.models.person import NamedPerson, Person
from app.models.programme import Municipality
from app.models.tip import Tip, TipKind
from app.services.activities.shown import ShownPlace
from app.services.activities.wholes import MUNICIPALITIES


class _Outcome(NamedTuple):
    story: str
    permission: str


class _Picture(NamedTuple):
    key: str
    sizes: dict[str, list[int]]
    alt: str
    #: No other is read.
    is_shown: bool = True


class _Lesson(NamedTuple):
    works: bool
    text: str


@dataclass(eq=False)
class ActivityCard:
    """Under the names that an `Activity` has for it. Of its pictures no more than the first that is shown."""

    kind: ClassVar = ContributionKind.ACTIVITY

    id: int
    owner_id: int
    value_id: int
    focus_area_id: int
    title: str
    owner: NamedPerson
    outcome: _Outcome | None
    photos: Sequence[_Picture]
    lessons: Sequence[_Lesson]
    municipalities: Sequence[ShownPlace]
    removal: Removal | None

    @property
    def path(self) -> str:
        """The address of its page."""
        return path_of(ContributionKind.ACTIVITY, self.id)


def _lesson(kind: TipKind) -> ScalarSelect[str]:
    """Of each kind, a report has at most one."""
    tip = select(Tip.text).where(Tip.activity_id == Activity.id, Tip.kind_of_tip == kind.value)
    return tip.where(is_visible(Tip.id)).scalar_subquery()


_COLUMNS: Final = (
    Activity.id,
    Activity.owner_id,
    Activity.value_id,
    Activity.focus_area_id,
    Activity.title,
)
_NAMES: Final = tuple(column.key for column in _COLUMNS)
_FIRST_PHOTO: Final = (
    select(Photo.id)
    .where(Photo.activity_id == Activity.id, Photo.is_shown)
    .order_by(Photo.id)
    .limit(1)
    .correlate(Activity)
    .scalar_subquery()
)
#: The columns are in the order in which `_card` takes them. Most are of one municipality alone, and are not hidden.
_CARDS: Final = (
    select(
        *_COLUMNS,
        *NamedPerson.columns(),
        *(Outcome.story, Outcome.permission),
        *(Photo.key, Photo.sizes, Photo.alt),
        *(Municipality.id, Municipality.name),
        *map(_lesson, (TipKind.SUCCESS, TipKind.PITFALL)),
        *(MUNICIPALITIES.has_any.label("is_joint"), is_hidden(Activity.id).label("is_hidden")),
    )
    .join(Person, Person.id == Activity.owner_id)
    .join(Municipality, Municipality.id == Activity.municipality_id)
    .outerjoin(Outcome, Outcome.activity_id == Activity.id)
    .outerjoin(Photo, Photo.id == _FIRST_PHOTO)
    .where(Activity.id.in_(bindparam("numbers", expanding=True)))
)
_PLACES: Final = (
    select(takes_part.c.contribution_id, Municipality.id, Municipality.name)
    .join(Municipality, Municipality.id == takes_part.c.municipality_id)
    .where(takes_part.c.contribution_id.in_(bindparam("numbers", expanding=True)))
    .order_by(Municipality.position)
)
_REMOVALS: Final = select(Removal).where(Removal.contribution_id.in_(bindparam("numbers", expanding=True)))


def activity_cards(numbers: Collection[int]) -> Iterator[ActivityCard]:
    """Without asking who sees them."""
    rows = db.session.connection().execute(_CARDS, {"numbers": list(numbers)}).all()
    places = _places([row[0] for row in rows if row.is_joint])
    removals = _removals([row[0] for row in rows if row.is_hidden])
    return (_card(row, places.get(row[0]), removals.get(row[0])) for row in rows)


def _card(
    row: Row[*tuple[Any, ...]], places: list[ShownPlace] | None, removal: Removal | None
) -> ActivityCard:
    """Takes the columns one after the other."""
    columns = iter(row)
    own = dict(zip(_NAMES, islice(columns, len(_NAMES)), strict=True))
    owner, outcome = NamedPerson._make(islice(columns, 4)), _Outcome._make(islice(columns, 2))
    photo, place = _Picture(*islice(columns, 3)), ShownPlace._make(islice(columns, 2))
    success, pitfall, *_more = columns
    return ActivityCard(
        **own,
        owner=owner,
        outcome=outcome if outcome.permission is not None else None,
        photos=[photo] if photo.key is not None else [],
        lessons=[_Lesson(works, text) for works, text in ((True, success), (False, pitfall)) if text],
        municipalities=places or [place],
        removal=removal,
    )


def _places(numbers: list[int]) -> dict[int, list[ShownPlace]]:
    by_number: dict[int, list[ShownPlace]] = defaultdict(list)
    if numbers:
        for number, *place in db.session.connection().execute(_PLACES, {"numbers": numbers}):
            by_number[number].append(ShownPlace._make(place))
    return by_number


def _removals(numbers: list[int]) -> dict[int, Removal]:
    if not numbers:
        return {}
    return {one.contribution_id: one for one in db.session.scalars(_REMOVALS, {"numbers": numbers})}
