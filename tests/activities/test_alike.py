"""Plans alike: who is shown to whom, and the one question between two plans."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity, CoOwner
from app.models.person import Person
from app.services.activities.alike import plans_alike
from app.services.activities.plan import withdraw_activity
from app.services.moderation.decide import hide
from tests.cast import Cast
from tests.factories import NOW, TODAY, focus_area, make_activity, make_joint, make_outcome, make_person
from tests.unchanged import unchanged

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]
DAY = TODAY + timedelta(days=7)
PLAN = {"value": "valkomnande", "focus_area": "larande", "request_key": "k", "title": "Soppa på torget",
        "planned_for": DAY.isoformat()}  # fmt: skip


def asked() -> list[tuple[int, int]]:
    rows = db.session.execute(select(CoOwner.activity_id, CoOwner.person_id).order_by(CoOwner.id))
    return [(activity_id, person_id) for activity_id, person_id in rows]


def test_those_of_other_municipalities_come_first_and_then_the_nearest(cast: Cast) -> None:
    near = make_activity(cast.bob, planned_for=DAY)
    far = make_activity(cast.charlie, planned_for=DAY + timedelta(days=7))
    nearer = make_activity(make_person("", "klippan"), planned_for=DAY - timedelta(days=2))
    make_activity(cast.charlie, planned_for=DAY + timedelta(days=8))
    make_activity(cast.charlie, planned_for=DAY, focus_area=focus_area("miljo"))
    make_activity(cast.charlie, planned_for=TODAY - timedelta(days=1))
    make_activity(cast.charlie, planned_for=None)
    make_activity(cast.alice, planned_for=DAY)
    make_joint(cast.charlie, cast.alice, planned_for=DAY)
    hide(make_activity(cast.charlie, planned_for=DAY), cast.kim, "tone", "", NOW)
    withdraw_activity(make_activity(cast.charlie, planned_for=DAY), by=cast.charlie, now=NOW)
    make_outcome(make_activity(cast.charlie, planned_for=DAY))
    plans = plans_alike(cast.alice, focus_area().id, DAY, TODAY, limit=9)
    assert plans == [nearer, far, near]
    assert plans_alike(cast.alice, focus_area().id, DAY, TODAY) == [nearer, far]


def test_those_who_own_a_plan_see_who_plans_the_same_and_ask_once(cast: Cast, as_: As) -> None:
    mine, theirs = make_activity(cast.alice), make_activity(cast.charlie, title="Soppa")
    client, address = as_(cast.alice), f"/activities/{mine.id}/joining"
    page = client.get(f"/activities/{mine.id}").text
    assert "Klippan planerar samma sak. Gör det ihop?" in page
    assert "Fråga Charlie" in page
    assert "planerar samma sak" not in as_(cast.bob).get(f"/activities/{mine.id}").text
    assert client.post(address, data={"other": theirs.id}).status_code == 303
    assert asked() == [(mine.id, cast.charlie.id)]
    assert "planerar samma sak" not in client.get(f"/activities/{mine.id}").text
    assert "vill göra något" in as_(cast.charlie).get("/inbox").text


def test_between_two_plans_there_is_one_question_whoever_asks_and_whatever_the_answer(
    cast: Cast, as_: As
) -> None:
    mine, theirs = make_activity(cast.alice), make_activity(cast.charlie)
    as_(cast.alice).post(f"/activities/{mine.id}/joining", data={"other": theirs.id})
    number = db.session.scalar(select(CoOwner.id))
    assert as_(cast.charlie).post(f"/invitations/{number}/refusal").status_code == 303
    for person, one, other in ((cast.alice, mine, theirs), (cast.charlie, theirs, mine)):
        answer = as_(person).post(f"/activities/{one.id}/joining", data={"other": other.id})
        assert answer.status_code == 303
        assert "planerar samma sak" not in as_(person).get(f"/activities/{one.id}").text
    assert asked() == [(mine.id, cast.charlie.id)]


def test_only_those_who_own_it_ask_and_only_about_plans_alike(cast: Cast, as_: As) -> None:
    mine, theirs = make_activity(cast.alice), make_activity(cast.charlie)
    elsewhere = make_activity(cast.charlie, focus_area=focus_area("miljo"))
    own = make_activity(cast.alice)
    owner, outsider = as_(cast.alice), as_(cast.bob)
    address = f"/activities/{mine.id}/joining"
    with unchanged():
        assert outsider.post(address, data={"other": theirs.id}).status_code == 404
        for other in (elsewhere.id, own.id, mine.id, 99999, "nonsense"):
            assert owner.post(address, data={"other": other}).status_code == 404
        assert owner.post(address).status_code == 404


def test_a_new_plan_shows_them_once_focus_area_and_day_are_chosen_and_asks_when_it_is_saved(
    cast: Cast, as_: As, hx: dict[str, str]
) -> None:
    theirs, client = make_activity(cast.charlie, title="Soppa"), as_(cast.alice)
    chosen = {"focus_area": "larande", "planned_for": DAY.isoformat()}
    assert (
        "Fråga Charlie när jag sparar"
        in client.get("/activities/alike", query_string=chosen, headers=hx).text
    )
    assert "Charlie" not in client.get("/activities/alike?focus_area=larande&planned_for=x", headers=hx).text
    assert client.get("/activities/alike", query_string=chosen).status_code == 303
    refused = client.post("/activities/new", data=PLAN | {"title": "", "alike": theirs.id})
    assert refused.status_code == 422
    assert f'value="{theirs.id}" data-no-draft checked' in refused.text
    assert client.post("/activities/new", data=PLAN | {"alike": [theirs.id, "x"]}).status_code == 303
    plan = db.session.scalar(select(Activity.id).where(Activity.owner_id == cast.alice.id))
    assert asked() == [(plan, cast.charlie.id)]
