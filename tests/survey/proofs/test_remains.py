"""What is left in the files of the database, in its rows and in the log: while a survey can be answered no word that
can be read, and after it was closed no ballot, no word that fewer than five wrote, nobody's participation and no key.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text
from structlog.testing import capture_logs

from app.extensions import Model, db
from app.gateways.survey_keys import SurveyKeys
from app.models.survey import Ballot, Survey
from app.services.survey.tending import remind, tend, tend_nightly
from tests.factories import make_person
from tests.survey.crashes import box
from tests.survey_makers import AFTERWARDS, MEASURING, answer_as, make_survey

_RARE, _NAME = "Sällsyntord", "Hemligtnamn"


@pytest.fixture
def survey(live: Flask, keys: SurveyKeys) -> Iterator[Survey]:
    """Forty answered: all wrote one word, four another, one a name; three have not answered, and were reminded."""
    with live.app_context():
        survey = make_survey(keys)
        for number in range(40):
            words = [("Gemenskap", "positive")]
            words += [(_RARE, "negative")] if number < 4 else [(_NAME, "neutral")] if number == 4 else []
            answer_as(survey, make_person(place=("bjuv", "klippan", "helsingborg")[number % 3]), words=words)
            db.session.commit()
        for _ in range(3):
            make_person()
        remind(MEASURING.replace(day=18), commit=db.session.commit)
        db.session.commit()
        yield survey


def _files(directory: Path) -> bytes:
    """Every byte of the database's tables that a copy of the disk would hold, after a checkpoint. Not PostgreSQL's log
    of what was written (pg_wal): docs/privacy.md says what that holds."""
    db.session.rollback()
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return b"".join(path.read_bytes() for path in directory.glob("live.db*"))
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
        folder = Path(connection.scalar(text("SHOW data_directory")) or "")
        paths = connection.scalars(
            text(
                "SELECT pg_relation_filepath(oid) FROM pg_class WHERE relfilenode <> 0 AND relkind IN ('r', 'i', 't')"
            )
        ).all()
    whole = [path for name in paths for path in [folder / name] if os.access(path, os.R_OK)]
    assert whole, "the files of the server are not on this machine"
    return b"".join(path.read_bytes() for path in whole)


def _dump() -> str:
    """Every row of every table."""
    return "\n".join(
        f"{table.name} {tuple(row)}"
        for table in Model.metadata.sorted_tables
        for row in db.session.execute(select(table))
    )


def _close(keys: SurveyKeys, survey: Survey) -> None:
    for _ in range(2):
        tend(keys, AFTERWARDS, commit=db.session.commit)
        survey.reviewed_at, survey.reviewed_by_id = AFTERWARDS, 1
        db.session.commit()


def test_while_it_can_be_answered_no_word_can_be_read(survey: Survey, tmp_path: Path) -> None:
    content = _files(tmp_path)
    assert box() == (40, 40)
    for word in ("Gemenskap", _RARE, _NAME):
        assert word.encode() not in content
        assert word not in _dump()


def test_after_closing_nothing_is_left(survey: Survey, keys: SurveyKeys, tmp_path: Path) -> None:
    ballots = db.session.execute(select(Ballot.key, Ballot.sealed)).all()
    key = (tmp_path / "survey" / "stage-2.key").read_bytes()
    with capture_logs() as lines:
        tend_nightly(MEASURING, commit=db.session.commit)
        _close(keys, survey)
    content, dump = _files(tmp_path), _dump()
    assert survey.closed_at
    assert survey.answered_fives == 8
    assert box() == (0, 0)
    assert "'Gemenskap'" in dump, "what may be shown"
    assert [ballot for ballot in ballots if ballot.sealed in content or ballot.key in content] == []
    everything = content + dump.encode() + repr(lines).encode() + _beside(tmp_path)
    for secret in (_RARE.encode(), _NAME.encode(), _RARE.casefold().encode(), _NAME.casefold().encode(), key):
        assert secret not in everything
    assert "reminder" not in dump


def _beside(directory: Path) -> bytes:
    return b"".join(path.read_bytes() for path in (directory / "survey").iterdir())


def test_nothing_says_who_answered(survey: Survey, keys: SurveyKeys) -> None:
    """Every person has the same rows afterwards, whoever answered: only who they are differs."""
    _close(keys, survey)
    rows = _dump().splitlines()
    notices = [row for row in rows if row.startswith(("notification (", "mail ("))]
    people = [row for row in rows if row.startswith("person (")]
    assert len(people) == 43
    assert sum("'released'" in row for row in notices) == len(people)
    assert not [row for row in rows if row.startswith(("ballot ", "survey_participation "))]


@pytest.mark.postgres
def test_written_anew_rows_are_in_the_order_of_their_keys_and_of_one_transaction(survey: Survey) -> None:
    xmins = "SELECT count(DISTINCT xmin::text) FROM {}"
    assert db.session.scalar(text(xmins.format("ballot"))) == 40
    tend_nightly(MEASURING, commit=db.session.commit)
    for table, key in (("ballot", "key"), ("survey_participation", "person_id")):
        in_file = db.session.scalars(text(f"SELECT {key} FROM {table} ORDER BY ctid")).all()
        assert [*in_file] == sorted(in_file)
        assert len(in_file) == 40
        assert db.session.scalar(text(xmins.format(table))) == 1
