"""Whoever is limited for a time reads everything and writes nothing that others see."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.extensions import db
from app.models.activity import Activity
from app.models.person import Person
from app.services.moderation.decide import hide, restore, undo
from tests.activities.closing import address_of
from tests.cast import Cast
from tests.factories import NOW, make_activity
from tests.pictures import jpeg
from tests.unchanged import unchanged

As = Callable[[Person], FlaskClient]


@pytest.fixture
def activity(cast: Cast) -> Activity:
    made = make_activity(cast.alice)
    db.session.commit()
    return made


def _limited(person: Person) -> object:
    return db.session.scalar(select(Person.limited_until).where(Person.id == person.id))


def test_the_longest_of_those_in_force_holds(cast: Cast) -> None:
    first, second = make_activity(cast.alice), make_activity(cast.alice)
    hide(first, cast.cora, "tone", "", NOW, days=7)
    hide(second, cast.cora, "tone", "", NOW, days=1)
    assert _limited(cast.alice) == NOW + timedelta(days=7)
    restore(first, cast.lena, NOW)
    assert _limited(cast.alice) == NOW + timedelta(days=1)
    undo(second, cast.cora, NOW)
    assert _limited(cast.alice) is None


@pytest.mark.parametrize("who", ["cora", "lena", "stig"])
def test_only_participants_are_limited(cast: Cast, as_: As, who: str) -> None:
    person = getattr(cast, who)
    own = make_activity(person)
    other_lead = cast.lena if who != "lena" else cast.cora
    db.session.commit()
    hide(own, other_lead, "tone", "", NOW, days=7)
    assert _limited(person) is None


def test_a_form_comes_back_as_it_was_filled(activity: Activity, cast: Cast, as_: As) -> None:
    hide(activity, cast.cora, "tone", "", clock.now(), days=7)
    other = make_activity(cast.bob)
    db.session.commit()
    alice = as_(cast.alice)
    assert alice.get("/").status_code == 200
    with unchanged():
        refused = alice.post(
            f"/moderation/report/{other.id}", data={"reason": "tone", "text": "Hm, det här är inte snällt."}
        )
    assert refused.status_code == 403
    assert "Hm, det här är inte snällt." in refused.text
    assert "Du kan läsa men inte skriva till" in refused.text
    with unchanged():
        refused = alice.post(f"/activities/{other.id}/cheer")
    assert refused.status_code == 403
    assert "Du kan läsa men inte skriva" in refused.text


def test_a_tap_and_a_form_that_the_scripts_send_are_told_until_when(
    activity: Activity, cast: Cast, as_: As, hx: dict[str, str]
) -> None:
    hide(activity, cast.cora, "tone", "", clock.now(), days=7)
    other = make_activity(cast.bob)
    db.session.commit()
    alice = as_(cast.alice)
    for path, sent in (
        (f"/activities/{other.id}/cheer", {}),
        (f"/activities/{other.id}/comments", {"body": "Hej!"}),
    ):
        with unchanged():
            refused = alice.post(path, data=sent, headers=hx)
        assert refused.status_code == 403
        assert unquote(refused.headers["X-Refusal"]).startswith("Du kan läsa men inte skriva till")
    assert "X-Refusal" not in as_(cast.stig).get("/moderation", headers=hx).headers


def test_whoever_is_limited_may_answer(activity: Activity, cast: Cast, as_: As) -> None:
    hide(activity, cast.cora, "tone", "", clock.now(), days=7)
    db.session.commit()
    alice = as_(cast.alice)
    assert "Du kan läsa men inte skriva till" in alice.get(f"/moderation/answer/{activity.id}").text
    answer = alice.post(f"/moderation/answer/{activity.id}", data={"text": "Det var inte så menat."})
    assert answer.status_code == 303


def test_pictures_of_whoever_is_limited_are_not_taken(activity: Activity, cast: Cast, as_: As) -> None:
    hide(make_activity(cast.alice), cast.cora, "tone", "", clock.now(), days=7)
    db.session.commit()
    alice = as_(cast.alice)
    with unchanged():
        picture = {"photos": (BytesIO(jpeg()), "bild.jpg")}
        answer = alice.post(f"/activities/{activity.id}/outcome", data={"story": "Det blev bra.", **picture})
    assert (answer.status_code, "Det blev bra." in answer.text) == (403, True)


def test_the_address_that_closes_a_plan_out_is_no_way_round(cast: Cast, as_: As) -> None:
    """Whoever opens it; and it is open to others, also in the browser of who is limited."""
    now = clock.now()
    theirs, of_other = (make_activity(person, planned_for=now.date()) for person in (cast.alice, cast.bob))
    hide(make_activity(cast.alice), cast.cora, "tone", "", now, days=7)
    db.session.commit()
    alice, bob = as_(cast.alice), as_(cast.bob)
    theirs_at, others_at = (
        address_of(one, one.owner, day=now.date(), since=now) for one in (theirs, of_other)
    )
    with unchanged():
        assert bob.post(theirs_at, data={"choice": "done"}).status_code == 403
    page = bob.get(theirs_at).text
    assert "Du kan läsa men inte skriva till" in page
    assert "<form" not in page
    assert 'value="done"' in alice.get(others_at).text
    assert alice.post(others_at, data={"choice": "done"}).status_code == 303


def test_a_limit_ends_by_itself(activity: Activity, cast: Cast, as_: As) -> None:
    hide(activity, cast.cora, "tone", "", clock.now() - timedelta(days=8), days=7)
    other = make_activity(cast.bob)
    db.session.commit()
    assert as_(cast.alice).post(f"/activities/{other.id}/cheer").status_code == 303
