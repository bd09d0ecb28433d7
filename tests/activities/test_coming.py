"""To come along to what somebody has planned: places, the queue, and who is told."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.models.activity import Activity
from app.models.coming import MOST_PLACES, Coming
from app.models.ledger import PointEntry
from app.models.notification import Notification
from app.models.person import Person
from app.services.activities.coming import cannot_come, come_along
from app.services.activities.locking import ClosedError
from app.services.activities.plan import (
    answer_invitation,
    change_plan,
    invite,
    move_activity,
    withdraw_activity,
)
from app.services.activities.visibility import whole_activity
from app.services.activities.who_comes import WhoComes, who_comes
from app.services.moderation.decide import hide, restore
from app.services.people.membership import leave
from app.services.upkeep.audit import verify
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_activity, make_joint, make_outcome, make_person, make_plan
from tests.held_back import let_it_be_told

LATER = NOW + timedelta(hours=1)


def said_to(person: Person, kind: str = "change") -> list[str]:
    query = select(Notification).where(Notification.person_id == person.id, Notification.kind == kind)
    return [row.parameters["event"] for row in db.session.scalars(query.order_by(Notification.id))]


def inside(activity: Activity) -> list[int]:
    query = select(Coming.person_id).where(Coming.activity_id == activity.id, Coming.is_let_in)
    return list(db.session.scalars(query.order_by(Coming.id)))


def queue(activity: Activity) -> list[int]:
    query = select(Coming.person_id).where(Coming.activity_id == activity.id, ~Coming.is_let_in)
    return list(db.session.scalars(query.order_by(Coming.id)))


def seen_by(person: Person, activity: Activity) -> WhoComes:
    whole = whole_activity(activity.id)
    assert whole
    return who_comes(whole, person)


def make_full(cast: Cast) -> Activity:
    """Alice's, with one place, which Bob has; Charlie and Cora are in the queue."""
    activity = make_activity(cast.alice)
    activity.places = 1
    for person in (cast.bob, cast.charlie, cast.cora):
        come_along(activity, person, now=NOW)
    db.session.commit()
    whole = whole_activity(activity.id)
    assert whole
    return whole


