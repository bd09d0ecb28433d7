"""Surveys for the tests: opened, answered and closed through the services, with keys in a directory of the test."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Final

from app.extensions import db
from app.gateways.survey_keys import SurveyKeys
from app.models.person import Person
from app.models.programme import Programme
from app.models.survey import Sentiment, Statement, Survey
from app.services.survey import telling
from app.services.survey.answering import answer
from app.services.survey.ballot import Answers, Association
from app.services.survey.closing import close
from app.services.survey.opening import open_survey
from tests.factories import make_person, stage

#: While the survey of stage 2 can be answered.
MEASURING = datetime(2026, 9, 15, 9, tzinfo=UTC)
#: The first day on which it no longer can.
ENDS_ON = date(2026, 9, 28)
AFTERWARDS = datetime(2026, 9, 28, 6, tzinfo=UTC)

STATEMENTS: Final[list[Statement]] = [
    {
        "slug": "gladly",
        "group": "engagement",
        "text": {"sv": "Jag är gärna med.", "en": "I gladly take part."},
    },
    {"slug": "voluntary", "group": "engagement", "text": {"sv": "Det känns frivilligt."}},
    {"slug": "vision", "group": "understanding", "text": {"sv": "Jag vet vart vi vill."}},
    {"slug": "work", "group": "use", "text": {"sv": "Det märks i mitt arbete."}},
]


def ask_statements(statements: Sequence[Statement] = STATEMENTS) -> None:
    """Let the programme ask these."""
    db.session.get_one(Programme, 1).statements = [dict(one) for one in statements]
    db.session.flush()


def make_survey(keys: SurveyKeys, number: int = 2, ends_on: date = ENDS_ON) -> Survey:
    """The survey of that stage, open from its first day."""
    ask_statements()
    survey = open_survey(stage(number), ends_on, keys, datetime(2026, 9, 7, 6, tzinfo=UTC))
    assert survey
    return survey


def answers_of(
    person: Person, *marks: int | None, words: Iterable[tuple[str, str]] = (("Gemenskap", "positive"),)
) -> Answers:
    """What that person answers; 4 to every statement unless marks are given."""
    associations = tuple(Association(word, Sentiment(sentiment)) for word, sentiment in words)
    return Answers(person.municipality_id, associations, marks or (4,) * len(STATEMENTS))


def answer_as(survey: Survey, person: Person, *marks: int | None, **more: Iterable[tuple[str, str]]) -> bool:
    return answer(survey, person, answers_of(person, *marks, **more), now=MEASURING)


def people_answer(survey: Survey, **counts: int) -> list[Person]:
    """So many new people of each municipality answer something: `people_answer(survey, bjuv=7, klippan=9)`."""
    random = Random(1)
    people = [make_person(place=place) for place, count in counts.items() for _ in range(count)]
    for person in people:
        marks = [random.randint(1, 5) for _ in STATEMENTS]
        words = random.sample([("Gemenskap", "positive"), ("Otydligt", "negative"), ("Möten", "neutral")], 2)
        answer_as(survey, person, *marks, words=words)
    return people


def close_now(survey: Survey, keys: SurveyKeys, now: datetime = AFTERWARDS) -> Survey:
    """Closed and put away."""
    close(survey, keys, now, commit=db.session.commit)
    return survey


def tell_everything(survey: Survey) -> None:
    """Whatever people are told of a survey, from its opening to its result."""
    for tell in (telling.tell_open, telling.remind):
        tell(survey, MEASURING + timedelta(days=11))
    for tell_in_app in (telling.tell_key_missing, telling.ask_to_read, telling.tell_released):
        tell_in_app(survey, AFTERWARDS)
