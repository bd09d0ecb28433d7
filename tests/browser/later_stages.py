"""Stages after those of the programme, for surveys that must not be in another test's way.

They are there before the web processes start, since these keep the programme's stages for some seconds.
"""

from datetime import timedelta
from typing import Final

from app.extensions import db
from app.models.stage import Stage, stages

#: Its words wait to be read.
TO_READ: Final = 4
#: It can be answered. The highest one of those: people are asked the newest.
OPEN: Final = 5
#: Two that have been released.
BEFORE, NOW = 11, 12


def make_later_stages() -> None:
    day = stages()[-1].end_on
    for number in (TO_READ, OPEN, BEFORE, NOW):
        day += timedelta(days=100)
        stage = Stage(
            number=number, name={"sv": "Vidare", "en": "Onwards"}, theme={"sv": "Vi fortsätter.", "en": "We go on."},
            measure_on=day, activate_on=day + timedelta(days=14), learn_on=day + timedelta(days=70),
            end_on=day + timedelta(days=90),
        )  # fmt: skip
        db.session.add(stage)
    db.session.commit()