def test_coming_along_is_no_joint_activity_and_earns_nothing(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    before = db.session.scalars(select(PointEntry.id)).all()
    for _ in range(2):
        come_along(activity, cast.charlie, now=NOW)
    db.session.commit()
    assert inside(activity) == [cast.charlie.id]
    whole = whole_activity(activity.id)
    assert whole
    assert not whole.joint
    assert db.session.scalars(select(PointEntry.id)).all() == before
    assert verify() == []


def test_the_owner_is_told_merged_by_day(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    for person in (cast.bob, cast.charlie, cast.cora):
        come_along(activity, person, now=NOW)
    come_along(activity, cast.kim, now=NOW + timedelta(days=1))
    rows = db.session.scalars(select(Notification).where(Notification.kind == "coming")).all()
    assert [(row.person_id, row.parameters["name"], row.parameters["others"]) for row in rows] == [
        (cast.alice.id, "Bob Berg", 2),
        (cast.alice.id, "Kim Krook", 0),
    ]


def test_who_comes_after_the_last_place_stands_in_the_queue(cast: Cast) -> None:
    activity = make_full(cast)
    assert (inside(activity), queue(activity)) == ([cast.bob.id], [cast.charlie.id, cast.cora.id])
    assert said_to(cast.alice, "coming") == ["coming", "queue"]
    assert seen_by(cast.cora, activity).place_in_queue == 2
    assert seen_by(cast.kim, activity).is_full


def test_the_first_in_the_queue_gets_the_place_at_once_and_is_told(cast: Cast) -> None:
    activity = make_full(cast)
    cannot_come(activity, cast.bob, now=LATER)
    assert (inside(activity), queue(activity)) == ([cast.charlie.id], [cast.cora.id])
    assert (said_to(cast.charlie), said_to(cast.cora)) == (["let_in"], [])
    come_along(activity, cast.bob, now=LATER)
    assert queue(activity) == [cast.cora.id, cast.bob.id]
    cannot_come(activity, cast.cora, now=LATER)
    assert (inside(activity), queue(activity)) == ([cast.charlie.id], [cast.bob.id])


def test_more_places_let_people_in_and_fewer_throw_nobody_out(cast: Cast) -> None:
    activity = make_full(cast)
    change_plan(activity, make_plan(places=3), by=cast.alice, now=LATER)
    assert (len(inside(activity)), queue(activity)) == (3, [])
    assert said_to(cast.charlie) == said_to(cast.cora) == ["let_in"]
    change_plan(activity, make_plan(places=1), by=cast.alice, now=LATER)
    come_along(activity, cast.kim, now=LATER)
    assert (len(inside(activity)), queue(activity)) == (3, [cast.kim.id])
    cannot_come(activity, cast.bob, now=LATER)
    assert (len(inside(activity)), queue(activity)) == (2, [cast.kim.id]), "still more than there are places"
    change_plan(activity, make_plan(places=None), by=cast.alice, now=LATER)
    assert queue(activity) == []


def test_whoever_makes_it_does_not_come_along(cast: Cast) -> None:
    activity = make_joint(cast.alice, cast.charlie)
    for maker in (cast.alice, cast.charlie):
        with pytest.raises(ClosedError):
            come_along(activity, maker, now=NOW)
    assert inside(activity) == []


def test_who_accepts_an_invitation_leaves_the_place_to_the_queue(cast: Cast) -> None:
    activity = make_full(cast)
    answer_invitation(invite(activity, cast.bob, by=cast.alice, now=LATER), True, now=LATER)
    assert inside(activity) == [cast.charlie.id]
    assert verify() == []


def test_who_leaves_the_programme_disappears_from_it(cast: Cast) -> None:
    activity = make_full(cast)
    leave(cast.bob, now=LATER)
    leave(cast.cora, now=LATER)
    assert (inside(activity), queue(activity)) == ([cast.charlie.id], [])
    assert said_to(cast.charlie) == ["let_in"]


@pytest.mark.parametrize("end", ["reported", "withdrawn", "hidden", "over"])
def test_nobody_comes_to_what_has_been_or_is_out_of_sight(cast: Cast, end: str) -> None:
    day = TODAY - timedelta(days=1) if end == "over" else TODAY
    activity = make_activity(cast.alice, planned_for=day)
    if end == "reported":
        make_outcome(activity)
    elif end == "withdrawn":
        withdraw_activity(activity, by=cast.alice, now=NOW)
    elif end == "hidden":
        hide(activity, cast.cora, "tone", "", NOW)
    for say in (come_along, cannot_come):
        with pytest.raises(ClosedError):
            say(activity, cast.bob, now=NOW)


def test_those_who_come_are_told_when_it_is_moved_or_called_off(cast: Cast) -> None:
    activity = make_full(cast)
    move_activity(activity, TODAY + timedelta(days=9), by=cast.alice, now=LATER)
    withdraw_activity(activity, by=cast.alice, now=LATER)
    for person in (cast.bob, cast.charlie):
        assert said_to(person) == ["moved", "withdrawn"]
    last = db.session.scalars(select(Notification).where(Notification.person_id == cast.bob.id)).all()[-1]
    assert (last.url, last.parameters["title"]) == ("/activities/mine", activity.title)


def test_what_is_hidden_is_told_without_its_name_or_a_reason(cast: Cast) -> None:
    activity = make_full(cast)
    hide(activity, cast.lena, "tone", "Hård ton.", LATER)
    let_it_be_told()
    db.session.commit()
    assert said_to(cast.bob) == ["hidden"]
    told = db.session.scalars(select(Notification).where(Notification.person_id == cast.bob.id)).one()
    assert (told.parameters["title"], "Hård" in str(told.parameters)) == ("", False)
    leave(cast.bob, now=LATER)
    assert inside(activity) == [], "nobody is let in while it is hidden"
    restore(activity, cast.lena, LATER + timedelta(hours=1))
    assert said_to(cast.charlie) == ["hidden", "restored", "let_in"]
    assert inside(activity) == [cast.charlie.id]


def test_what_is_hidden_after_it_has_been_concerns_those_who_came_no_more(cast: Cast) -> None:
    activity = make_full(cast)
    make_outcome(activity)
    hide(activity, cast.lena, "tone", "", LATER)
    let_it_be_told()
    assert said_to(cast.bob) == []


def test_who_comes_is_seen_first_come_first_with_a_number_for_the_rest(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    for number in range(18):
        come_along(activity, make_person(place="klippan" if number % 2 else "helsingborg"), now=NOW)
    come_along(activity, cast.bob, now=NOW)
    stranger, own = seen_by(cast.kim, activity), seen_by(cast.bob, activity)
    assert (stranger.count, stranger.municipalities, len(stranger.drawn), stranger.rest) == (19, 3, 15, 4)
    assert (own.is_viewer_in, len(own.drawn), own.rest) == (True, 14, 4)
    assert cast.bob.id not in {one.person_id for one in own.drawn}
    assert [one.id for one in stranger.drawn] == sorted(one.id for one in stranger.drawn)


@pytest.mark.parametrize("places", [0, MOST_PLACES + 1])
def test_the_database_holds_the_limits_too(cast: Cast, places: int) -> None:
    activity = make_activity(cast.alice)
    activity.places = MOST_PLACES
    db.session.flush()
    activity.places = places
    with pytest.raises(IntegrityError):
        db.session.flush()
