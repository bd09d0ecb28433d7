"""Tells people of a new challenge that fits them: the best one, and at most one a week."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Final

import structlog
from sqlalchemy import select

from app.extensions import db
from app.models.challenge import Challenge
from app.models.notification import Kind
from app.models.person import Person, Role
from app.models.savepoint import succeeds
from app.models.stage import Phase, Stage
from app.services.challenges.fitting import Candidate, open_candidates
from app.services.challenges.matching import readers_by_challenge
from app.services.challenges.overview import NEWS
from app.services.delivery.isolation import together_or_apart
from app.services.notifications.notify import notify
from app.services.programme.clock import local_today
from app.services.sums.squares import squares_of

#: People at a time: their numbers stand in a statement, and SQLite takes 32,766 of them.
_PORTION: Final = 5000

log = structlog.get_logger()


def tell_of_new_challenges(now: datetime) -> bool:
    """Tell each participant who is here of the best new challenge that fits them; called again in the same week, only
    those who were not told. A few statements for each five thousand people. Whoever cannot be told keeps it from nobody
    else. False when it failed for some thousands at once, so that it is to be done again."""
    today = local_today(now)
    stage = Stage.current(today)
    if stage is None or stage.phase(today) == Phase.ENDED:
        return True
    # Not today's: it may be opened after people have been told, and each day belongs to one week's telling alone.
    new = [one for one in open_candidates(stage.id, today) if today - NEWS <= one.opens_on < today]
    if not new:
        return True
    lively = {square for square, count in squares_of(stage.id).items() if count}
    outcomes = [
        succeeds(
            partial(_tell_portion, people, new, lively, now),
            failing="some people could not be told of a new challenge; it is tried again within the hour",
            first=min(people),
        )
        for people in _portions()
    ]
    return all(outcomes)


def _portions() -> Iterator[dict[int, int]]:
    """Municipality by person, five thousand at a time."""
    last = 0
    while True:
        here = select(Person.id, Person.municipality_id).where(Person.is_present, Person.id > last)
        participants = here.where(Person.role == Role.PARTICIPANT).order_by(Person.id).limit(_PORTION)
        people = dict(db.session.execute(participants).all())
        if not people:
            return
        yield people
        last = max(people)


def _tell_portion(
    people: dict[int, int], new: list[Candidate], lively: set[tuple[int, int]], now: datetime
) -> None:
    readers = readers_by_challenge(people, new, lively)
    numbers = select(Challenge).where(Challenge.id.in_(list(readers)))
    for challenge in db.session.scalars(numbers).all():
        together_or_apart(
            readers[challenge.id], partial(_tell, challenge, now), partial(_blame, challenge.id)
        )


def _tell(challenge: Challenge, now: datetime, person_ids: Sequence[int]) -> list[None]:
    year, week, _day = local_today(now).isocalendar()
    about = {"event": "new", "contribution_id": challenge.id, "title": challenge.title}
    key = f"challenge:new:{year}-W{week:02}"
    notify(person_ids, Kind.CHALLENGE, key=key, url=challenge.path, parameters=about, now=now)
    return []


def _blame(challenge_id: int, person_id: int, _error: Exception) -> None:
    log.exception("somebody could not be told of a challenge", person=person_id, challenge=challenge_id)
