"""What a moderator decides about a picture that somebody in it does not want, and what follows."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.gateways.images import prepare
from app.models.moderation import Decision, Verdict
from app.models.outcome import Photo, Withheld
from app.models.person import Person
from app.models.photo_objection import PhotoObjection
from app.services.activities.photos import keep_photo, remove_photo
from app.services.activities.wholes import whole_activities
from app.services.moderation.acts import AlreadyDecidedError
from app.services.moderation.decide import hide
from app.services.moderation.picture_queue import reviewable_picture, waiting_pictures
from app.services.moderation.pictures import object_to, release, withhold
from app.services.moderation.queue import queue_length
from app.services.moderation.reminding import remind_of_waiting
from app.web.media import media_store
from tests.cast import Cast
from tests.factories import NOW
from tests.picture_makers import decide, make_photo, say_no, told
from tests.pictures import jpeg

As = Callable[[Person], FlaskClient]
pytestmark = pytest.mark.usefixtures("at_now")
SECRET_WORDS = "Jag har skyddade uppgifter."


@pytest.fixture
def photo(cast: Cast) -> Photo:
    return make_photo(cast)


def test_a_decision_withholds_it_from_all_and_tells_those_concerned(
    photo: Photo, cast: Cast, as_: As
) -> None:
    say_no(photo)
    say_no(photo, cast.bob)
    cora, alice, bob = as_(cast.cora), as_(cast.alice), as_(cast.bob)
    address = photo.url("s", "webp")
    assert bob.get(address).status_code == 200
    answer = cora.post(f"/moderation/pictures/{photo.id}/withholding", data={"text": "Fråga först."})
    assert answer.location == "/moderation"
    assert [browser.get(address).status_code for browser in (bob, alice, cora)] == [404, 404, 200]
    decision = db.session.scalars(select(Decision)).one()
    assert (decision.verdict, decision.by_id, decision.photo_id) == ("withhold", cast.cora.id, photo.id)
    assert told(cast.bob) == [("picture_looked_at", "withhold")]
    assert told(cast.alice)[-1] == ("picture_withhold", "")
    assert waiting_pictures(cast.cora) == []
    assert "Fråga först." in cora.get("/moderation/log").text
    assert "Fråga först." in alice.get("/inbox").text


def test_it_can_be_decided_again_and_only_once_alike(photo: Photo, cast: Cast) -> None:
    with pytest.raises(AlreadyDecidedError):
        decide(withhold, photo, cast.lena)
    with pytest.raises(AlreadyDecidedError):
        decide(release, photo, cast.lena)
    db.session.rollback()
    say_no(photo)
    decide(withhold, photo, cast.lena)
    with pytest.raises(AlreadyDecidedError):
        decide(withhold, photo, cast.cora)
    decide(release, photo, cast.cora)
    assert photo.withheld is None
    decide(withhold, photo, cast.lena)
    assert photo.withheld == Withheld.ALL


def test_two_moderators_at_once_are_told_that_one_was_quicker(photo: Photo, cast: Cast, as_: As) -> None:
    say_no(photo)
    decide(release, photo, cast.lena)
    cora = as_(cast.cora)
    answer = cora.post(f"/moderation/pictures/{photo.id}/release", data={"text": ""}, follow_redirects=True)
    assert "någon hann före" in answer.text.lower()


def test_once_released_nobody_unknown_takes_it_down_again(photo: Photo, cast: Cast) -> None:
    """It is looked at again, and stays meanwhile; somebody known takes it down once, and not again in vain."""
    withheld = []
    for by in (None, None, cast.bob, cast.bob, cast.charlie):
        say_no(photo, by)
        withheld.append(photo.withheld)
        assert len(waiting_pictures(cast.cora)) == 1
        decide(release, photo, cast.lena)
    assert withheld == [Withheld.PUBLIC, None, Withheld.PUBLIC, None, Withheld.PUBLIC]


def test_who_decides_is_of_its_municipality_and_not_its_author(photo: Photo, cast: Cast) -> None:
    say_no(photo)
    assert [queue_length(person) for person in (cast.cora, cast.lena, cast.kim)] == [1, 1, 0]
    assert reviewable_picture(photo.id, cast.kim) is None
    assert reviewable_picture(photo.id, cast.alice) is None
    other = make_photo(cast, "red")
    assert reviewable_picture(other.id, cast.cora) is None, "nobody has objected to it"


def test_a_decision_about_a_picture_leaves_the_activity_as_it_was(photo: Photo, cast: Cast) -> None:
    (activity,) = whole_activities([photo.activity_id])
    say_no(photo)
    decision = decide(withhold, photo, cast.lena)
    assert activity.removal is None
    hide(activity, cast.lena, "tone", "", NOW)
    assert decision.verdict == Verdict.WITHHOLD
    db.session.commit()
    assert queue_length(cast.cora) == 0


def test_its_author_ends_it_by_removing_the_picture(photo: Photo, cast: Cast) -> None:
    say_no(photo)
    say_no(photo, cast.bob)
    activity_id, sha256 = photo.activity_id, photo.sha256
    remove_photo(photo, store=media_store(), commit=db.session.commit, now=NOW)
    assert told(cast.bob) == [("picture_looked_at", "removed")]
    assert queue_length(cast.cora) == 0
    kept = db.session.scalars(select(PhotoObjection)).all()
    assert [(one.photo_id, one.ended_at, one.contribution_id) for one in kept] == [
        (None, NOW, activity_id)
    ] * 2
    (activity,) = whole_activities([activity_id])
    again = keep_photo(activity, cast.alice, prepare(jpeg("orange", (64, 48))), store=media_store(), now=NOW)
    assert (again.sha256, again.withheld) == (sha256, Withheld.PUBLIC), "the same file is the same picture"
    assert [one.id for one in waiting_pictures(cast.cora)] == [again.id], "and somebody looks after all"
    decide(withhold, again, cast.cora)
    remove_photo(again, store=media_store(), commit=db.session.commit, now=NOW)
    (activity,) = whole_activities([activity_id])
    again = keep_photo(activity, cast.alice, prepare(jpeg("orange", (64, 48))), store=media_store(), now=NOW)
    assert again.withheld == Withheld.ALL
    assert reviewable_picture(again.id, cast.cora)
    another = keep_photo(activity, cast.alice, prepare(jpeg("red", (64, 48))), store=media_store(), now=NOW)
    assert another.withheld is None


def test_what_is_released_when_it_came_again_stays_so_for_all_who_objected(photo: Photo, cast: Cast) -> None:
    say_no(photo)
    say_no(photo, cast.bob)
    activity_id = photo.activity_id
    picture = prepare(jpeg("orange", (64, 48)))
    for verdict in (None, release, None):
        if verdict:
            decide(verdict, photo, cast.cora)
        remove_photo(photo, store=media_store(), commit=db.session.commit, now=NOW)
        (activity,) = whole_activities([activity_id])
        photo = keep_photo(activity, cast.alice, picture, store=media_store(), now=NOW)
    assert photo.withheld is None
    assert told(cast.bob) == [("picture_looked_at", "removed"), ("picture_looked_at", "release")]


def test_after_a_day_the_leads_are_told_too_once(photo: Photo, cast: Cast) -> None:
    say_no(photo)
    for hours in (23, 25, 30):
        remind_of_waiting(NOW + timedelta(hours=hours), commit=db.session.flush)
    for person in (cast.cora, cast.lena):
        assert [event for event, _verdict in told(person)].count("picture_waits") == 1
    assert "picture_waits" not in [event for event, _verdict in told(cast.kim)]


def test_the_oldest_comes_first_and_many_take_no_more_queries(
    photo: Photo, cast: Cast, queries: list[str]
) -> None:
    object_to(photo, None, "", NOW + timedelta(hours=1))
    db.session.commit()

    cora, last = cast.cora.id, photo.id

    def asks() -> int:
        db.session.remove()
        viewer = db.session.get_one(Person, cora)
        queries.clear()
        waiting_pictures(viewer)
        return len(queries)

    for colour in ("red", "blue", "green"):
        say_no(make_photo(cast, colour))
    many = asks()
    numbers = [one.id for one in waiting_pictures(db.session.get_one(Person, cora))]
    assert len(numbers) == 4
    (oldest,) = waiting_pictures(db.session.get_one(Person, cora), 1)
    assert oldest.length == 4, "beyond what is shown too"
    assert numbers == [*sorted(set(numbers) - {last}), last]
    for number in numbers[:-1]:
        objection = db.session.scalars(select(PhotoObjection).where(PhotoObjection.photo_id == number)).one()
        objection.ended_at = NOW
    db.session.commit()
    assert asks() == many
