"""Who could have planned something for a week and has not, with a suggestion that fits."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, exists, select

from app.extensions import db
from app.models.activity import Activity
from app.models.best_practice import BestPractice
from app.models.board import StageParticipant
from app.models.challenge import Challenge
from app.models.contribution import is_visible
from app.models.outcome import Outcome, is_carried_out
from app.models.person import Person
from app.models.programme import focus_areas, municipalities, values
from app.models.stage import Phase
from app.services.activities.ideas import GOOD
from app.services.challenges.fitting import open_candidates
from app.services.challenges.matching import readers_by_challenge
from app.services.programme.clock import midnight, programme_zone
from app.services.stages.looking import Call, Looking
from app.services.sums.squares import squares_of

_WEEK: Final = timedelta(days=7)
#: With fewer days left to act, nobody is asked to begin.
_TIME_ENOUGH: Final = timedelta(days=4)
#: So many of the latest that went well are looked through for each municipality's suggestion.
_LOOKED_THROUGH: Final = 200


def with_challenges(looking: Looking) -> Iterator[list[Call]]:
    candidates = open_candidates(looking.stage.id, looking.today)
    lively = set(_lively(looking))
    for people in _idle(looking):
        readers = readers_by_challenge(people, candidates, lively)
        titles = select(Challenge.id, Challenge.title).where(Challenge.id.in_(list(readers)))
        yield [
            Call(readers[number], parts={"id": number}, parameters=_naming(number, title))
            for number, title in db.session.execute(titles)
        ]


def with_ideas(looking: Looking) -> Iterator[list[Call]]:
    ideas = _latest_good_ideas()
    if not ideas:
        return
    places = {place.id: place.name for place in municipalities()}
    for people in _idle(looking):
        neighbours: dict[int, list[int]] = defaultdict(list)
        for person_id, municipality_id in people.items():
            neighbours[municipality_id].append(person_id)
        yield [
            _about_idea(idea, places[idea.municipality_id], person_ids)
            for municipality_id, person_ids in neighbours.items()
            for idea in [_nearest(ideas, municipality_id)]
        ]


def with_squares(looking: Looking) -> Iterator[list[Call]]:
    """A person's square is always the same while it is empty, and not everybody's is the same."""
    lively = _lively(looking)
    empty = [
        (value, area)
        for value in values()
        for area in focus_areas()
        if (value.id, area.id) not in lively
    ]  # fmt: skip
    if not empty:
        return
    for people in _idle(looking):
        sharers: dict[int, list[int]] = defaultdict(list)
        for person_id in people:
            sharers[person_id % len(empty)].append(person_id)
        yield [
            Call(
                person_ids,
                parts={"value": empty[number][0].slug, "area": empty[number][1].slug},
                parameters={"value": empty[number][0].name, "area": empty[number][1].name},
            )
            for number, person_ids in sharers.items()
        ]


def is_idle(stage_id: int, today: date) -> ColumnElement[bool]:
    """Condition: the person could have planned something in that stage for a week, and has not."""
    return ~has_begun(stage_id) & (
        Person.joined_at < midnight(today - _WEEK + timedelta(days=1), programme_zone())
    )


def has_begun(stage_id: int) -> ColumnElement[bool]:
    """Condition: the person has planned something in that stage, or does something with somebody."""
    return exists().where(StageParticipant.stage_id == stage_id, StageParticipant.person_id == Person.id)


def _idle(looking: Looking) -> Iterator[dict[int, int]]:
    """Municipality by person, portion by portion."""
    stage, today = looking.stage, looking.today
    if today < stage.activate_on + _WEEK or today > stage.begins(Phase.LEARN) - _TIME_ENOUGH:
        return
    for numbers in looking.people(is_idle(stage.id, today)):
        rows = db.session.execute(select(Person.id, Person.municipality_id).where(Person.id.in_(numbers)))
        yield dict(rows.all())


def _lively(looking: Looking) -> set[tuple[int, int]]:
    return {square for square, count in squares_of(looking.stage.id).items() if count}


def _naming(contribution_id: int, title: str) -> dict[str, Any]:
    return {"contribution_id": contribution_id, "title": title}


def _latest_good_ideas() -> list[Any]:
    is_good = (Outcome.rating >= GOOD) | BestPractice.contribution_id.is_not(None)
    latest = (
        select(Activity.id, Activity.title, Activity.municipality_id, Activity.owner_id, Person.name)
        .join(Outcome, Outcome.activity_id == Activity.id)
        .join(Person, Person.id == Activity.owner_id)
        .outerjoin(BestPractice, BestPractice.contribution_id == Activity.id)
        .where(is_carried_out(Activity.id), is_visible(Activity.id), is_good)
        .order_by(Activity.id.desc())
        .limit(_LOOKED_THROUGH)
    )
    return list(db.session.execute(latest))


def _nearest(ideas: list[Any], municipality_id: int) -> Any:
    """The latest of the person's own municipality; if it has none, the latest of all."""
    return next((idea for idea in ideas if idea.municipality_id == municipality_id), ideas[0])


def _about_idea(idea: Any, place: str, person_ids: list[int]) -> Call:
    others = [person_id for person_id in person_ids if person_id != idea.owner_id]
    parameters = _naming(idea.id, idea.title) | {"author": idea.name, "place": place}
    return Call(others, parts={"id": idea.id}, parameters=parameters)
