"""A database in which everything that moves points, squares and tips has happened many times, all of it in one stage.

Each activity is made by three people, every tenth is still a plan, and each reported one has taught a lesson; a plan
takes two earlier lessons into account. That is ten entries in the ledger for an activity, and 167 for a person.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import func, insert, literal, select, update

from app import clock
from app.extensions import db
from app.models.activity import Activity
from app.models.challenge import Challenge
from app.models.outcome import Outcome
from app.models.person import Person, Role
from app.models.square import Square
from app.models.stage import Stage, stages
from app.models.undertaking import Undertaking
from app.services.challenges.of_the_file import keep_to_stage
from app.services.points.board import close_board, open_board
from app.services.programme.clock import local_today, midnight, programme_zone
from app.services.upkeep import (
    running_boards,
    running_challenges,
    running_credits,
    running_points,
    running_squares,
    running_stages,
    running_tips,
)
from app.services.upkeep.audit import verify
from bench.database import FilledDatabase, filled
from bench.feed_data import Contents
from bench.scale_history import PORTION, History

#: So long the stage has run, however much has happened in it.
_DAYS = 80
#: The first takes part, the second is in the steering group.
VIEWER, READER = 1, 2
_FIGURES = (
    *running_points.FIGURES,
    *running_boards.FIGURES,
    *running_stages.FIGURES,
    *running_squares.FIGURES,
    *running_challenges.FIGURES,
    *running_tips.FIGURES,
    *running_credits.FIGURES,
)
#: These are right as they are filled in, and would be counted again row by row.
_FILLED_IN = ("cheer_count", "heeded_tip", "challenge_points", "credit", "credit_points")


def fill_with_points(environment: dict[str, str], activities: int) -> FilledDatabase:
    """That many activities, ten entries in the ledger for each, and a person for every sixteen or seventeen."""
    people = activities * 3 // 50
    contents = Contents(activities, people, timedelta(days=_DAYS - 2) / activities)

    def fill() -> None:
        contents.insert()
        _date_stages()
        _sort_people()
        for history in _histories(activities, people):
            history.write()
            db.session.commit()
        _first_of_squares()
        _take_on_challenges()
        _count()

    return filled(environment, fill, person_ids=(VIEWER, READER))


def differences() -> list[Any]:
    """Where a running figure is not what its rows say."""
    return verify(_FIGURES)


def _date_stages() -> None:
    """The current stage began eighty days ago; those before it are over."""
    now, today = clock.now(), local_today(clock.now())
    current = current_stage()
    for column, days in (
        ("measure_on", -_DAYS),
        ("activate_on", 20 - _DAYS),
        ("learn_on", 20),
        ("end_on", 30),
    ):
        setattr(current, column, today + timedelta(days=days))
    db.session.flush()
    keep_to_stage(current, now)
    for stage in stages():
        if stage.number < current.number:
            close_board(stage, midnight(stage.end_on, programme_zone()))
    open_board(current, midnight(current.measure_on, programme_zone()))
    db.session.commit()


def current_stage() -> Stage:
    stage = Stage.current(local_today(clock.now()))
    assert stage is not None
    return stage


def _sort_people() -> None:
    """All have been here since before the stage, and every third is shown among their neighbours."""
    long_ago = clock.now() - timedelta(days=2 * _DAYS)
    db.session.execute(update(Person).values(signed_in_at=long_ago, joined_at=long_ago))
    db.session.execute(update(Person).where(Person.id % 3 == VIEWER).values(ranked=True))
    db.session.execute(update(Person).where(Person.id == READER).values(role=Role.STEERING))
    db.session.commit()


def _histories(activities: int, people: int) -> Iterator[History]:
    first = db.session.scalar(select(func.min(Activity.id))) or 0
    for begin in range(first, first + activities, PORTION):
        yield History(begin, first, activities, people)


def _first_of_squares() -> None:
    key = (Activity.stage_id, Activity.value_id, Activity.focus_area_id)
    earliest = select(*key, literal(0), func.min(Activity.id), func.min(Activity.created_at)).group_by(*key)
    reported = earliest.join(Outcome, Outcome.activity_id == Activity.id)
    columns = ["stage_id", "value_id", "focus_area_id", "carried_out", "first_id", "first_at"]
    db.session.execute(insert(Square).from_select(columns, reported))


def _take_on_challenges() -> None:
    """One activity in ten has taken one of the stage's on, and not ticked yet that it is done."""
    challenges = db.session.scalars(select(Challenge).where(Challenge.stage_id == current_stage().id)).all()
    for turn, challenge in enumerate(challenges):
        columns = {
            "activity_id": Activity.id,
            "challenge_id": literal(challenge.id),
            "at": Activity.created_at,
            "points": literal(challenge.points),
            "kind_of_challenge": literal(challenge.kind_of_challenge),
            "done_when": literal(challenge.done_when, Undertaking.done_when.type),
            "needs_photo": literal(challenge.needs_photo),
            "needs_approval": literal(challenge.needs_approval),
            "closes_on": literal(challenge.closes_on),
            "ticked": literal([], Undertaking.ticked.type),
        }
        its_turn = Activity.id % (10 * len(challenges)) == 10 * turn
        query = select(*columns.values()).where(its_turn)
        db.session.execute(insert(Undertaking).from_select(list(columns), query))


def _count() -> None:
    """The running figures, by the same functions that mend them; several figures may have one."""
    to_be_counted = [figure.rebuild for figure in _FIGURES if not figure.name[0].startswith(_FILLED_IN)]
    for rebuild in dict.fromkeys(to_be_counted):
        rebuild()
        db.session.commit()
