"""What the demonstration answers in its surveys, without the rest of the play."""

from datetime import UTC, datetime
from random import Random

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.cli import SHIPPED_PROGRAMME
from app.demo.people import characters
from app.demo.survey import surveys
from app.extensions import db
from app.gateways.survey_keys import SurveyKeys
from app.models.notification import Mail
from app.models.person import Person
from app.models.programme import Programme, municipalities
from app.models.stage import Stage
from app.models.survey import Ballot, Survey
from app.services.people.membership import Newcomer, join, set_role
from app.services.programme.file import load_programme
from app.services.survey.publication import Published, published

_NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

pytestmark = pytest.mark.sqlite


@pytest.fixture
def people(app: Flask) -> list[Person]:
    """The three hundred, in the programme that is shipped."""
    db.session.get_one(Programme, 1).slug = "familjen-helsingborg"
    load_programme(SHIPPED_PROGRAMME.read_text("utf-8"), _NOW)
    joined = []
    for one in characters(municipalities(), Random(300)):
        person = join(Newcomer(one.email, one.name, one.title, one.municipality.id, "sv"), now=_NOW)
        set_role(person, one.role, now=_NOW)
        joined.append(person)
    return joined


def _play(people: list[Person], keys: SurveyKeys) -> None:
    stages = [stage for number in (1, 2) if (stage := Stage.numbered(number))]
    for _at, act in surveys(people, stages, keys, "Europe/Stockholm"):
        act()


def _results() -> tuple[Published, Published]:
    first, second = (published("survey.results", Stage.numbered(number)) for number in (1, 2))
    assert first
    assert second
    return first, second


def test_the_first_is_the_real_measurement_and_the_second_is_better(
    people: list[Person], keys: SurveyKeys
) -> None:
    _play(people, keys)
    first, second = _results()
    assert (first.n, second.n) == (300, 213)

    assert [word.word for word in (first.words or ())[:6]] == [
        "Gemenskap", "Samarbete", "Samhörighet", "Annorlunda", "Välkomnande", "Otydligt",
    ]  # fmt: skip
    assert first.balance
    assert (first.balance["positive"].value, first.balance["negative"].value) == (62, 25)
    spelled = {word.word for word in first.words or ()}
    assert not {"Gemenskapp", "Chefen på plan 3"} & spelled, "the lead has read the words"

    assert second.balance
    assert second.balance["positive"].value > 62
    assert first.indices
    assert second.indices
    changes = {group: second.indices[group] - first.indices[group] for group in first.indices}
    assert changes["engagement"] > 0
    assert changes["understanding"] > 0
    assert changes["use"] <= 0

    together = second.cell_of("perstorp")
    assert together
    assert together.slugs == {"perstorp", "orkelljunga"}

    assert not db.session.scalar(select(func.count()).select_from(Ballot))
    assert not db.session.scalar(select(func.count()).select_from(Mail)), "nobody invented is mailed"
    assert not any(keys.has_secrets(number) for number in (1, 2))


def test_the_files_of_an_earlier_demonstration_are_taken_in(people: list[Person], keys: SurveyKeys) -> None:
    _play(people, keys)
    before = _results()
    for survey in db.session.scalars(select(Survey)):
        db.session.delete(survey)
    db.session.commit()
    _play(people, keys)
    assert _results() == before
