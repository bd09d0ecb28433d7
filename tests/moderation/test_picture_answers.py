"""Whose picture is withheld from all may answer back, once for each decision, and somebody else looks again."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.gateways.images import prepare
from app.models.moderation import Appeal, Decision
from app.models.notification import Notification
from app.models.outcome import Photo, Withheld
from app.models.person import Person
from app.services.activities.photos import add_photo, keep_photo, remove_photo
from app.services.activities.wholes import whole_activities
from app.services.moderation.acts import AlreadyDecidedError, OwnDecisionError
from app.services.moderation.decide import hide
from app.services.moderation.picture_answers import answer_back_about, keep_withheld
from app.services.moderation.picture_queue import reviewable_picture, waiting_pictures
from app.services.moderation.pictures import release, withhold
from app.services.moderation.queue import item_of, queue, queue_length
from app.services.moderation.reminding import remind_of_waiting
from app.web.media import media_store
from tests.cast import Cast
from tests.factories import NOW
from tests.picture_makers import decide, make_photo, say_no, told
from tests.pictures import jpeg, prepare_photos
from tests.unchanged import unchanged

As = Callable[[Person], FlaskClient]
pytestmark = pytest.mark.usefixtures("at_now")
OBJECTION = "Jag har skyddade uppgifter."
WORDS = "Alla på bilden har sagt ja nu."


@pytest.fixture
def withheld(cast: Cast) -> Photo:
    """By Cora, after Bob has objected."""
    photo = make_photo(cast)
    say_no(photo, cast.bob, OBJECTION)
    decide(withhold, photo, cast.cora, "Fråga först.")
    return photo


def _answer(photo: Photo, by: Person, text: str = WORDS) -> Appeal:
    (activity,) = whole_activities([photo.activity_id])
    answer = answer_back_about(photo, activity, by, text, NOW)
    db.session.commit()
    return answer


def _url(photo: Photo) -> str:
    return f"/moderation/pictures/{photo.id}/answer"


def test_the_author_reads_why_and_answers_and_may_change_it(withheld: Photo, cast: Cast, as_: As) -> None:
    alice = as_(cast.alice)
    assert f'href="{_url(withheld)}"' in alice.get(f"/activities/{withheld.activity_id}").text
    assert f'href="{_url(withheld)}"' in alice.get(f"/activities/{withheld.activity_id}/outcome").text
    page = alice.get(_url(withheld)).text
    assert "Fråga först." in page
    for words in ("Hm.", WORDS):
        answer = alice.post(_url(withheld), data={"text": words})
        assert (answer.status_code, answer.location) == (303, _url(withheld))
    assert db.session.scalars(select(Appeal.text)).all() == [WORDS]
    page = alice.get(_url(withheld)).text
    assert WORDS in page
    assert OBJECTION not in page
    assert cast.bob.name not in page


def test_the_notice_of_the_decision_leads_there(withheld: Photo, cast: Cast) -> None:
    newest = select(Notification.url).where(Notification.person_id == cast.alice.id)
    assert db.session.scalar(newest.order_by(Notification.id.desc()).limit(1)) == _url(withheld)


def test_notices_of_a_picture_that_was_removed_lead_on(withheld: Photo, cast: Cast, as_: As) -> None:
    number, answer = withheld.id, _url(withheld)
    remove_photo(withheld, store=media_store(), commit=db.session.commit, now=NOW)
    for person, url, page in (
        (cast.alice, answer, "/activities/mine"),
        (cast.cora, f"/moderation/pictures/{number}", "/moderation"),
    ):
        browser = as_(person)
        assert browser.get(url).location == page
        assert "Bilden är borttagen." in browser.get(url, follow_redirects=True).text
    assert as_(cast.alice).post(answer, data={"text": WORDS}).status_code == 404


def test_numbers_of_pictures_tell_nobody_else_which_there_are(withheld: Photo, cast: Cast, as_: As) -> None:
    unseen = make_photo(cast)
    removed, others = withheld.id, (unseen.id, unseen.id + 1)
    remove_photo(withheld, store=media_store(), commit=db.session.commit, now=NOW)
    for person, place, numbers in (
        (cast.bob, "/answer", (removed, *others)),
        (cast.cora, "/answer", (removed, *others)),
        (cast.kim, "", (removed, *others)),
        (cast.cora, "", others),
    ):
        browser = as_(person)
        for number in numbers:
            assert browser.get(f"/moderation/pictures/{number}{place}").status_code == 404


@pytest.mark.parametrize("who", ["bob", "cora", "kim", "lena"])
def test_nobody_answers_for_the_author(withheld: Photo, cast: Cast, as_: As, who: str) -> None:
    browser = as_(getattr(cast, who))
    with unchanged():
        assert browser.get(_url(withheld)).status_code == 404
        assert browser.post(_url(withheld), data={"text": WORDS}).status_code == 404


def test_what_nobody_has_decided_about_has_nothing_to_answer(cast: Cast, as_: As) -> None:
    photo, alice = make_photo(cast), as_(cast.alice)
    say_no(photo)
    with unchanged():
        assert alice.get(_url(photo)).location == f"/activities/{photo.activity_id}"
        assert alice.post(_url(photo), data={"text": WORDS}).status_code == 303
    assert alice.get(_url(photo), follow_redirects=True).status_code == 200


def test_an_empty_answer_comes_back_as_a_page_or_a_fragment(
    withheld: Photo, cast: Cast, as_: As, hx: dict[str, str]
) -> None:
    alice = as_(cast.alice)
    for headers, begins in (({}, "<!doctype html>"), (hx, '<div id="answer">')):
        with unchanged():
            answer = alice.post(_url(withheld), data={"text": " "}, headers=headers)
        assert answer.status_code == 422
        assert "Skriv ditt svar." in answer.text
        assert answer.text.lstrip().startswith(begins)


def test_it_waits_for_somebody_else_with_the_words_of_both(withheld: Photo, cast: Cast, as_: As) -> None:
    assert [queue_length(person) for person in (cast.cora, cast.lena, cast.kim)] == [0, 0, 0]
    _answer(withheld, cast.alice)
    assert [queue_length(person) for person in (cast.cora, cast.lena, cast.kim)] == [1, 1, 0]
    assert told(cast.lena) == [("answered", "")], "nobody else of Bjuv can look"
    assert "answered" not in [event for event, _verdict in told(cast.cora)]
    lena = as_(cast.lena)
    assert WORDS in lena.get("/moderation").text
    page = lena.get(f"/moderation/pictures/{withheld.id}").text
    assert WORDS in page
    assert OBJECTION in page
    assert cast.bob.name not in page


def test_it_is_no_answer_about_the_thing_itself(withheld: Photo, cast: Cast) -> None:
    _answer(withheld, cast.alice)
    (activity,) = whole_activities([withheld.activity_id])
    assert queue(cast.lena).items == []
    assert item_of(activity, cast.lena).appeal is None
    hide(activity, cast.lena, "tone", "", NOW)
    db.session.commit()
    assert item_of(activity, cast.lena).appeal is None
    assert queue_length(cast.lena) == 1, "the picture"


def test_it_is_released_and_who_objected_is_told(withheld: Photo, cast: Cast, as_: As) -> None:
    _answer(withheld, cast.alice)
    lena = as_(cast.lena)
    lena.post(f"/moderation/pictures/{withheld.id}/release", data={"text": "Tack, då är det klart."})
    assert withheld.withheld is None
    answer, last = db.session.scalars(select(Appeal)).one(), db.session.scalars(select(Decision)).all()[-1]
    assert answer.settled_by_id == last.id
    assert queue_length(cast.lena) == 0
    assert told(cast.alice)[-1] == ("picture_release", "")
    assert told(cast.bob) == [("picture_looked_at", "withhold"), ("picture_looked_at", "release")]
    assert "Tack, då är det klart." in as_(cast.alice).get("/inbox").text


def test_it_stays_withheld_and_the_author_reads_why(withheld: Photo, cast: Cast, as_: As) -> None:
    _answer(withheld, cast.alice)
    lena, alice = as_(cast.lena), as_(cast.alice)
    answer = lena.post(f"/moderation/pictures/{withheld.id}/confirmation", data={"text": "Ett ja saknas."})
    assert answer.location == "/moderation"
    assert withheld.withheld == Withheld.ALL
    assert told(cast.alice)[-1] == ("picture_keep_withheld", "")
    assert told(cast.bob) == [("picture_looked_at", "withhold")], "it is as it was"
    page = alice.get(_url(withheld)).text
    assert "Beslutet står fast" in page
    assert "Ett ja saknas." in page
    with unchanged():
        alice.post(_url(withheld), data={"text": "Men snälla."})
    assert "Ett ja saknas." in lena.get("/moderation/log").text


def test_who_withheld_it_may_release_it_but_not_reject_the_answer(
    withheld: Photo, cast: Cast, as_: As
) -> None:
    _answer(withheld, cast.alice)
    cora = as_(cast.cora)
    assert "confirmation" not in cora.get(f"/moderation/pictures/{withheld.id}").text
    assert cora.post(f"/moderation/pictures/{withheld.id}/confirmation", data={}).status_code == 403
    with pytest.raises(OwnDecisionError):
        decide(keep_withheld, withheld, cast.cora)
    db.session.rollback()
    decide(release, withheld, cast.cora)
    assert withheld.withheld is None


def test_without_an_open_answer_there_is_nothing_to_reject(withheld: Photo, cast: Cast) -> None:
    with pytest.raises(AlreadyDecidedError):
        decide(keep_withheld, withheld, cast.lena)
    db.session.rollback()
    _answer(withheld, cast.alice)
    decide(keep_withheld, withheld, cast.lena)
    with pytest.raises(AlreadyDecidedError):
        decide(keep_withheld, withheld, cast.lena)


def test_withheld_again_it_can_be_answered_again(withheld: Photo, cast: Cast) -> None:
    _answer(withheld, cast.alice)
    decide(release, withheld, cast.lena)
    decide(withhold, withheld, cast.cora)
    _answer(withheld, cast.alice, "Igen.")
    assert [one.answer for one in waiting_pictures(cast.lena)] == ["Igen."]
    assert told(cast.bob)[-1] == ("picture_looked_at", "withhold")


def test_it_ends_with_the_picture_and_goes_on_when_that_comes_again(withheld: Photo, cast: Cast) -> None:
    _answer(withheld, cast.alice)
    activity_id = withheld.activity_id
    remove_photo(withheld, store=media_store(), commit=db.session.commit, now=NOW)
    assert (queue_length(cast.lena), waiting_pictures(cast.lena)) == (0, [])
    remind_of_waiting(NOW + timedelta(days=5), commit=db.session.flush)
    assert told(cast.lena) == [("answered", "")]
    again = _send_again(activity_id, cast)
    assert again.withheld == Withheld.ALL
    waiting = reviewable_picture(again.id, cast.lena)
    assert waiting
    assert waiting.appeal
    decide(release, again, cast.lena)
    remove_photo(again, store=media_store(), commit=db.session.commit, now=NOW)
    assert _send_again(activity_id, cast).withheld is None, "released is released"


def test_sent_again_it_waits_for_its_files(withheld: Photo, cast: Cast, as_: As) -> None:
    _answer(withheld, cast.alice)
    activity_id = withheld.activity_id
    remove_photo(withheld, store=media_store(), commit=db.session.commit, now=NOW)
    (activity,) = whole_activities([activity_id])
    again = add_photo(activity, cast.alice, jpeg("orange", (64, 48)), store=media_store(), now=NOW)
    lena = as_(cast.lena)
    assert (queue_length(cast.lena), waiting_pictures(cast.lena)) == (0, [])
    assert lena.get("/moderation").status_code == 200
    assert lena.get(f"/moderation/pictures/{again.id}").status_code == 404
    prepare_photos()
    assert [one.id for one in waiting_pictures(cast.lena)] == [again.id]


def _send_again(activity_id: int, cast: Cast) -> Photo:
    (activity,) = whole_activities([activity_id])
    picture = prepare(jpeg("orange", (64, 48)))
    return keep_photo(activity, cast.alice, picture, store=media_store(), now=NOW)


def test_after_three_working_days_others_are_reminded_once(withheld: Photo, cast: Cast) -> None:
    _answer(withheld, cast.alice)
    for days in (2, 3, 4):
        remind_of_waiting(NOW + timedelta(days=days), commit=db.session.flush)
    assert [event for event, _verdict in told(cast.lena)] == ["answered", "appeal_waits"]
    assert "appeal_waits" not in [event for event, _verdict in told(cast.cora)]
    page = select(Notification.url).where(Notification.person_id == cast.lena.id).distinct()
    assert db.session.scalars(page).all() == [f"/moderation/pictures/{withheld.id}"]


def test_many_answers_take_no_more_queries(withheld: Photo, cast: Cast, queries: list[str]) -> None:
    lena, photos = cast.lena.id, [withheld, make_photo(cast, "red"), make_photo(cast, "blue")]
    for photo in photos[1:]:
        say_no(photo)
        decide(withhold, photo, cast.cora)
    for photo in photos:
        _answer(photo, cast.alice)
    numbers = [photo.id for photo in photos]

    def asks() -> int:
        db.session.remove()
        viewer = db.session.get_one(Person, lena)
        queries.clear()
        waiting_pictures(viewer)
        return len(queries)

    many = asks()
    for number in numbers[1:]:
        decide(keep_withheld, db.session.get_one(Photo, number), db.session.get_one(Person, lena))
    assert asks() == many
    assert [one.id for one in waiting_pictures(db.session.get_one(Person, lena))] == numbers[:1]
