"""Stages after those of the small programme, for surveys that must not be in another test's way."""

from datetime import timedelta

from app.extensions import db
from app.models.stage import Stage
from tests.factories import stage


def later_stage(number: int) -> Stage:
    """The stage of that number, made at its first use, long after stage 2."""
    there = Stage.numbered(number)
    if there:
        return there
    day = stage(2).end_on + timedelta(days=100 * number)
    new = Stage(
        number=number, name={"sv": "Vidare", "en": "Onwards"}, theme={"sv": "Vi fortsätter.", "en": "We go on."},
        measure_on=day, activate_on=day + timedelta(days=14), learn_on=day + timedelta(days=70),
        end_on=day + timedelta(days=90),
    )  # fmt: skip
    db.session.add(new)
    db.session.flush()
    return new
