"""Whether what a message leads to is there, for everybody who reads it."""

from sqlalchemy import ColumnElement, exists, select

from app.extensions import db
from app.models.activity import Activity
from app.models.challenge import Challenge, is_draft_challenge
from app.models.contribution import is_visible
from app.models.stage import Stage
from app.models.tip import Tip, is_shown


def is_activity(number: int) -> bool:
    return _is_there(Activity.id == number, is_visible(Activity.id))


def is_challenge(number: int) -> bool:
    return _is_there(Challenge.id == number, is_visible(Challenge.id), ~is_draft_challenge(Challenge.id))


def is_tip(number: int) -> bool:
    return _is_there(Tip.id == number, is_shown(Tip))


def is_stage(number: int) -> bool:
    return _is_there(Stage.number == number)


def _is_there(*conditions: ColumnElement[bool]) -> bool:
    return bool(db.session.scalar(select(exists().where(*conditions))))
