"""Plan an activity: the form, its rules, and what the address fills in."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.person import Person
from app.models.stage import Stage
from app.models.tip import TipKind
from app.services.moderation.decide import hide
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_activity, make_tip, stage
from tests.unchanged import unchanged

As = Callable[[Person], FlaskClient]


def form(**over: Any) -> dict[str, Any]:
    answers = {
        "request_key": "one-tap",
        "title": "Bjuda grannkommunens chefer på fika",
        "value": "valkomnande",
        "focus_area": "larande",
        "place": "Biblioteket",
    }
    return answers | over


def run_stage_now() -> None:
    """The pages go by the real clock; stage 2 is under way whenever the test runs."""
    running, today = stage(), NOW.date()
    running.measure_on = running.activate_on = min(today, NOW.date() - timedelta(days=700))
    running.learn_on = running.end_on = today + timedelta(days=36500)
    db.session.commit()


def planned() -> list[Activity]:
    return list(db.session.scalars(select(Activity)))


def test_the_form_needs_a_stage_that_runs(cast: Cast, as_: As) -> None:
    ended = stage()
    ended.measure_on = ended.activate_on = ended.learn_on = ended.end_on = NOW.date() - timedelta(days=700)
    db.session.commit()
    alice = as_(cast.alice)
    assert 'name="title"' not in alice.get("/activities/new").text
    with unchanged():
        late = alice.post("/activities/new", data=form())
    assert late.status_code == 422
    assert form()["title"] in late.text, "what was written while the stage ended is not lost"


@pytest.mark.usefixtures("at_now")
def test_a_plan_made_between_two_stages_belongs_to_the_next(cast: Cast, as_: As) -> None:
    ended = stage()
    ended.end_on = ended.learn_on = ended.activate_on = TODAY - timedelta(days=3)
    begins = TODAY + timedelta(days=40)
    names = {"name": {"sv": "Sen"}, "theme": {"sv": "Vidare."}}
    dates = dict.fromkeys(("measure_on", "activate_on", "learn_on", "end_on"), begins)
    db.session.add_all(Stage(number=number, **names, **dates) for number in (3, 4))
    db.session.commit()
    assert as_(cast.alice).post("/activities/new", data=form()).status_code == 303
    assert [activity.stage_id for activity in planned()] == [stage(3).id]


def test_strangers_are_sent_to_sign_in(client: FlaskClient) -> None:
    run_stage_now()
    with unchanged():
        assert client.post("/activities/new", data=form()).location.startswith("/login")


def test_only_title_value_and_focus_area_must_be_answered(cast: Cast, as_: As) -> None:
    run_stage_now()
    answer = as_(cast.alice).post("/activities/new", data=form(place=""))
    activity = planned()[0]
    assert (answer.status_code, answer.location) == (303, f"/activities/{activity.id}")
    assert activity.concreteness == 1
    assert activity.owner_id == cast.alice.id


def test_saving_says_the_points_and_how_concrete_it_is(cast: Cast, as_: As) -> None:
    run_stage_now()
    page = as_(cast.alice).post("/activities/new", data=form(), follow_redirects=True).text
    assert "10 poäng till Bjuv" in page
    assert "2 av 5" in page
    assert 'data-draft-done="plan"' in page


def test_a_form_that_lacks_something_comes_back_filled(cast: Cast, as_: As) -> None:
    run_stage_now()
    alice = as_(cast.alice)
    with unchanged():
        answer = alice.post("/activities/new", data=form(title="  ", focus_area="mars"))
    assert answer.status_code == 422
    assert 'value="Biblioteket"' in answer.text
    assert 'value="one-tap"' in answer.text
    assert 'id="title-error"' in answer.text
    assert 'id="focus_area-error"' in answer.text


def test_a_date_far_away_is_a_slip(cast: Cast, as_: As) -> None:
    run_stage_now()
    alice = as_(cast.alice)
    for wrong in ("0202-11-24", "2999-01-01", "soon"):
        with unchanged():
            answer = alice.post("/activities/new", data=form(planned_for=wrong))
        assert answer.status_code == 422
        assert 'id="planned_for-error"' in answer.text


def test_a_double_tap_plans_once(cast: Cast, as_: As) -> None:
    run_stage_now()
    alice = as_(cast.alice)
    first, again = (alice.post("/activities/new", data=form()) for _ in range(2))
    assert first.location == again.location
    assert len(planned()) == 1


def test_a_draft_that_was_rewritten_is_another_activity(cast: Cast, as_: As) -> None:
    run_stage_now()
    alice = as_(cast.alice)
    for title in ("Bjuda in till fika", "Ordna en cykeltur"):
        alice.post("/activities/new", data=form(title=title))
    assert len(planned()) == 2


def lesson(cast: Cast) -> None:
    make_tip(cast.charlie, text="Boka följebil tidigt", kind=TipKind.PITFALL)


def test_without_scripts_a_button_shows_what_others_learned_and_keeps_the_form(cast: Cast, as_: As) -> None:
    run_stage_now()
    lesson(cast)
    alice = as_(cast.alice)
    with unchanged():
        answer = alice.post("/activities/new", data=form(title="", look="peers"))
    assert answer.status_code == 200
    assert "Boka följebil tidigt" in answer.text
    assert 'value="Biblioteket"' in answer.text
    assert "title-error" not in answer.text


def test_peers_is_a_fragment_for_htmx_and_a_page_otherwise(cast: Cast, as_: As, hx: dict[str, str]) -> None:
    lesson(cast)
    alice = as_(cast.alice)
    fragment = alice.get("/activities/peers?focus_area=larande", headers=hx).text
    assert fragment.strip().startswith("<section")
    assert "Boka följebil tidigt" in fragment
    assert "Charlie Ceder, Klippan" in fragment
    page = alice.get("/activities/peers?focus_area=larande").text
    assert "<h1>" in page
    assert "Boka följebil tidigt" in page
    assert "Boka följebil" not in alice.get("/activities/peers?focus_area=mars", headers=hx).text


def test_the_address_fills_in_value_and_focus_area(cast: Cast, as_: As) -> None:
    run_stage_now()
    page = as_(cast.alice).get("/activities/new?value=kreativt&focus_area=miljo").text
    assert 'value="kreativt" checked' in page
    assert 'value="miljo" checked' in page


def test_doing_something_similar_begins_from_it_without_date_and_place(cast: Cast, as_: As) -> None:
    run_stage_now()
    model = make_activity(cast.charlie, title="Familjegirot genom elva kommuner", place="Klippan")
    page = as_(cast.alice).get(f"/activities/new?like={model.id}").text
    assert "Familjegirot genom elva kommuner" in page
    assert 'value="Klippan"' not in page
    assert f'key="plan-{model.id}"' not in page
    assert as_(cast.alice).get("/activities/new?like=999999&value=mars").status_code == 200


def test_nobody_begins_from_what_is_hidden(cast: Cast, as_: As) -> None:
    """Its owner and its moderators still see it; copied, it would be there for everybody again."""
    run_stage_now()
    model = make_activity(cast.alice, title="Familjegirot genom elva kommuner")
    hide(model, cast.lena, "tone", "", NOW)
    db.session.commit()
    for person in (cast.alice, cast.cora):
        client = as_(person)
        assert f"like={model.id}" not in client.get(model.path).text
        assert "Familjegirot" not in client.get(f"/activities/new?like={model.id}").text


def test_enter_sends_the_plan_whatever_other_buttons_there_are(cast: Cast, as_: As) -> None:
    """A browser presses the first button of a form."""
    page = as_(cast.alice).get("/activities/new?focus_area=larande").text
    first = re.search(r"<form class=\"plan\".*?(<button[^>]*>)", page, re.S)
    assert first
    assert "name=" not in first[1]
