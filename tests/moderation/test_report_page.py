"""Anybody who sees something may ask a coordinator to look at it."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.extensions import db
from app.gateways.images import prepare
from app.models.activity import Activity
from app.models.moderation import Flag
from app.models.person import Person
from app.services.activities.checks import begin_waiting
from app.services.activities.photos import keep_photo
from app.services.moderation.decide import hide
from app.services.moderation.flags import flag
from app.web.media import media_store
from tests.cast import Cast
from tests.factories import NOW, make_activity, make_outcome
from tests.pictures import jpeg
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


def test_pictures_are_told_apart_by_what_they_show_or_by_their_place(
    activity: Activity, cast: Cast, as_: As
) -> None:
    photos = [
        keep_photo(activity, cast.alice, prepare(jpeg(colour, (64, 48))), store=media_store(), now=NOW)
        for colour in ("orange", "navy", "teal")
    ]
    photos[0].alt = "Ett långbord"
    make_outcome(activity)
    page = as_(cast.cora).get(_url(activity)).text
    for photo, name in zip(photos, ("Ett långbord", "Bild 2 av 3", "Bild 3 av 3"), strict=True):
        row = page.partition(f'href="/pictures/{photo.key}/objection"')[2].partition("</a>")[0]
        assert f"/media/{photo.key}-m.webp" in row
        assert name in row
    flag(activity, cast.bob, "tone", "Den andra bilden.", NOW)
    db.session.commit()
    read = as_(cast.cora).get(f"/moderation/{activity.id}").text
    for photo, name in zip(photos, ("Ett långbord", "Bild 2 av 3", "Bild 3 av 3"), strict=True):
        assert name in read.partition(f"/media/{photo.key}-m.webp")[2].partition("</p>")[0], (
            "as who decides reads it"
        )


def _seal(browser: FlaskClient, activity: Activity) -> str:
    found = re.search(r'name="opened"[^>]* value="([^"]+)"', browser.get(_url(activity)).text)
    assert found
    return found[1]


def _set_aside(activity: Activity, *people: Person) -> None:
    for person in people:
        flag(activity, person, "tone", "", NOW)
    db.session.commit()


def test_what_others_have_had_set_aside_meanwhile_is_said_to_rest(
    activity: Activity, cast: Cast, as_: As
) -> None:
    bob = as_(cast.bob)
    seal = _seal(bob, activity)
    _set_aside(activity, cast.charlie, cast.kim, cast.cora)
    with unchanged():
        answer = bob.post(_url(activity), data={"reason": "tone", "opened": seal})
    page = bob.get(answer.headers["Location"]).text
    assert "den vilar tills en samordnare har tittat" in page
    assert "Någon har redan tittat" not in page
    assert activity.title not in page


def test_whose_report_has_it_set_aside_is_not_sent_to_a_page_that_is_gone(
    activity: Activity, cast: Cast, as_: As
) -> None:
    _set_aside(activity, cast.charlie, cast.kim)
    bob = as_(cast.bob)
    answer = bob.get(bob.post(_url(activity), data=TONE).headers["Location"])
    assert answer.status_code == 200
    assert "den vilar tills en samordnare har tittat" in answer.text


def test_whose_tap_comes_twice_is_thanked_although_the_first_had_it_set_aside(
    activity: Activity, cast: Cast, as_: As
) -> None:
    _set_aside(activity, cast.charlie, cast.kim)
    bob = as_(cast.bob)
    assert bob.post(_url(activity), data=TONE).status_code == 303
    with unchanged():
        answer = bob.post(_url(activity), data=TONE)
    assert "den vilar tills en samordnare har tittat" in bob.get(answer.headers["Location"]).text


def test_a_guessed_number_of_what_rests_is_answered_like_one_that_there_is_nothing_at(
    activity: Activity, cast: Cast, as_: As
) -> None:
    other, waiting = make_activity(cast.alice), make_activity(cast.alice)
    of_others = [_seal(as_(cast.kim), activity), _seal(as_(cast.bob), other)]
    _set_aside(activity, cast.charlie, cast.kim, cast.cora)
    begin_waiting(waiting, NOW)
    db.session.commit()
    bob = as_(cast.bob)
    nothing = bob.post("/moderation/report/987654", data=TONE)
    assert nothing.status_code == 404
    for seal in ("", "made-up", *of_others):
        with unchanged():
            answers = [bob.post(_url(one), data={**TONE, "opened": seal}) for one in (activity, waiting)]
        assert [(one.status_code, one.text) for one in answers] == [(404, nothing.text)] * 2
