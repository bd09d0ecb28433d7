"""Closing a survey of 30,000 ballots, and the large sweep of the proofs that it is anonymous."""

import resource
import secrets
import tempfile
import time
from collections.abc import Iterator
from itertools import combinations_with_replacement
from pathlib import Path
from random import Random
from typing import Final

from sqlalchemy import func, insert, select

from app import create_app
from app.config import Settings
from app.extensions import Model, db
from app.gateways.survey_keys import SurveyKeys
from app.models.person import Person
from app.models.survey import Ballot, Sentiment, Survey, SurveyParticipation
from app.services.survey.ballot import Answers, Association, sealed
from app.services.survey.closing import close
from bench.database import databases
from bench.targets import at_most
from tests.factories import NOW, load_small_programme
from tests.survey.proofs.patterns import PLACES, Pattern, all_alike, leaks, with_some_left_out
from tests.survey.proofs.test_worlds import what_is_told, with_several
from tests.survey.proofs.test_worlds_of_words import ONE_WORD, told_by_words
from tests.survey_makers import AFTERWARDS, STATEMENTS, make_survey

_BALLOTS, _PORTION = 30_000, 2000
_WORDS: Final = [f"Ord {number}" for number in range(400)]


def run(*, quick: bool = False, postgresql: bool = False) -> bool:
    """With `quick` a tenth of the ballots, and of the patterns."""
    ballots = _BALLOTS // 10 if quick else _BALLOTS
    outcomes = [_close(ballots, postgresql=postgresql)]
    if not postgresql:
        outcomes += [_sweep_patterns(quick=quick), *([] if quick else [_sweep_worlds()])]
    return all(outcomes)


def _close(ballots: int, *, postgresql: bool) -> bool:
    print(f"survey: closing {ballots:,} ballots on {'PostgreSQL' if postgresql else 'SQLite'}")
    with databases(postgresql=postgresql) as new, tempfile.TemporaryDirectory() as folder:
        keys = SurveyKeys(Path(folder))
        with create_app(Settings.from_env(new("survey"))).app_context():
            survey = _filled(keys, ballots)
            before, begin = _peak(), time.monotonic()
            close(survey, keys, AFTERWARDS, commit=db.session.commit)
            seconds, grown = time.monotonic() - begin, _peak() - before
            left = db.session.scalar(select(func.count()).select_from(Ballot)) or 0
            db.session.remove()
            db.engine.dispose()
    return all(
        [
            at_most("seconds", seconds, 60),
            at_most("MB more at its peak", grown, 400),
            at_most("ballots left", left, 0),
        ]
    )


def _filled(keys: SurveyKeys, ballots: int) -> Survey:
    """Written past the services, which would take an hour."""
    Model.metadata.create_all(db.engine)
    load_small_programme()
    survey, random = make_survey(keys), Random(1)
    for start in range(0, ballots, _PORTION):
        people = [_person(number) for number in range(start, min(start + _PORTION, ballots))]
        ids = db.session.scalars(insert(Person).returning(Person.id), people).all()
        participations = [{"stage_id": survey.stage_id, "person_id": person_id} for person_id in ids]
        db.session.execute(insert(SurveyParticipation), participations)
        db.session.execute(insert(Ballot), [_row(survey, random) for _ in ids])
        db.session.commit()
    return survey


def _person(number: int) -> dict[str, object]:
    return {
        "email": f"p{number}@bjuv.se",
        "name": f"Person {number}",
        "municipality_id": 1 + number % 3,
        "role": "participant",
        "joined_at": NOW,
    }


def _row(survey: Survey, random: Random) -> dict[str, object]:
    words = tuple(Association(random.choice(_WORDS), random.choice(list(Sentiment))) for _ in range(3))
    marks = tuple(random.randint(1, 5) for _ in STATEMENTS)
    answers = Answers(random.randint(1, 3), words, marks)
    ballot = sealed(answers, survey.public_key, survey.stage.number)
    return {"stage_id": survey.stage_id, "key": secrets.token_bytes(16), "sealed": ballot}


def _peak() -> float:
    """The most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _sweep_patterns(*, quick: bool) -> bool:
    """Every way in which eleven municipalities can have up to eight answers each, and some with groups left out."""
    begin, number, found = time.monotonic(), 0, 0
    for pattern in _patterns(quick=quick):
        number += 1
        found += bool(leaks(pattern))
    print(f"survey: {number:,} patterns of answers, all unions, {time.monotonic() - begin:.0f} s")
    return at_most("patterns of which something too small can be computed", found, 0)


def _patterns(*, quick: bool) -> Iterator[Pattern]:
    counts = (0, 1, 5, 6, 7) if quick else range(9)
    yield from map(all_alike, combinations_with_replacement(counts, PLACES))
    yield from with_some_left_out(1000 if quick else 20_000, seed=2)


def _sweep_worlds() -> bool:
    """Six people and three statements, any of them left out; thirty people and a word each, with any feeling."""
    begin = time.monotonic()
    of_marks, marks_number = what_is_told(with_several(6, 3, (1, 2, 3, 4, 5, None)))
    of_words, words_number = told_by_words(30, ONE_WORD)
    print(f"survey: {marks_number + words_number:,} small worlds, {time.monotonic() - begin:.0f} s")
    return at_most("things told of anybody", len(of_marks) + len(of_words), 0)
