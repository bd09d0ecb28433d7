"""Closing a survey, once: everything that may not be shown is destroyed (docs/product.md, point 4).

The order makes a crash harmless at each step. One transaction takes the ballots away and leaves the result; only after
its commit is the result copied beside the database and the key destroyed. Whoever runs it again goes on from there.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy import select

from app.extensions import db
from app.gateways.survey_keys import SurveyKeys
from app.models.programme import municipalities
from app.models.stage import Stage
from app.models.survey import Ballot, Survey, SurveyParticipation, wait_for_turn
from app.services.survey.ballot import Answers, opened
from app.services.survey.box import counted
from app.services.survey.opening import empty_box
from app.services.survey.release import snapshot
from app.services.survey.telling import forget_reminders, tell_released
from app.services.survey.words import Review, words_to_read

#: How long the result waits for a lead to read the words. Then it is released without: a sealed box that nobody
#: opens would be kept for ever.
_REVIEW: Final = timedelta(days=7)

log = structlog.get_logger()


class BoxError(RuntimeError):
    """There are not as many ballots as people who answered: somebody has changed the tables. It is not closed. How many
    there are stays out of its words, which are logged."""


def released_by(survey: Survey) -> date:
    """The day on which its result is released, unless the words have been read before, or its key is missing."""
    return (survey.words_given_on or survey.ends_on) + _REVIEW


def close_due(
    survey: Survey, keys: SurveyKeys, now: datetime, today: date, *, commit: Callable[[], None]
) -> bool:
    """Do what is due for a survey whose answering has ended: give its words to a lead to read, or close it. Returns
    whether its words have just been given."""
    if survey.closed_at is not None or survey.is_open(today):
        return False
    number = survey.stage.number
    if not keys.matches(number, survey.public_key):
        return False
    if survey.words_given_on is None:
        words = words_to_read([ballot.words for ballot in _open_box(survey, keys)])
        keys.keep_words(number, words)
        survey.words_given_on = today
        if words:
            return True
    if survey.reviewed_at or today >= released_by(survey) or not keys.words(number):
        close(survey, keys, now, commit=commit)
    return False


def close(survey: Survey, keys: SurveyKeys, now: datetime, *, commit: Callable[[], None]) -> None:
    """Close it now. A second worker waits, and then finds it closed.

    Raises:
        BoxError: when ballots and participations differ in number.
    """
    waiting = wait_for_turn(survey.stage_id)
    if waiting is None or waiting.closed_at is not None:
        return
    _demand_whole_box(waiting)
    number = waiting.stage.number
    slugs = {place.id: place.slug for place in municipalities()}
    review = Review.from_json(keys.review(number))
    waiting.snapshot = snapshot(_open_box(waiting, keys), waiting.statements, slugs, review)
    waiting.closed_at, waiting.key_missing_since = now, None
    empty_box(waiting.stage_id)
    forget_reminders(waiting)
    tell_released(waiting, now)
    commit()
    put_away(waiting, keys)


def put_away(survey: Survey, keys: SurveyKeys) -> None:
    """Copy the result of a closed survey beside the database, and destroy its key. Where somebody has blanked a word in
    one of the two since, blank it in both. Nothing happens when all is as it should be."""
    number, ours = survey.stage.number, survey.snapshot
    if ours is None:
        return
    copy = keys.released(number)
    both = _blanked_in_either(ours, copy) if copy else ours
    if both != ours:
        survey.snapshot = both
    if both != copy:
        keys.keep_released(number, both)
    if keys.has_secrets(number):
        keys.destroy(number)


def take_in(stage: Stage, keys: SurveyKeys, now: datetime) -> None:
    """A backup of the database from before the closing has been put back, but the result is there: it stays closed."""
    copy, survey = keys.released(stage.number), db.session.get(Survey, stage.id)
    if copy is None or (survey and survey.closed_at):
        return
    survey = wait_for_turn(stage.id)
    if survey and survey.closed_at:
        return
    if not survey:
        # From before the opening: the public key is that of nothing any more.
        survey = Survey(stage=stage, statements=[], public_key=b"", opened_at=now, ends_on=stage.activate_on)
        survey.answered_fives = 0
        db.session.add(survey)
    survey.snapshot, survey.closed_at, survey.key_missing_since = copy, now, None
    empty_box(stage.id)
    forget_reminders(survey)
    log.warning("a survey that had been closed was open again, and is closed", stage=stage.number)


def blank(survey: Survey, word: str) -> bool:
    """Take a word out of the result that has been released: somebody's name has been overlooked. Nothing else about it
    can be changed. False when the word is not there."""
    waiting = wait_for_turn(survey.stage_id)
    if waiting is None or waiting.snapshot is None:
        return False
    words = waiting.snapshot["words"] or []
    waiting.snapshot = {
        **waiting.snapshot,
        "words": [{**one, "word": None} if one["word"] == word else one for one in words],
    }
    return any(one["word"] == word for one in words)


def _open_box(survey: Survey, keys: SurveyKeys) -> list[Answers]:
    private_key = keys.private_key(survey.stage.number)
    if private_key is None:
        raise BoxError("the key is gone")
    box = list(db.session.scalars(select(Ballot.sealed).where(Ballot.stage_id == survey.stage_id)))
    return opened(box, private_key, survey.stage.number, len(survey.statements))


def _demand_whole_box(survey: Survey) -> None:
    ballots, people = (
        db.session.scalar(counted(table, survey.stage_id)) for table in (Ballot, SurveyParticipation)
    )
    if ballots != people:
        raise BoxError(f"not as many ballots as participations in the survey of stage {survey.stage.number}")


def _blanked_in_either(ours: dict[str, Any], copy: dict[str, Any]) -> dict[str, Any]:
    pairs = zip(ours["words"] or [], copy["words"] or [], strict=False)
    return {**ours, "words": ours["words"] and [one if other["word"] else other for one, other in pairs]}
