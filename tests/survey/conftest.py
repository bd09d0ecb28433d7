from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from app.extensions import db
from app.gateways.survey_keys import SurveyKeys
from app.models.survey import Survey
from tests.survey.web_keys import share_with_web
from tests.survey_makers import MEASURING, make_survey


@pytest.fixture
def keys(tmp_path: Path) -> SurveyKeys:
    """The directory of the surveys' files, for this test alone."""
    return SurveyKeys(tmp_path / "survey")


@pytest.fixture
def shared_keys(app: Flask, keys: SurveyKeys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SurveyKeys:
    """The directory of this test, which the web has too."""
    share_with_web(app, tmp_path / "survey", monkeypatch)
    return keys


@pytest.fixture
def measuring() -> Iterator[time_machine.Traveller]:
    """A day on which the survey of stage 2 can be answered."""
    with time_machine.travel(MEASURING, tick=False) as clock:
        yield clock


@pytest.fixture
def survey(app: Flask, keys: SurveyKeys) -> Survey:
    """That of stage 2, open."""
    made = make_survey(keys)
    db.session.commit()
    return made
