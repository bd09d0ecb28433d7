"""What each kind of thing says of itself in the index, while everybody may see it: one row a kind."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, bindparam, func, literal, select

from app.extensions import Model, db
from app.models.activity import Activity
from app.models.challenge import Challenge, is_shown_challenge
from app.models.contribution import is_visible, takes_part
from app.models.outcome import Outcome
from app.models.person import Person
from app.models.programme import Municipality
from app.models.search import SearchKind
from app.models.tip import Tip, is_shown


class Texts(NamedTuple):
    """A thing's number, for the people of which municipality alone it is, and all its texts."""

    thing_id: int
    municipality_id: int | None
    texts: list[str]


@dataclass(frozen=True)
class _Kind:
    """`query` reads its number, municipality (or null) and texts of those that everybody may see."""

    model: type[Model]
    query: Callable[[], Select[*tuple[Any, ...]]]


def texts_of(kind: SearchKind, numbers: Collection[int]) -> Iterable[Texts]:
    """Of those things of the kind that can be found by now."""
    rows = db.session.execute(_of_numbers(kind), {"numbers": numbers})
    return [Texts(number, place, _flat(texts)) for number, place, *texts in rows]


@cache
def _of_numbers(kind: SearchKind) -> Select[*tuple[Any, ...]]:
    its = KINDS[kind]
    return its.query().where(_number(its.model).in_(bindparam("numbers", expanding=True)))


def numbers_after(kind: SearchKind, last: int, how_many: int) -> list[int]:
    """The next numbers of that kind, whatever has become of them."""
    number = _number(KINDS[kind].model)
    return list(db.session.scalars(select(number).where(number > last).order_by(number).limit(how_many)))


def _number(model: type[Model]) -> Any:
    return model.id  # type: ignore[attr-defined]  # every kind has it


def _flat(columns: Iterable[Any]) -> list[str]:
    """A column may be a list of texts, or null."""
    lists = (column if isinstance(column, list) else [column] for column in columns)
    return [text for texts in lists for text in texts if text]


def _activities() -> Select[*tuple[Any, ...]]:
    its_places = (
        select(func.aggregate_strings(Municipality.name, " "))
        .join(takes_part, takes_part.c.municipality_id == Municipality.id)
        .where(takes_part.c.contribution_id == Activity.id)
        .correlate(Activity)
        .scalar_subquery()
    )
    plan = (Activity.title, Activity.place, Activity.audience, Activity.success_sign)
    return (
        select(Activity.id, literal(None), *plan, Outcome.story, its_places)
        .outerjoin(Outcome, Outcome.activity_id == Activity.id)
        .where(is_visible(Activity.id))
    )


def _tips() -> Select[*tuple[Any, ...]]:
    place = Municipality.id == Tip.municipality_id
    return (
        select(Tip.id, literal(None), Tip.text, Municipality.name)
        .join(Municipality, place)
        .where(is_shown(Tip))
    )


def _challenges() -> Select[*tuple[Any, ...]]:
    words = (Challenge.title, Challenge.why, Challenge.done_when, Municipality.name)
    return (
        select(Challenge.id, Challenge.municipality_id, *words)
        .outerjoin(Municipality, Municipality.id == Challenge.municipality_id)
        .where(is_shown_challenge())
    )


def _people() -> Select[*tuple[Any, ...]]:
    place = Municipality.id == Person.municipality_id
    columns = (Person.id, literal(None), Person.name, Person.shown_title, Municipality.name)
    return select(*columns).join(Municipality, place).where(Person.is_present)


KINDS: Final = {
    SearchKind.ACTIVITY: _Kind(Activity, _activities),
    SearchKind.TIP: _Kind(Tip, _tips),
    SearchKind.CHALLENGE: _Kind(Challenge, _challenges),
    SearchKind.PERSON: _Kind(Person, _people),
}
