"""Somebody in a picture does not want it: what that does at once, and what a moderator's decision does."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.extensions import db
from app.gateways.images import prepare
from app.models.moderation import Decision, Verdict
from app.models.notification import Notification
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
from tests.factories import NOW, make_activity, make_outcome
from tests.pictures import jpeg

As = Callable[[Person], FlaskClient]
pytestmark = pytest.mark.usefixtures("at_now")
SECRET_WORDS = "Jag har skyddade uppgifter."


@pytest.fixture
def photo(cast: Cast) -> Photo:
    return _make_photo(cast, "orange")


def _make_photo(cast: Cast, colour: str) -> Photo:
    for person in (cast.cora, cast.lena, cast.kim):
        assert person
    activity = make_activity(cast.alice)
    picture = prepare(jpeg(colour, (64, 48)))
    made = keep_photo(activity, cast.alice, picture, store=media_store(), now=NOW)
    make_outcome(activity)
    return made


def _decide(how: Callable[..., Decision], photo: Photo, by: Person, text: str = "") -> Decision:
    (activity,) = whole_activities([photo.activity_id])
    decision = how(photo, activity, by, text, NOW)
    db.session.commit()
    return decision


def _object(photo: Photo, by: Person | None = None, words: str = "") -> None:
    object_to(photo, by, words, NOW)
    db.session.commit()


def _told(person: Person) -> list[tuple[str, str]]:
    rows = select(Notification).where(Notification.person_id == person.id, Notification.kind == "moderation")
    return [
        (one.parameters["event"], one.parameters.get("verdict", ""))
        for one in db.session.scalars(rows.order_by(Notification.id))
    ]


def _objections() -> int:
    return db.session.scalar(select(func.count()).select_from(PhotoObjection)) or 0


def _url(photo: Photo) -> str:
    return f"/pictures/{photo.key}/objection"


def test_anybody_may_say_so_without_signing_in(photo: Photo, cast: Cast, client: FlaskClient) -> None:
    answer = client.post(_url(photo), data={"words": SECRET_WORDS})
    assert (answer.status_code, answer.location) == (303, "/pictures/objection/sent")
    assert "Vi vet inte vem du är" in client.get(answer.location).text
    objection = db.session.scalars(select(PhotoObjection)).one()
    assert (objection.by_id, objection.words) == (None, SECRET_WORDS)
    assert photo.withheld == Withheld.PUBLIC
    assert _told(cast.alice) == [("picture_objected", "")]
    assert _told(cast.cora) == [("picture_to_look_at", "")]
    assert _told(cast.kim) == []


def test_nothing_is_demanded_and_too_much_is_refused(photo: Photo, client: FlaskClient) -> None:
    answer = client.post(_url(photo), data={"words": "x" * 501})
    assert answer.status_code == 422
    assert "Högst 500 tecken." in answer.text
    assert _objections() == 0
    assert client.post(_url(photo), data={}).status_code == 303
    assert _objections() == 1


def test_again_is_one_objection_and_tells_nobody_again(
    photo: Photo, cast: Cast, client: FlaskClient, as_: As
) -> None:
    bob = as_(cast.bob)
    for _again in range(2):
        client.post(_url(photo), data={"words": ""})
        bob.post(_url(photo), data={"words": "Det är jag."})
    assert _objections() == 2
    assert _told(cast.cora) == [("picture_to_look_at", "")]
    assert _told(cast.alice) == [("picture_objected", "")]
    bob.post(_url(photo), data={"words": "Det är jag till vänster."})
    client.post(_url(photo), data={"words": "Nej."})
    client.post(_url(photo), data={"words": "Någon annan skriver om."})
    words = set(db.session.scalars(select(PhotoObjection.words)))
    assert words == {"Det är jag till vänster.", "Nej."}


def test_every_address_is_answered_alike(photo: Photo, cast: Cast, client: FlaskClient) -> None:
    """One that leads nowhere, one of what is hidden, one that is withheld, and one that works."""
    hidden, withheld = _make_photo(cast, "red"), _make_photo(cast, "blue")
    (activity,) = whole_activities([hidden.activity_id])
    hide(activity, cast.lena, "tone", "", NOW)
    _object(withheld)
    _decide(withhold, withheld, cast.lena)
    before = _objections()
    keys = ("0" * 32, "nonsense", hidden.key, withheld.key, photo.key)
    pages, answers = set(), set()
    for key in keys:
        page = client.get(f"/pictures/{key}/objection")
        pages.add((page.status_code, page.text.replace(key, "").count("<form")))
        assert "no-store" in page.headers["Cache-Control"]
        answer = client.post(f"/pictures/{key}/objection", data={"words": "Nej."})
        answers.add((answer.status_code, answer.location, answer.text))
    assert len(pages) == 1
    assert len(answers) == 1
    assert _objections() == before + 1


def test_a_network_may_say_so_only_so_often(photo: Photo, cast: Cast, client: FlaskClient, as_: As) -> None:
    statuses = [client.post(_url(photo), data={"words": "Nej."}).status_code for _time in range(11)]
    assert statuses == [303] * 10 + [429]
    refused = client.post("/pictures/anything/objection", data={"words": "Min text."})
    assert refused.status_code == 429
    assert "Min text." in refused.text
    assert as_(cast.bob).post(_url(photo), data={}).status_code == 303


def test_its_author_takes_it_away_instead(photo: Photo, cast: Cast, as_: As) -> None:
    alice = as_(cast.alice)
    for answer in (alice.get(_url(photo)), alice.post(_url(photo), data={"words": ""})):
        assert answer.location == f"/activities/{photo.activity_id}/outcome#photos"
    assert _objections() == 0


def test_a_colleague_finds_the_way_beside_the_picture_and_its_author_does_not(
    photo: Photo, cast: Cast, as_: As
) -> None:
    path = f"/activities/{photo.activity_id}"
    assert f'href="{_url(photo)}"' in as_(cast.bob).get(path).text
    assert f'href="{_url(photo)}"' not in as_(cast.alice).get(path).text


def test_it_waits_before_all_else_and_its_author_never_reads_the_words(
    photo: Photo, cast: Cast, as_: As
) -> None:
    _object(photo, cast.bob, SECRET_WORDS)
    cora = as_(cast.cora)
    queue = cora.get("/moderation").text
    assert "1 att granska" in queue
    assert f"/moderation/pictures/{photo.id}" in queue
    page = cora.get(f"/moderation/pictures/{photo.id}").text
    assert SECRET_WORDS in page
    assert cast.bob.name not in page
    alice = as_(cast.alice)
    pages = [
        f"/activities/{photo.activity_id}",
        f"/activities/{photo.activity_id}/outcome",
        "/inbox",
        "/me/data",
    ]
    for path in pages:
        shown = alice.get(path, follow_redirects=True).text
        assert SECRET_WORDS not in shown
        assert cast.bob.name not in shown


def test_a_decision_withholds_it_from_all_and_tells_those_concerned(
    photo: Photo, cast: Cast, as_: As
) -> None:
    _object(photo)
    _object(photo, cast.bob)
    cora, alice, bob = as_(cast.cora), as_(cast.alice), as_(cast.bob)
    address = photo.url("s", "webp")
    assert bob.get(address).status_code == 200
    answer = cora.post(f"/moderation/pictures/{photo.id}/withholding", data={"text": "Fråga först."})
    assert answer.location == "/moderation"
    assert [browser.get(address).status_code for browser in (bob, alice, cora)] == [404, 404, 200]
    decision = db.session.scalars(select(Decision)).one()
    assert (decision.verdict, decision.by_id, decision.photo_id) == ("withhold", cast.cora.id, photo.id)
    assert _told(cast.bob) == [("picture_looked_at", "withhold")]
    assert _told(cast.alice)[-1] == ("picture_withhold", "")
    assert waiting_pictures(cast.cora) == []
    assert "Fråga först." in cora.get("/moderation/log").text
    assert "Fråga först." in alice.get("/inbox").text


def test_it_can_be_decided_again_and_only_once_alike(photo: Photo, cast: Cast) -> None:
    with pytest.raises(AlreadyDecidedError):
        _decide(withhold, photo, cast.lena)
    with pytest.raises(AlreadyDecidedError):
        _decide(release, photo, cast.lena)
    db.session.rollback()
    _object(photo)
    _decide(withhold, photo, cast.lena)
    with pytest.raises(AlreadyDecidedError):
        _decide(withhold, photo, cast.cora)
    _decide(release, photo, cast.cora)
    assert photo.withheld is None
    _decide(withhold, photo, cast.lena)
    assert photo.withheld == Withheld.ALL


def test_two_moderators_at_once_are_told_that_one_was_quicker(photo: Photo, cast: Cast, as_: As) -> None:
    _object(photo)
    _decide(release, photo, cast.lena)
    cora = as_(cast.cora)
    answer = cora.post(f"/moderation/pictures/{photo.id}/release", data={"text": ""}, follow_redirects=True)
    assert "någon hann före" in answer.text.lower()


def test_once_released_nobody_unknown_takes_it_down_again(photo: Photo, cast: Cast) -> None:
    """It is looked at again, and stays meanwhile; somebody known takes it down once, and not again in vain."""
    withheld = []
    for by in (None, None, cast.bob, cast.bob, cast.charlie):
        _object(photo, by)
        withheld.append(photo.withheld)
        assert len(waiting_pictures(cast.cora)) == 1
        _decide(release, photo, cast.lena)
    assert withheld == [Withheld.PUBLIC, None, Withheld.PUBLIC, None, Withheld.PUBLIC]


def test_who_decides_is_of_its_municipality_and_not_its_author(photo: Photo, cast: Cast) -> None:
    _object(photo)
    assert [queue_length(person) for person in (cast.cora, cast.lena, cast.kim)] == [1, 1, 0]
    assert reviewable_picture(photo.id, cast.kim) is None
    assert reviewable_picture(photo.id, cast.alice) is None
    other = _make_photo(cast, "red")
    assert reviewable_picture(other.id, cast.cora) is None, "nobody has objected to it"


def test_a_decision_about_a_picture_leaves_the_activity_as_it_was(photo: Photo, cast: Cast) -> None:
    (activity,) = whole_activities([photo.activity_id])
    _object(photo)
    decision = _decide(withhold, photo, cast.lena)
    assert activity.removal is None
    hide(activity, cast.lena, "tone", "", NOW)
    assert decision.verdict == Verdict.WITHHOLD
    db.session.commit()
    assert queue_length(cast.cora) == 0


def test_its_author_ends_it_by_removing_the_picture(photo: Photo, cast: Cast) -> None:
    _object(photo)
    _object(photo, cast.bob)
    activity_id, sha256 = photo.activity_id, photo.sha256
    remove_photo(photo, store=media_store(), commit=db.session.commit, now=NOW)
    assert _told(cast.bob) == [("picture_looked_at", "removed")]
    assert queue_length(cast.cora) == 0
    kept = db.session.scalars(select(PhotoObjection)).all()
    assert [(one.photo_id, one.ended_at, one.contribution_id) for one in kept] == [
        (None, NOW, activity_id)
    ] * 2
    (activity,) = whole_activities([activity_id])
    again = keep_photo(activity, cast.alice, prepare(jpeg("orange", (64, 48))), store=media_store(), now=NOW)
    assert (again.sha256, again.withheld) == (sha256, Withheld.ALL), "the same file is the same picture"
    another = keep_photo(activity, cast.alice, prepare(jpeg("red", (64, 48))), store=media_store(), now=NOW)
    assert another.withheld is None


def test_after_a_day_the_leads_are_told_too_once(photo: Photo, cast: Cast) -> None:
    _object(photo)
    for hours in (23, 25, 30):
        remind_of_waiting(NOW + timedelta(hours=hours), commit=db.session.flush)
    for person in (cast.cora, cast.lena):
        assert [event for event, _verdict in _told(person)].count("picture_waits") == 1
    assert "picture_waits" not in [event for event, _verdict in _told(cast.kim)]


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
        _object(_make_photo(cast, colour))
    many = asks()
    numbers = [one.photo.id for one in waiting_pictures(db.session.get_one(Person, cora))]
    assert len(numbers) == 4
    assert numbers == [*sorted(set(numbers) - {last}), last]
    for number in numbers[:-1]:
        objection = db.session.scalars(select(PhotoObjection).where(PhotoObjection.photo_id == number)).one()
        objection.ended_at = NOW
    db.session.commit()
    assert asks() == many
