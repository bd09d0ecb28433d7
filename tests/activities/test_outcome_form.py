"""The report's form: what it asks, who may fill it in, and that nothing written is lost."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.extensions import db
from app.models.activity import Activity
from app.models.outcome import Outcome, Photo
from app.models.person import Person
from app.services.activities.plan import answer_invitation, invite, withdraw_activity
from app.services.activities.report import standing_report
from app.services.activities.visibility import whole_activity
from app.services.moderation.decide import hide
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_activity, make_outcome, stage
from tests.pictures import jpeg, photos_of
from tests.unchanged import unchanged

As = Callable[[Person], FlaskClient]

ANSWERS = {
    "carried_out": "yes", "rating": "4", "story": "Nio modiga och två barn.", "reached": "11",
    "success": "Kaffet var varmare än vattnet.", "pitfall": "Ta med fler handdukar.", "permission": "internal",
}  # fmt: skip


@pytest.fixture
def activity(cast: Cast) -> Activity:
    return make_activity(cast.alice, planned_for=TODAY - timedelta(days=1))


def _url(activity: Activity) -> str:
    return f"/activities/{activity.id}/outcome"


def _outcome(activity: Activity) -> Outcome | None:
    db.session.expire_all()
    return db.session.get(Outcome, activity.id)


def _stamp(activity: Activity) -> str:
    """What the form remembers of the report that it was made from."""
    standing = standing_report(activity)
    assert standing
    return standing.stamp


def _with_photo(data: bytes, **over: Any) -> dict[str, Any]:
    return {**ANSWERS, **over, "photos": (io.BytesIO(data), "brygga.jpg")}


def test_the_owner_reports_and_is_thanked_with_real_figures(activity: Activity, cast: Cast, as_: As) -> None:
    make_activity(cast.charlie)
    alice = as_(cast.alice)
    answer = alice.post(_url(activity), data=ANSWERS)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{_url(activity)}/thanks"
    outcome = _outcome(activity)
    assert outcome is not None
    assert (outcome.rating, outcome.reached, outcome.story) == (4, 11, "Nio modiga och två barn.")
    thanks = alice.get(answer.headers["Location"]).text
    assert "50 poäng till Bjuv!" in thanks
    assert "Ni leder, 13,0 poäng före" in thanks


def test_who_is_behind_learns_how_far(activity: Activity, cast: Cast, as_: As) -> None:
    for _ in range(3):
        make_outcome(make_activity(cast.charlie, now=NOW))
    alice = as_(cast.alice)
    alice.post(_url(activity), data=ANSWERS)
    assert "poäng från Klippan" in alice.get(f"{_url(activity)}/thanks").text


def test_who_reports_when_the_stage_is_over_learns_how_it_goes_where_the_points_count(
    cast: Cast, as_: As
) -> None:
    for person in (cast.bob, cast.charlie):
        make_activity(person)
    late = make_activity(cast.alice, stage=stage(1))
    alice = as_(cast.alice)
    alice.post(_url(late), data=ANSWERS)
    assert "Ni leder, " in alice.get(f"{_url(late)}/thanks").text


def test_an_accepted_co_owner_reports_too_and_an_invited_one_does_not(
    activity: Activity, cast: Cast, as_: As
) -> None:
    charlie = as_(cast.charlie)
    whole = whole_activity(activity.id)
    assert whole is not None
    invited = invite(whole, cast.charlie, by=cast.alice, now=NOW)
    with unchanged():
        assert charlie.post(_url(activity), data=ANSWERS).status_code == 404
    answer_invitation(invited, True, now=NOW)
    db.session.commit()
    assert charlie.post(_url(activity), data=ANSWERS).status_code == 303


@pytest.mark.parametrize("who", ["bob", "cora", "lena", "stig"])
def test_nobody_reports_for_others(activity: Activity, cast: Cast, as_: As, who: str) -> None:
    browser = as_(getattr(cast, who))
    with unchanged():
        assert browser.get(_url(activity)).status_code == 404
        assert browser.post(_url(activity), data=ANSWERS).status_code == 404
        assert browser.get(f"{_url(activity)}/thanks").status_code == 404


def test_a_stranger_is_sent_to_sign_in(activity: Activity, client: FlaskClient) -> None:
    with unchanged():
        answer = client.post(_url(activity), data=ANSWERS)
    assert answer.status_code == 303
    assert "/login" in answer.headers["Location"]


def test_what_came_to_nothing_needs_no_rating(activity: Activity, cast: Cast, as_: As) -> None:
    answer = as_(cast.alice).post(
        _url(activity), data={"carried_out": "no", "rating": "3", "permission": "none"}
    )
    assert answer.status_code == 303
    outcome = _outcome(activity)
    assert outcome is not None
    assert outcome.rating is None


@pytest.mark.parametrize(
    ("over", "sentence"),
    [
        ({"rating": ""}, "Välj ett betyg."),
        ({"rating": "6"}, "Välj ett betyg."),
        ({"carried_out": ""}, "Välj om det blev av."),
        ({"reached": "många"}, "Skriv ett heltal, till exempel 25."),
        ({"reached": "-3"}, "Skriv ett heltal, till exempel 25."),
        ({"pitfall": "x" * 1001}, "Högst 1000 tecken."),
    ],
)
def test_an_invalid_report_comes_back_with_everything_in_it(
    activity: Activity, cast: Cast, as_: As, over: dict[str, str], sentence: str
) -> None:
    alice = as_(cast.alice)
    with unchanged():
        answer = alice.post(_url(activity), data=ANSWERS | over)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Nio modiga och två barn." in answer.text
    assert "Kaffet var varmare än vattnet." in answer.text


def test_an_invalid_report_keeps_its_photos_with_their_descriptions(
    activity: Activity, cast: Cast, as_: As
) -> None:
    alice = as_(cast.alice)
    assert alice.post(_url(activity), data=_with_photo(jpeg(), rating="")).status_code == 422
    photo = _photos(activity)[0]
    again = alice.post(_url(activity), data=ANSWERS | {"rating": "", f"alt-{photo.id}": "En brygga i dimma"})
    assert 'value="En brygga i dimma"' in again.text
    assert [photo.alt for photo in _photos(activity)] == ["En brygga i dimma"]


def _photos(activity: Activity) -> list[Photo]:
    db.session.expire_all()
    return photos_of(activity)


def test_a_file_that_is_no_picture_keeps_the_rest_of_the_form(
    activity: Activity, cast: Cast, as_: As
) -> None:
    alice = as_(cast.alice)
    with unchanged():
        answer = alice.post(_url(activity), data=_with_photo(b"not a picture"))
    assert answer.status_code == 422
    assert "brygga.jpg gick inte att läsa som bild." in answer.text
    assert "Nio modiga och två barn." in answer.text


def test_a_report_that_is_there_is_filled_in_and_can_be_changed(
    activity: Activity, cast: Cast, as_: As
) -> None:
    make_outcome(activity)
    alice = as_(cast.alice)
    assert "Barnen fick visa sina favoritböcker först." in alice.get(_url(activity)).text
    answer = alice.post(_url(activity), data=ANSWERS | {"rating": "1", "seen": _stamp(activity)})
    assert answer.headers["Location"] == f"/activities/{activity.id}"
    outcome = _outcome(activity)
    assert outcome is not None
    assert outcome.rating == 1


def test_a_reminders_tap_answers_the_first_question(activity: Activity, cast: Cast, as_: As) -> None:
    page = as_(cast.alice).get(f"{_url(activity)}?carried_out=no").text
    assert 'value="no" class="not-done" checked' in page


def test_the_form_is_a_page_or_a_fragment(
    activity: Activity, cast: Cast, as_: As, hx: dict[str, str]
) -> None:
    alice = as_(cast.alice)
    assert "<html" in alice.get(_url(activity)).text
    fragment = alice.post(_url(activity), data=ANSWERS | {"rating": ""}, headers=hx)
    assert fragment.status_code == 422
    assert fragment.text.lstrip().startswith('<draft-form id="report"')
    sent = alice.post(_url(activity), data=ANSWERS, headers=hx)
    assert sent.headers["HX-Redirect"] == f"{_url(activity)}/thanks"


def test_neither_what_is_hidden_nor_what_is_withdrawn_is_reported(cast: Cast, as_: As) -> None:
    cora, hidden, withdrawn = cast.cora, make_activity(cast.alice), make_activity(cast.alice)
    hide(hidden, cora, "tone", "", NOW)
    withdraw_activity(withdrawn, by=cast.alice, now=NOW)
    alice = as_(cast.alice)
    with unchanged():
        assert alice.post(_url(hidden), data=ANSWERS).status_code == 410
        assert alice.post(_url(withdrawn), data=ANSWERS).status_code == 410


def test_the_activitys_page_tells_how_it_went(activity: Activity, cast: Cast, as_: As) -> None:
    make_outcome(activity)
    page = as_(cast.charlie).get(f"/activities/{activity.id}").text
    assert "Så gick det" in page
    assert "Bättre än väntat" in page
    assert "Fälla" in page
