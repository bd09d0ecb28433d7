"""The stages that the demonstration plays in."""

from datetime import date, timedelta

from sqlalchemy import select

from app.extensions import db
from app.models.challenge import Challenge
from app.models.stage import PHASE_DATES, Phase, Stage


def first_two_stages(today: date) -> tuple[Stage, Stage]:
    """The first two stages; all stages and their challenges are moved, if necessary, so that the second is in its
    Activate phase today."""
    first, second = (Stage.numbered(1), Stage.numbered(2))
    if first is None or second is None:
        raise ValueError("The demonstration needs a programme with two stages.")
    if second.phase(today) != Phase.ACTIVATE:
        shift = today - (second.learn_on - timedelta(days=14))
        for stage in db.session.scalars(select(Stage)):
            for _phase, column in PHASE_DATES:
                setattr(stage, column, getattr(stage, column) + shift)
        for challenge in db.session.scalars(select(Challenge)):
            challenge.opens_on, challenge.closes_on = challenge.opens_on + shift, challenge.closes_on + shift
    db.session.flush()
    return first, second
