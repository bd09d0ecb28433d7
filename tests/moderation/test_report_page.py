"""Anybody who sees something may ask a coordinator to look at it."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.extensions import db
from app.models.activity import Activity
from app.models.moderation import Flag
from app.models.person import Person
from app.services.moderation.decide import hide
from app.services.moderation.flags import flag
from tests.cast import Cast
from tests.factories import NOW, make_activity
from tests.unchanged import unchanged

As = Callable[[Person], FlaskClient]
TONE = {"reason": "tone", "text": "Det låter hårt."}


@pytest.fixture
def activity(cast: Cast) -> Activity:
    return make_activity(cast.alice)


def _url(activity: Activity) -> str:
    return f"/moderation/report/{activity.id}"


def _reports() -> int:
    return db.session.scalar(select(func.count()).select_from(Flag)) or 0


@pytest.mark.parametrize("who", ["bob", "charlie", "stig", "kim", "lena"])
def test_whoever_sees_it_may_report_it_and_is_thanked(
    activity: Activity, cast: Cast, as_: As, who: str
) -> None:
    browser = as_(getattr(cast, who))
    answer = browser.post(_url(activity), data=TONE)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/activities/{activity.id}"
    assert "Tack. En samordnare tittar på det" in browser.get(answer.headers["Location"]).text
    report = db.session.scalars(select(Flag)).one()
    assert (report.reason, report.text) == ("tone", "Det låter hårt.")


def test_twice_is_one_report(activity: Activity, cast: Cast, as_: As) -> None:
    bob = as_(cast.bob)
    bob.post(_url(activity), data=TONE)
    with unchanged():
        bob.post(_url(activity), data=TONE)
    assert _reports() == 1


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({}, "Välj en orsak."),
        ({"reason": "nonsense"}, "Välj en orsak."),
        ({"reason": "other", "text": " "}, "Skriv vad som är fel."),
        ({"reason": "tone", "text": "x" * 1001}, "Högst 1000 tecken."),
    ],
)
def test_an_invalid_report_comes_back(
    activity: Activity, cast: Cast, as_: As, answers: dict[str, str], sentence: str
) -> None:
    bob = as_(cast.bob)
    with unchanged():
        answer = bob.post(_url(activity), data=answers)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_ones_own_is_not_reported(activity: Activity, cast: Cast, as_: As) -> None:
    alice = as_(cast.alice)
    with unchanged():
        assert alice.get(_url(activity)).status_code == 404
        assert alice.post(_url(activity), data=TONE).status_code == 404


def test_what_one_does_not_see_is_not_reported(activity: Activity, cast: Cast, as_: As) -> None:
    hide(activity, cast.cora, "tone", "", NOW)
    db.session.commit()
    url = _url(activity)
    for browser in [as_(person) for person in (cast.bob, cast.kim, cast.cora)]:
        with unchanged():
            assert browser.post(url, data=TONE).status_code == 404


def test_a_stranger_is_sent_to_sign_in(activity: Activity, client: FlaskClient) -> None:
    with unchanged():
        assert client.post(_url(activity), data=TONE).location.startswith("/login")


def test_the_form_is_a_page_or_a_fragment(
    activity: Activity, cast: Cast, as_: As, hx: dict[str, str]
) -> None:
    bob = as_(cast.bob)
    assert "<html" in bob.get(_url(activity)).text
    fragment = bob.post(_url(activity), data={}, headers=hx)
    assert fragment.status_code == 422
    assert fragment.text.lstrip().startswith('<draft-form id="report"')
    assert (
        bob.post(_url(activity), data=TONE, headers=hx).headers["HX-Redirect"] == f"/activities/{activity.id}"
    )


def test_what_others_have_had_set_aside_meanwhile_is_said_to_rest(cast: Cast, as_: As) -> None:
    activity = make_activity(cast.alice)
    bob = as_(cast.bob)
    assert bob.get(f"/moderation/report/{activity.id}").status_code == 200
    for person in (cast.charlie, cast.kim, cast.cora):
        flag(activity, person, "tone", "", NOW)
    db.session.commit()
    with unchanged():
        answer = bob.post(f"/moderation/report/{activity.id}", data={"reason": "tone"})
    page = bob.get(answer.headers["Location"]).text
    assert "den vilar tills en samordnare har tittat" in page
    assert "Någon har redan tittat" not in page
    assert activity.title not in page
