"""`python -m tests.killed STEP NUMBER DIRECTORY`: take a step of the survey, and be killed before the statement with
that number. The database is that of the environment. Exits with 0 when it came through before.
"""

import os
import signal
import sys
from pathlib import Path

from app import create_app
from app.extensions import db
from app.gateways.survey_keys import SurveyKeys
from app.models.person import Person
from app.models.survey import Survey
from app.services.survey.closing import close
from tests.survey.crashes import at_statement
from tests.survey_makers import AFTERWARDS, answer_as


def _take(step: str, survey: Survey, keys: SurveyKeys) -> None:
    if step == "answer":
        answer_as(survey, db.session.get_one(Person, int(os.environ["PERSON"])))
        db.session.commit()
    else:
        close(survey, keys, AFTERWARDS, commit=db.session.commit)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _main(step: str, number: str, directory: str) -> None:
    with create_app().app_context():
        survey = Survey.of_stage(2)
        assert survey
        with at_statement(int(number), _die):
            _take(step, survey, SurveyKeys(Path(directory)))


if __name__ == "__main__":
    _main(*sys.argv[1:])
