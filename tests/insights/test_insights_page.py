"""The analysis: who may read it, what it shows, and the shape of its JSON."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete

from app.extensions import db
from app.models.person import Person
from app.models.stage import Stage
from tests.cast import Cast
from tests.factories import TODAY, make_activity, make_outcome

As = Callable[[Person], FlaskClient]
#: Each, and something that only who reads the analysis is shown.
_PAGES = {"/insights/stages/2": "Genomförbarhet", "/insights/stages/2.json": "completion_rate"}


@pytest.mark.parametrize(("path", "figure"), _PAGES.items())
@pytest.mark.parametrize("role", ["stig", "lena", "cora"])
def test_steering_group_leads_and_coordinators_may_read(
    cast: Cast, as_: As, role: str, path: str, figure: str
) -> None:
    make_activity(cast.alice)
    answer = as_(getattr(cast, role)).get(path)
    assert (answer.status_code, figure in answer.text) == (200, True)


@pytest.mark.parametrize("path", ["/insights", *_PAGES])
def test_a_participant_is_refused(cast: Cast, as_: As, path: str) -> None:
    make_activity(cast.alice)
    answer = as_(cast.alice).get(path)
    assert answer.status_code == 403
    assert [figure for figure in _PAGES.values() if figure in answer.text] == []


@pytest.mark.parametrize("path", ["/insights", *_PAGES])
def test_an_outsider_is_sent_to_sign_in(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 303
    assert answer.location.startswith("/login")


def test_before_there_is_a_stage_it_leads_to_the_journey(cast: Cast, as_: As) -> None:
    db.session.execute(delete(Stage))
    db.session.commit()
    stig = as_(cast.stig)
    assert '<a class="btn" href="/stages">' in stig.get("/insights").text
    assert stig.get("/stages").status_code == 200


def test_a_stage_that_is_not_there_is_a_404(cast: Cast, as_: As) -> None:
    make_activity(cast.alice)
    answer = as_(cast.stig).get("/insights/stages/9")
    assert (answer.status_code, "Genomförbarhet" in answer.text) == (404, False)


def test_the_page_tells_the_share_in_words_and_in_a_table(cast: Cast, as_: As) -> None:
    make_outcome(make_activity(cast.alice, planned_for=TODAY - timedelta(days=3)), rating=5)
    text = as_(cast.stig).get("/insights/stages/2").get_data(as_text=True)
    assert "Genomförbarhet" in text
    assert "Andel femmor bland 1 med betyg" in text
    assert '<th scope="row">Bjuv</th>' in text


def test_the_json_has_the_agreed_shape(cast: Cast, as_: As) -> None:
    make_outcome(make_activity(cast.alice, planned_for=TODAY - timedelta(days=3)), rating=5)
    figures = as_(cast.stig).get("/insights/stages/2.json").json
    assert figures is not None
    assert figures["stage"]["number"] == 2
    group = {"planned", "carried_out", "completion_rate", "concreteness", "outcome", "participation", "reach"}
    others = {"stage", "associations", "indices", "municipalities", "matrix"}
    assert group | others <= set(figures)
    assert set(figures["municipalities"]["bjuv"]) == {*group, "associations", "indices"}
    assert (figures["completion_rate"], figures["concreteness"]) == (1.0, 1.0)
    assert figures["participation"] == pytest.approx(1 / 29)
    assert figures["associations"] is figures["indices"] is None, "not measured yet"
    assert (figures["planned"], figures["carried_out"], figures["reach"]) == (1, 1, 25)
    assert figures["outcome"] == {"ratings": {"1": 0, "2": 0, "3": 0, "4": 0, "5": 1}, "top_share": 1.0}
    assert set(figures["municipalities"]) == {"bjuv", "klippan", "helsingborg"}
    assert figures["municipalities"]["bjuv"]["planned"] == 1
    assert figures["matrix"]["valkomnande"] == {
        "infrastruktur": 0,
        "naringsliv": 0,
        "larande": 1,
        "oppenhet": 0,
        "miljo": 0,
        "besok": 0,
    }


def test_the_page_costs_the_same_number_of_queries_however_much_there_is(
    cast: Cast, as_: As, queries: list[str]
) -> None:
    browser = as_(cast.stig)

    def cost() -> int:
        db.session.expire_all()  # a request has a session of its own
        queries.clear()
        browser.get("/insights/stages/2")
        return len(queries)

    make_outcome(make_activity(cast.bob, planned_for=TODAY - timedelta(days=3)))
    cost()  # notes that the device was seen
    few = cost()
    for _ in range(4):
        make_outcome(make_activity(cast.bob, planned_for=TODAY - timedelta(days=3)))
    assert cost() == few
