"""A backup of the database is put back: from before a survey was opened, from while it was open, from before its end.

The backup holds no key and no copy of what was released; these are beside the database, and as they are.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select

from app.extensions import Model, db
from app.gateways.survey_keys import SurveyKeys
from app.models.notification import Delivery, Mail, Notification
from app.models.person import Person
from app.models.survey import Ballot, Survey, SurveyParticipation
from app.services.survey.closing import blank
from app.services.survey.opening import open_survey
from app.services.survey.tending import tend
from tests.factories import make_person, stage
from tests.survey.crashes import box
from tests.survey_makers import (
    AFTERWARDS,
    ENDS_ON,
    MEASURING,
    answer_as,
    ask_statements,
    close_now,
    make_survey,
    people_answer,
)

_TABLES: list[type[Model]] = [Survey, Ballot, SurveyParticipation, Notification, Delivery, Mail]
_Backup = list[tuple[type[Model], list[Any]]]


@pytest.fixture
def app(live: Flask) -> Iterator[Flask]:
    with live.app_context():
        yield live


def _tend(keys: SurveyKeys) -> None:
    tend(keys, AFTERWARDS, commit=db.session.commit)


def _backup() -> _Backup:
    """The rows of everything that a survey writes."""
    db.session.commit()
    return [
        (model, [row._asdict() for row in db.session.execute(select(*model.__table__.columns))])
        for model in _TABLES
    ]


def _restore(backup: _Backup) -> None:
    db.session.expunge_all()
    for model, _rows in reversed(backup):
        db.session.execute(delete(model))
    for model, rows in backup:
        if rows:
            db.session.execute(insert(model.__table__), rows)  # type: ignore[arg-type]
    db.session.commit()


def _survey() -> Survey:
    db.session.expire_all()
    survey = Survey.of_stage(2)
    assert survey
    return survey


def _answered(keys: SurveyKeys) -> Survey:
    survey = make_survey(keys)
    people_answer(survey, bjuv=7, klippan=8, helsingborg=20)
    db.session.commit()
    return survey


def test_from_before_the_closing_it_stays_closed(app: Flask, keys: SurveyKeys) -> None:
    survey = _answered(keys)
    backup = _backup()
    released = close_now(survey, keys).snapshot
    _restore(backup)
    assert box() == (35, 35)
    _tend(keys)
    assert (_survey().snapshot, box()) == (released, (0, 0))
    assert keys.released(2) == released
    _tend(keys)
    assert _survey().snapshot == released


def test_from_before_the_opening_it_stays_closed_too(app: Flask, keys: SurveyKeys) -> None:
    ask_statements()
    backup = _backup()
    released = close_now(_answered(keys), keys).snapshot
    _restore(backup)
    assert Survey.of_stage(2) is None
    assert open_survey(stage(), ENDS_ON, keys, MEASURING) is None
    _tend(keys)
    assert _survey().snapshot == released
    assert _survey().closed_at


def test_from_while_it_was_open_both_are_as_they_were_then(app: Flask, keys: SurveyKeys) -> None:
    """Whoever answered later is asked again, and can."""
    survey = make_survey(keys)
    people_answer(survey, bjuv=7, klippan=8)
    backup = _backup()
    later = make_person(place="helsingborg").id
    answer_as(survey, db.session.get_one(Person, later))
    db.session.commit()
    assert box() == (16, 16)
    _restore(backup)
    assert box() == (15, 15)
    assert not SurveyParticipation.exists_for(_survey().stage_id, later)
    assert answer_as(_survey(), db.session.get_one(Person, later))
    _tend(keys)
    assert sum(cell["n"] for cell in (_survey().snapshot or {})["cells"]) in {0, 16}


def test_from_after_the_closing_nothing_happens(app: Flask, keys: SurveyKeys) -> None:
    released = close_now(_answered(keys), keys).snapshot
    backup = _backup()
    _restore(backup)
    _tend(keys)
    assert _survey().snapshot == keys.released(2) == released


def test_a_word_that_was_blanked_since_stays_blanked(app: Flask, keys: SurveyKeys) -> None:
    survey = close_now(_answered(keys), keys)
    backup = _backup()
    assert blank(survey, "Gemenskap")
    _tend(keys)
    _restore(backup)
    assert "Gemenskap" in {one["word"] for one in (_survey().snapshot or {})["words"]}
    _tend(keys)
    assert "Gemenskap" not in {one["word"] for one in (_survey().snapshot or {})["words"]}


@pytest.mark.sqlite
def test_the_whole_file_of_before_the_closing(app: Flask, keys: SurveyKeys, tmp_path: Path) -> None:
    survey = _answered(keys)
    db.session.connection().exec_driver_sql("SELECT 1")
    db.session.commit()
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(tmp_path / "live.db", tmp_path / "backup.db")
    released = close_now(survey, keys).snapshot
    db.session.remove()
    db.engine.dispose()
    for file in tmp_path.glob("live.db*"):
        file.unlink()
    shutil.copy(tmp_path / "backup.db", tmp_path / "live.db")
    assert _survey().closed_at is None
    _tend(keys)
    assert (_survey().snapshot, box()) == (released, (0, 0))
