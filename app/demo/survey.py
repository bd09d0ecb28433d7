"""The demonstration's surveys: opened, answered, read and closed through the services, as in life.

Nobody is told that one is open: what is over waits for nobody. Marks are drawn around the means of survey.toml.
"""

import tomllib
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.extensions import db
from app.gateways.survey_keys import SurveyKeys
from app.models.person import Person
from app.models.stage import Stage
from app.models.survey import MOST_WORDS, Sentiment, Statement, Survey
from app.services.programme.clock import local_today
from app.services.survey.answering import answer
from app.services.survey.ballot import Answers, Association
from app.services.survey.closing import close_due, take_in
from app.services.survey.opening import open_survey
from app.services.survey.reviewing import release
from app.services.survey.words import Review, key_of

_FILE: Final = Path(__file__).with_name("survey.toml")
#: How far the means of two municipalities, and two marks of one person, are apart, in steps of the scale.
_BETWEEN_PLACES: Final = 0.25
_BETWEEN_MARKS: Final = 0.9


def surveys(
    people: list[Person], stages: Sequence[Stage], keys: SurveyKeys, zone: str
) -> Iterator[tuple[datetime, Callable[[], object]]]:
    """Each stage's survey is answered on its first day, and closed on the first of its acting."""
    stories = {story["number"]: story for story in tomllib.loads(_FILE.read_text(encoding="utf-8"))["stage"]}
    for stage in stages:
        if stage.number in stories and stage.measure_on < stage.activate_on:
            story = stories[stage.number]
            asked_at, closed_at = _morning(stage.measure_on, zone), _morning(stage.activate_on, zone)
            yield asked_at, partial(_ask, story, stage, people, keys, asked_at)
            yield closed_at, partial(_close, story, stage, people, keys, closed_at)


def _ask(story: dict[str, Any], stage: Stage, people: list[Person], keys: SurveyKeys, now: datetime) -> None:
    """Open it, and let those answer who do."""
    survey = open_survey(stage, stage.activate_on, keys, now)
    if survey is None:
        # A demonstration that was here before has left its result: it is this one's too.
        take_in(stage, keys, now)
        return
    random = Random(f"survey {stage.number}")
    answering = _those_who_answer(story, people, random)
    words = _dealt(story["words"], len(answering))
    for person, associations in zip(answering, words, strict=True):
        marks = _marks(person, survey.statements, story["means"], random)
        answer(survey, person, Answers(person.municipality_id, associations, marks), now=now)


def _close(
    story: dict[str, Any], stage: Stage, people: list[Person], keys: SurveyKeys, now: datetime
) -> None:
    """The lead reads the words and releases the result."""
    survey = Survey.of_stage(stage.number)
    if survey is None:
        return
    lead = next(person for person in people if person.is_office)
    merged = {key_of(spelling): key_of(word) for spelling, word in story["same_as"].items()}
    review = Review(merged, frozenset(map(key_of, story["not_shown"])))
    close_step = partial(close_due, survey, keys, now, local_today(now), commit=db.session.commit)
    close_step()
    if survey.closed_at is None:
        release(survey, review, keys, based_on="", by=lead, now=now)
        close_step()


def _those_who_answer(story: dict[str, Any], people: list[Person], random: Random) -> list[Person]:
    by_place: dict[int, list[Person]] = {}
    for person in people:
        by_place.setdefault(person.municipality_id, []).append(person)
    answering: list[Person] = []
    for number, here in enumerate(sorted(by_place.values(), key=len)):
        share = story["in_the_smallest"] if number < 2 else story["answered"]
        answering += random.sample(here, round(share * len(here)))
    random.shuffle(answering)
    return answering


def _dealt(words: list[list[Any]], writers: int) -> list[tuple[Association, ...]]:
    """All words, dealt round: nobody gets two of the same while it has fewer writers than there are."""
    written = [
        Association(word, sentiment)
        for word, *counts in words
        for sentiment, count in zip(Sentiment, counts, strict=True)
        for _ in range(count)
    ]
    return [tuple(written[place::writers][:MOST_WORDS]) for place in range(writers)]


def _marks(
    person: Person, statements: Sequence[Statement], means: dict[str, int], random: Random
) -> tuple[int, ...]:
    at_home = Random(person.municipality_id).gauss(0, _BETWEEN_PLACES)
    return tuple(
        min(max(round(random.gauss(1 + means[one["group"]] / 25 + at_home, _BETWEEN_MARKS)), 1), 5)
        for one in statements
    )


def _morning(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(8), ZoneInfo(zone)).astimezone(UTC)
