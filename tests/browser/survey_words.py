"""A survey of which the words wait to be read: that of a stage of its own, so that it is in no other test's way."""

from datetime import date

from flask import current_app

from app import clock
from app.gateways.survey_keys import SurveyKeys
from app.models.survey import Survey
from app.services.survey.opening import open_survey
from tests.browser.later_stages import TO_READ
from tests.factories import stage

_WORDS = (
    ("Gemenskap", 94, "positive"), ("Samhällsbyggnadskontorsgemenskap", 41, "neutral"), ("Otydligt", 29, "negative"),
    ("Gemenskapp", 3, "positive"), ("Bertil i receptionen", 1, "negative"),
)  # fmt: skip


def make_words_to_read(today: date) -> None:
    """Nothing happens when another test has done it. Its answering has ended this morning, and a worker that may run
    meanwhile finds the words given to the leads."""
    if Survey.of_stage(TO_READ):
        return
    keys = SurveyKeys(current_app.config["SURVEY_DIR"])
    survey = open_survey(stage(TO_READ), today, keys, clock.now())
    assert survey
    survey.words_given_on = today
    kinds = ("word", "count", "sentiment")
    keys.keep_words(
        TO_READ, [{"key": word[0].casefold(), **dict(zip(kinds, word, strict=True))} for word in _WORDS]
    )
