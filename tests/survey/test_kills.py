"""A process that is killed for real while somebody answers, and while it closes."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from flask import Flask

from app.config import Settings
from app.extensions import db
from app.gateways.survey_keys import SurveyKeys
from app.models.person import Person
from app.models.survey import Survey
from app.services.survey.tending import tend
from tests.factories import make_person
from tests.survey.crashes import box
from tests.survey_makers import AFTERWARDS, answer_as, make_survey, people_answer

pytestmark = pytest.mark.slow

_ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "survey"


@pytest.fixture
def person_id(live: Flask, keys: SurveyKeys) -> Iterator[int]:
    """Somebody who has not answered the survey that 15 have answered."""
    with live.app_context():
        people_answer(make_survey(keys), bjuv=7, klippan=8)
        person_id = make_person().id
        db.session.commit()
        db.session.remove()
        yield person_id


def _killed(app: Flask, step: str, number: int, directory: Path, person_id: int) -> bool:
    """Whether it was killed before it came through."""
    settings: Settings = app.config["SETTINGS"]
    env = os.environ | {
        "ELDSJAL_DEV": "1",
        "DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url,
        "SECRET_KEY": settings.secret_key,
        "PERSON": str(person_id),
    }
    command = [sys.executable, "-m", "tests.killed", step, str(number), str(directory)]
    code = subprocess.run(command, cwd=_ROOT, env=env, check=False).returncode
    assert code in {0, -signal.SIGKILL}
    return code != 0


@pytest.mark.parametrize("number", [3, 5])
def test_killed_while_answering(live: Flask, directory: Path, person_id: int, number: int) -> None:
    """Before the ballot is in, and before the commit."""
    was_killed = _killed(live, "answer", number, directory, person_id)
    assert box() == ((15, 15) if was_killed else (16, 16))
    survey, person = Survey.of_stage(2), db.session.get_one(Person, person_id)
    assert survey
    assert answer_as(survey, person) == was_killed
    db.session.commit()
    assert box() == (16, 16)


@pytest.mark.parametrize("number", [7, 12])
def test_killed_while_closing(
    live: Flask, keys: SurveyKeys, directory: Path, person_id: int, number: int
) -> None:
    assert _killed(live, "close", number, directory, person_id)
    survey = Survey.of_stage(2)
    assert survey
    assert box() == ((0, 0) if survey.closed_at else (15, 15))
    again = partial(tend, keys, AFTERWARDS, commit=db.session.commit)
    db.session.rollback()
    again()
    again()
    db.session.refresh(survey)
    assert box() == (0, 0)
    assert keys.released(2) == survey.snapshot
    assert not keys.has_secrets(2)
