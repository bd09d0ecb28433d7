"""Somebody answers: ballot and participation in one transaction, and nothing else that could tie them together."""

import secrets
from datetime import datetime

from sqlalchemy import insert

from app.extensions import db
from app.models.person import Person
from app.models.survey import Ballot, Survey, SurveyParticipation, wait_for_turn
from app.models.upsert import upsert
from app.services.programme.clock import local_today
from app.services.survey.ballot import Answers, sealed


class NotOpenError(ValueError):
    """The survey has ended, or it is paused because its key is missing."""


def answer(survey: Survey, person: Person, answers: Answers, *, now: datetime) -> bool:
    """Put the sealed ballot into the box. False when the person has answered before: the first answer stays.

    No points, no badge, no notice, no entry in any log: nothing else changes by it (PRODUCT: anonymous for real).

    Raises:
        NotOpenError: when it can no longer be answered, or not now.
    """
    waiting = wait_for_turn(survey.stage_id)
    if waiting is None or waiting.is_paused or not waiting.is_open(local_today(now)):
        raise NotOpenError
    participation = upsert(SurveyParticipation).values(stage_id=waiting.stage_id, person_id=person.id)
    is_first = participation.on_conflict_do_nothing().returning(SurveyParticipation.person_id)
    if db.session.scalar(is_first) is None:
        return False
    ballot = sealed(answers, waiting.public_key, waiting.stage.number)
    row = {"stage_id": waiting.stage_id, "key": secrets.token_bytes(16), "sealed": ballot}
    db.session.execute(insert(Ballot).values(row))
    return True


def has_answered(survey: Survey, person: Person) -> bool:
    """For the person's own page and reminder only."""
    return SurveyParticipation.exists_for(survey.stage_id, person.id)
