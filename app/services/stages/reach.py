"""Whom a step of the playbook reaches today, and about what: one function for each `Reach`."""

from collections.abc import Callable, Iterator
from typing import Final

from sqlalchemy import select

from app.extensions import db
from app.models.person import Person
from app.models.programme import municipalities
from app.services.notifications.playbook import Reach
from app.services.points.standings import standings
from app.services.stages import coming_days, idle, plan_days
from app.services.stages.decisions import decisions_for
from app.services.stages.looking import Call, Looking
from app.services.stages.quiet import doing_by_municipality


def calls(looking: Looking) -> Iterator[list[Call]]:
    """Portion by portion: what has been done by then may be committed between two of them."""
    return _FINDERS[looking.step.reach](looking)


def _all(looking: Looking) -> Iterator[list[Call]]:
    for people in looking.people():
        yield [Call(people)]


def _ranked(looking: Looking) -> Iterator[list[Call]]:
    for row in standings(looking.stage.id):
        if row.rank and row.points:
            standing = {"place": row.name, "rank": row.rank, "score": round(row.score, 1)}
            for people in looking.people(Person.municipality_id == row.municipality_id):
                yield [Call(people, parameters=standing)]


def _unranked(looking: Looking) -> Iterator[list[Call]]:
    unranked = [row.municipality_id for row in standings(looking.stage.id) if not (row.rank and row.points)]
    for people in looking.people(Person.municipality_id.in_(unranked)):
        yield [Call(people)]


def _watch(looking: Looking) -> Iterator[list[Call]]:
    """Each coordinator for themself: what waits is not the same for two."""
    week = "{}-W{:02}".format(*looking.today.isocalendar())
    places = {place.id: place.name for place in municipalities()}
    doing = doing_by_municipality(looking.stage.id)
    for numbers in looking.people():
        coordinators = db.session.scalars(select(Person).where(Person.id.in_(numbers))).all()
        yield [
            Call(
                [person.id],
                about=week,
                parameters={
                    "place": places[person.municipality_id],
                    "quiet": here.quiet if (here := doing.get(person.municipality_id)) else None,
                    "waiting": sum(decisions_for(person) or ()),
                },
            )
            for person in coordinators
        ]


def _elsewhere(_looking: Looking) -> Iterator[list[Call]]:
    return iter(())


_FINDERS: Final[dict[Reach, Callable[[Looking], Iterator[list[Call]]]]] = {
    Reach.ALL: _all,
    Reach.RANKED: _ranked,
    Reach.UNRANKED: _unranked,
    Reach.IDLE_CHALLENGE: idle.with_challenges,
    Reach.IDLE_IDEA: idle.with_ideas,
    Reach.IDLE_SQUARE: idle.with_squares,
    Reach.WITH_OPEN_PLANS: plan_days.with_open_plans,
    Reach.EVE: plan_days.eve,
    Reach.EVE_OF_OTHERS: coming_days.eve,
    Reach.DAY_AFTER: plan_days.day_after,
    Reach.WATCH: _watch,
    Reach.ELSEWHERE: _elsewhere,
}
