"""The policy in plain words, for everybody."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from flask_babel import force_locale

from app.extensions import db
from app.models.credit import CreditReason
from app.models.person import Person
from app.models.programme import Programme
from app.services.points.ledger import Earner, append, entry
from app.services.points.policy import most_from_one_giver, most_in_a_week, rules_of
from app.services.points.reasons import REASONS, names_of_given
from app.services.programme.schema import ProgrammeFile
from tests.cast import Cast
from tests.factories import NOW, make_activity, make_outcome, stage

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]
POLICY = {
    "plan": {"points": 10, "daily": 3},
    "report": {"points": 30, "daily": 5, "weekly": 10},
    "heeded": {"points": 5, "daily": 5},
    "borrowed": {"points": 10, "daily": 3},
    "joint_factor": 2,
}


def test_anybody_reads_what_earns_how_much(cast: Cast, client: FlaskClient) -> None:
    make_activity(cast.alice)
    page = client.get("/points").text
    for words in (
        "Du berättar hur det gick", "Högst 5 om dagen", "×2", "30 blir 60", "poängen skulle visa vem som har svarat",
        "Reglerna gäller etapp 2, från 7 sep 2026.", "Så får man poäng", "Logga in",
    ):  # fmt: skip
        assert words in page
    assert "Du är först i en tom ruta" not in page


def test_the_example_is_the_viewers_own_municipality_once_it_has_points_else_the_leader(
    cast: Cast, as_: As, client: FlaskClient
) -> None:
    make_outcome(make_activity(cast.alice))
    assert "poäng i Bjuv" in client.get("/points").text
    assert "poäng i Bjuv" in as_(cast.charlie).get("/points").text
    make_activity(cast.charlie)
    assert "poäng i Klippan" in as_(cast.charlie).get("/points").text


def test_without_points_nothing_is_divided(cast: Cast, client: FlaskClient) -> None:
    page = client.get("/points").text
    assert "Från dig till din kommun" in page
    assert "poäng i " not in page


def test_it_is_the_policy_of_the_stage_and_not_of_the_next(cast: Cast, client: FlaskClient) -> None:
    programme = db.session.get_one(Programme, 1)
    programme.points = programme.points | {"borrowed": {"points": 77, "daily": 1}}
    db.session.commit()
    assert "77" not in client.get("/points").text
    stage().points = POLICY | {"success": {"points": 10, "daily": 7, "weekly": 7}}
    db.session.commit()
    page = client.get("/points").text
    assert "högst 10 poäng i veckan" in page
    assert "högst 40 var" in page
    assert "Högst 5 om dagen och 10 i veckan" in page
    assert "Högst 7 i veckan" in page


def test_what_one_comes_to_at_most_follows_from_the_caps() -> None:
    assert most_from_one_giver(POLICY) == 10
    assert most_in_a_week(POLICY) == 10 * 21 + 30 * 10 * 2 + 5 * 35 + 10 * 21
    assert most_in_a_week(POLICY | {"plan": {"points": 10}}) is None
    assert [rule.reason for rule in rules_of(POLICY)] == ["plan", "report", "joint", "heeded", "borrowed"]


def test_every_reason_that_a_programme_may_have_is_explained(client: FlaskClient, cast: Cast) -> None:
    reasons = ProgrammeFile.model_fields["points"].annotation.model_fields.keys() - {"joint_factor"}  # type: ignore[union-attr]
    stage().points = {reason: {"points": 10, "daily": 1} for reason in reasons}
    db.session.commit()
    page = client.get("/points").text
    assert [reason for reason in reasons if f"<h3>{reason}</h3>" in page] == []
    assert reasons <= {reason.name for reason in REASONS if reason.title and reason.why}


def test_every_reason_is_in_words_for_whoever_has_it(as_: As, cast: Cast) -> None:
    place = Earner(cast.alice.id, cast.alice.municipality_id, stage().id)
    activity = make_activity(cast.alice)
    append([entry(place, f"test:{one.name}", one.name, 1, activity.id, NOW) for one in REASONS])
    db.session.commit()
    page = as_(cast.alice).get("/me/points").text
    with force_locale("sv"):
        assert [one.name for one in REASONS if str(one.entry) not in page] == []


def test_every_reason_of_what_one_gives_another_is_said_to_be_given() -> None:
    assert set(names_of_given()) == set(CreditReason)
