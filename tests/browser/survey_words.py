"""A survey of which the words wait to be read: that of a stage of its own, so that it is in no other test's way."""

from datetime import date, timedelta

from flask import current_app

from app import clock
from app.extensions import db
from app.gateways.survey_keys import SurveyKeys
from app.models.stage import Stage, stages
from app.models.survey import Survey
from app.services.survey.opening import open_survey

_NUMBER = 4
_WORDS = (
    ("Gemenskap", 94, "positive"), ("Samhällsbyggnadskontorsgemenskap", 41, "neutral"), ("Otydligt", 29, "negative"),
    ("Gemenskapp", 3, "positive"), ("Bertil i receptionen", 1, "negative"),
)  # fmt: skip


def make_words_to_read(today: date) -> None:
    """Nothing happens when another test has done it. Its answering has ended this morning."""
    if Survey.of_stage(_NUMBER):
        return
    keys = SurveyKeys(current_app.config["SURVEY_DIR"])
    assert open_survey(_stage(), today, keys, clock.now())
    kinds = ("word", "count", "sentiment")
    keys.keep_words(
        _NUMBER, [{"key": word[0].casefold(), **dict(zip(kinds, word, strict=True))} for word in _WORDS]
    )


def _stage() -> Stage:
    """It comes last."""
    day = stages()[-1].end_on + timedelta(days=60)
    stage = Stage(
        number=_NUMBER, name={"sv": "Vidare", "en": "Onwards"}, theme={"sv": "Vi fortsätter.", "en": "We go on."},
        measure_on=day, activate_on=day + timedelta(days=14), learn_on=day + timedelta(days=70),
        end_on=day + timedelta(days=90),
    )  # fmt: skip
    db.session.add(stage)
    db.session.flush()
    return stage
