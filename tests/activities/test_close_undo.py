"""Ångra: an answer is taken back whole, within ten minutes and while nothing else hangs on it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.extensions import db, limiter
from app.models.activity import Activity
from app.models.badge import Badge
from app.models.feed import FeedItem, FeedKind
from app.models.ledger import PointEntry
from app.models.notification import Kind, Notification
from app.models.person import Person
from app.models.square import Square
from app.models.undertaking import Undertaking
from app.services.activities.adoption import adopt
from app.services.activities.best_practice import lift
from app.services.activities.cheer import cheer
from app.services.activities.visibility import points_given
from app.services.challenges.review import approve
from app.services.moderation.flags import flag
from app.services.points.history import own_entry
from app.services.points.questions import NotReversibleError, answer, ask
from app.services.upkeep.audit import verify
from tests.activities.closing import YESTERDAY, address_of, after, again, make_due
from tests.anew import starting_anew
from tests.cast import Cast
from tests.challenge_makers import make_challenge, make_undertaking, whole
from tests.comment_makers import make_comment
from tests.factories import NOW, add_rules, make_activity, make_joint, make_outcome
from tests.unchanged import unchanged

pytestmark = pytest.mark.usefixtures("at_now")


@pytest.fixture
def due(cast: Cast) -> Activity:
    add_rules(first={"points": 20, "daily": 2})
    return make_due(cast.alice)


@pytest.fixture
def address(due: Activity, cast: Cast) -> str:
    return address_of(due, cast.alice)


def points_of(person: Person) -> int:
    mine = select(func.sum(PointEntry.points)).where(PointEntry.person_id == person.id)
    return db.session.scalar(mine) or 0


@pytest.mark.parametrize("choice", ["done", "not"])
def test_a_report_is_taken_back_whole(
    client: FlaskClient, cast: Cast, due: Activity, address: str, choice: str
) -> None:
    first, planned_at = points_of(cast.alice), NOW - timedelta(days=9)
    client.post(address, data={"choice": choice})
    assert points_of(cast.alice) >= first + 30
    assert client.post(f"{address}/undo").status_code == 303
    assert again(due).is_open
    assert points_of(cast.alice) == first
    item = db.session.scalars(select(FeedItem).where(FeedItem.contribution_id == due.id)).one()
    assert (item.kind, item.at) == (FeedKind.PLANNED, planned_at)
    assert db.session.scalars(select(Badge.slug).where(Badge.earned_at.is_not(None))).all() == []
    assert db.session.scalars(select(Notification).where(Notification.kind == Kind.BADGE)).all() == []
    assert db.session.scalars(select(Square)).all() == []
    assert verify() == []
    assert "Inget är sparat" in client.get(address).text


def test_it_earns_once_however_often_it_is_undone(
    client: FlaskClient, cast: Cast, due: Activity, address: str
) -> None:
    client.post(address, data={"choice": "done"})
    earned, given = points_of(cast.alice), points_given(due.id)
    for _ in range(2):
        client.post(f"{address}/undo")
        client.post(address, data={"choice": "done"})
        assert (points_of(cast.alice), points_given(due.id)) == (earned, given)
    badges = select(Notification.key).where(Notification.kind == Kind.BADGE)
    assert db.session.scalars(badges).all() == ["badge:first-report"]
    assert verify() == []


def test_the_partner_s_points_go_and_come_too(client: FlaskClient, cast: Cast) -> None:
    joint = make_joint(cast.alice, cast.charlie, planned_for=YESTERDAY)
    address, before = address_of(joint, cast.charlie), points_of(cast.charlie)
    client.post(address, data={"choice": "done"})
    earned = points_of(cast.charlie)
    assert earned == before + 60
    client.post(f"{address}/undo")
    assert points_of(cast.charlie) == before
    make_outcome(again(joint), success="", pitfall="")
    assert points_of(cast.charlie) == earned
    assert verify() == []


def test_who_comes_to_an_empty_square_meanwhile_is_first_there(
    client: FlaskClient, cast: Cast, due: Activity, address: str
) -> None:
    client.post(address, data={"choice": "done"})
    client.post(f"{address}/undo")
    make_outcome(make_activity(cast.bob), success="", pitfall="")
    assert points_of(cast.bob) == 10 + 30 + 20
    client.post(address, data={"choice": "done"})
    assert points_of(cast.alice) == 10 + 30
    assert verify() == []


def test_a_challenge_is_not_completed_any_more(client: FlaskClient, cast: Cast) -> None:
    address, before = _taken_on(cast, points=25), points_of(cast.alice)
    client.post(address, data={"choice": "done"})
    assert points_of(cast.alice) == before + 30 + 25
    client.post(f"{address}/undo")
    assert points_of(cast.alice) == before
    assert verify() == []


def test_a_move_is_taken_back(client: FlaskClient, due: Activity, address: str) -> None:
    client.post(address, data={"choice": "moved"})
    client.post(f"{address}/undo")
    assert again(due).planned_for == YESTERDAY
    assert "Inget är sparat" in client.get(address).text
    assert verify() == []


def test_a_second_tap_on_undo_changes_nothing(client: FlaskClient, address: str) -> None:
    client.post(address, data={"choice": "done"})
    client.post(f"{address}/undo")
    with unchanged():
        assert client.post(f"{address}/undo").status_code == 303


@pytest.mark.parametrize("choice", ["done", "moved", "not"])
def test_after_ten_minutes_it_stands(client: FlaskClient, address: str, choice: str) -> None:
    client.post(address, data={"choice": choice})
    with time_machine.travel(after(10) + timedelta(seconds=1), tick=False):
        assert "Ångra" not in client.get(address).text
        with unchanged():
            assert client.post(f"{address}/undo").status_code == 303
            assert client.post(address, data={"choice": "done"}).status_code == 303


def test_what_was_said_stands(client: FlaskClient, address: str) -> None:
    client.post(address, data={"choice": "done"})
    client.post(f"{address}/account", data={"rating": "4"})
    with unchanged():
        client.post(f"{address}/undo")
    assert "Tack." in client.get(address).text


def _cheer(activity: Activity, cast: Cast) -> None:
    cheer(activity, cast.bob, now=NOW)


def _comment(activity: Activity, cast: Cast) -> None:
    make_comment(activity, cast.bob)


def _lift(activity: Activity, cast: Cast) -> None:
    lift(activity, "För att alla kan.", by=cast.cora, now=NOW)


def _flag(activity: Activity, cast: Cast) -> None:
    flag(activity, cast.bob, "tone", "", NOW)


def _borrow(activity: Activity, cast: Cast) -> None:
    from_it = make_activity(cast.bob)
    adopt(from_it, again(activity), now=NOW)


def _ask(activity: Activity, cast: Cast) -> None:
    entry = select(PointEntry.id).where(PointEntry.person_id == cast.alice.id, PointEntry.reason == "report")
    line = own_entry(cast.alice.id, db.session.scalars(entry).one())
    assert line
    ask(line, cast.alice, "Stämmer det?", NOW)


@pytest.mark.parametrize("hang", [_cheer, _comment, _lift, _flag, _borrow, _ask])
def test_what_others_have_to_do_with_stands(
    client: FlaskClient, cast: Cast, due: Activity, address: str, hang: Callable[[Activity, Cast], None]
) -> None:
    assert [cast.bob, cast.cora]  # made first: what they commit expires what is loaded
    client.post(address, data={"choice": "done"})
    hang(again(due), cast)
    assert "Ångra" not in client.get(address).text
    with unchanged():
        client.post(f"{address}/undo")


def _taken_on(cast: Cast, **over: object) -> str:
    """A challenge of which nothing need be ticked, planned for yesterday."""
    activity = make_undertaking(cast.alice, make_challenge(done_when=[], **over), planned_for=YESTERDAY)
    return address_of(activity, cast.alice)


def test_a_completion_that_was_looked_at_stands(client: FlaskClient, cast: Cast) -> None:
    address, cora = _taken_on(cast, needs_approval=True), cast.cora
    client.post(address, data={"choice": "done"})
    undertaking = db.session.scalars(select(Undertaking)).one()
    approve(whole(undertaking.activity_id), cora, NOW)
    with unchanged():
        client.post(f"{address}/undo")


def test_what_rests_cannot_be_taken_by_an_answer_too(
    client: FlaskClient, cast: Cast, due: Activity, address: str
) -> None:
    client.post(address, data={"choice": "done"})
    client.post(f"{address}/undo")
    entry = select(PointEntry.id).where(PointEntry.person_id == cast.alice.id, PointEntry.reason == "report")
    line = own_entry(cast.alice.id, db.session.scalars(entry).one())
    assert line
    question = ask(line, cast.alice, "Stämmer det?", NOW)
    with pytest.raises(NotReversibleError):
        answer(question, cast.lena, "Nej.", True, NOW)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(taps=st.lists(st.sampled_from(["done", "moved", "not", "undo", "account"]), min_size=2, max_size=7))
@starting_anew
def test_any_taps_leave_what_a_recomputation_finds(cast: Cast, client: FlaskClient, taps: list[str]) -> None:
    limiter.reset()
    add_rules(first={"points": 20, "daily": 2})
    activity = make_joint(cast.alice, cast.charlie, planned_for=YESTERDAY)
    address = address_of(activity, cast.alice)
    for tap in taps:
        path = f"{address}/{tap}" if tap in ("undo", "account") else address
        said = {"choice": tap, "sentence": "Ring dem som flyttat in dagen innan."}
        assert client.post(path, data=said).status_code in (200, 303)
    assert verify() == []
    if again(activity).outcome is None:
        assert (points_of(cast.alice), points_of(cast.charlie)) == (10, 0)
