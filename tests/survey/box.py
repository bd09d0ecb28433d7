"""What has come into the box, and what a page says."""

import re

from sqlalchemy import select
from werkzeug.test import TestResponse

from app.extensions import db
from app.gateways.survey_keys import SurveyKeys
from app.models.survey import Ballot, SurveyParticipation
from app.services.survey.ballot import Answers, opened
from tests.survey_makers import STATEMENTS


def in_box(keys: SurveyKeys) -> list[Answers]:
    """The answers that have come, as closing will read them."""
    key = keys.private_key(2)
    assert key
    return opened(list(db.session.scalars(select(Ballot.sealed))), key, 2, len(STATEMENTS))


def participants() -> list[int]:
    return list(db.session.scalars(select(SurveyParticipation.person_id)))


def text_of(answer: TestResponse) -> str:
    """What is written on the page, with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())
