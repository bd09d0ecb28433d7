"""What rests: the author is asked to change it, or many have flagged it. It is out of sight, and its points stay."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.models.activity import Activity
from app.models.contribution import Removal
from app.models.feed import FeedItem, FeedScope
from app.models.ledger import PointEntry
from app.models.moderation import Appeal, Decision, Flag
from app.models.notification import Notification
from app.models.outcome import Outcome
from app.models.person import Person
from app.models.programme import Programme
from app.services.activities.visibility import whole_activity
from app.services.moderation.acts import AlreadyDecidedError
from app.services.moderation.appeals import answer_back, send_again
from app.services.moderation.decide import ask, hide, keep, restore, undo, uphold
from app.services.moderation.flags import flag
from app.services.moderation.queue import queue
from app.services.moderation.rewriting import rewrite
from app.services.upkeep.audit import verify
from tests.cast import Cast
from tests.factories import NOW, make_activity, make_outcome, make_person
from tests.held_back import let_it_be_told

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def activity(cast: Cast) -> Activity:
    made = make_activity(cast.alice)
    make_outcome(made, story="Astrid på rum 12 sjöng högst.")
    return made


def _points(activity: Activity) -> int:
    entries = select(func.sum(PointEntry.points)).where(PointEntry.contribution_id == activity.id)
    return db.session.scalar(entries) or 0


def _in_feed(activity: Activity) -> bool:
    shown = select(FeedScope.item_id).join(FeedItem, FeedItem.id == FeedScope.item_id)
    return db.session.scalar(shown.where(FeedItem.contribution_id == activity.id).limit(1)) is not None


def _events(person: Person) -> list[str]:
    let_it_be_told()
    about = select(Notification).where(Notification.person_id == person.id, Notification.kind == "moderation")
    return [one.parameters["event"] for one in db.session.scalars(about.order_by(Notification.id))]


def _verdicts() -> list[str]:
    return list(db.session.scalars(select(Decision.verdict).order_by(Decision.id)))


def _flag_by_many(activity: Activity, number: int) -> list[Person]:
    people = [make_person() for _ in range(number)]
    for person in people:
        flag(activity, person, "personal_data", "", NOW)
    return people


def test_asked_for_a_change_it_rests_changed_it_comes_back(activity: Activity, cast: Cast) -> None:
    before = _points(activity)
    flag(activity, cast.bob, "personal_data", "", NOW)
    ask(activity, cast.cora, "personal_data", "Kan du ta bort rumsnumret?", NOW)
    assert (_points(activity), _in_feed(activity)) == (before, False)
    assert (_events(cast.alice)[-1], _events(cast.bob)[-1]) == ("asked", "looked_at")
    assert not queue(cast.cora).items, "it waits for its author"
    whole = whole_activity(activity.id)
    assert whole
    words = {"title": activity.title, "story": "En av de boende sjöng högst."}
    rewrite(whole, words, by=cast.alice, now=NOW)
    send_again(activity, cast.alice, NOW)
    (item,) = queue(cast.cora).items
    assert (item.appeal and item.appeal.is_changed, item.may_uphold) == (True, True)
    assert _events(cast.cora)[-1] == "changed", "also she who asked"
    restore(activity, cast.cora, NOW)
    assert (_points(activity), _in_feed(activity)) == (before, True)
    assert db.session.scalars(select(Outcome.story)).all() == ["En av de boende sjöng högst."]
    assert verify() == []


def test_what_rests_may_be_hidden_and_then_the_points_go(activity: Activity, cast: Cast) -> None:
    before = _points(activity)
    ask(activity, cast.cora, "tone", "Skriv lite mjukare.", NOW)
    send_again(activity, cast.alice, NOW)
    hide(activity, cast.cora, "tone", "", NOW)
    assert _points(activity) == 0
    assert db.session.scalar(select(func.count()).select_from(Removal)) == 1
    assert not queue(cast.cora).items
    undo(activity, cast.cora, NOW)
    assert (_points(activity), _in_feed(activity)) == (before, False)
    (item,) = queue(cast.cora).items
    assert item.appeal, "what the author sent waits again"
    assert verify() == []


def test_asked_again_the_author_may_send_again(activity: Activity, cast: Cast) -> None:
    ask(activity, cast.cora, "tone", "Skriv lite mjukare.", NOW)
    send_again(activity, cast.alice, NOW)
    ask(activity, cast.lena, "tone", "Nästan. Ett ord till.", NOW)
    assert not queue(cast.cora).items
    send_again(activity, cast.alice, NOW)
    restore(activity, cast.lena, NOW)
    assert _verdicts() == ["ask", "ask", "restore"]
    _first, second, third = db.session.scalars(select(Decision.id).order_by(Decision.id))
    settled_by = db.session.scalars(select(Appeal.settled_by_id).order_by(Appeal.id)).all()
    assert settled_by == [second, third]


def test_to_ask_can_be_appealed_and_somebody_else_looks(activity: Activity, cast: Cast) -> None:
    ask(activity, cast.cora, "wrong", "Det var trettio och inte tre.", NOW)
    answer_back(activity, cast.alice, "Det var tre.", NOW)
    uphold(activity, cast.lena, NOW)
    assert _events(cast.alice) == ["asked", "upheld"]
    with pytest.raises(AlreadyDecidedError):
        send_again(activity, cast.alice, NOW)


def test_what_the_author_said_stays_when_it_is_changed_after_all(activity: Activity, cast: Cast) -> None:
    ask(activity, cast.cora, "tone", "Skriv lite mjukare.", NOW)
    answer_back(activity, cast.alice, "Jag menade väl.", NOW)
    send_again(activity, cast.alice, NOW)
    assert db.session.execute(select(Appeal.text, Appeal.is_changed)).all() == [("Jag menade väl.", True)]


def test_who_flagged_it_reads_no_title_of_what_rests(activity: Activity, cast: Cast) -> None:
    flag(activity, cast.bob, "tone", "", NOW)
    ask(activity, cast.cora, "tone", "Skriv lite mjukare.", NOW)
    let_it_be_told()
    (told,) = db.session.scalars(select(Notification).where(Notification.person_id == cast.bob.id))
    assert activity.title not in repr(told.parameters)
    assert told.url == "/inbox"


def test_asking_is_undone(activity: Activity, cast: Cast) -> None:
    flag(activity, cast.bob, "tone", "", NOW)
    ask(activity, cast.cora, "tone", "Skriv lite mjukare.", NOW)
    undo(activity, cast.cora, NOW)
    assert _in_feed(activity)
    assert len(queue(cast.cora).items) == 1


def test_what_three_flag_rests_until_somebody_has_looked(activity: Activity, cast: Cast) -> None:
    before = _points(activity)
    _flag_by_many(activity, 2)
    assert _in_feed(activity)
    _flag_by_many(activity, 1)
    assert (_in_feed(activity), _points(activity)) == (False, before)
    assert (_verdicts(), _events(cast.alice)) == (["set_aside"], ["set_aside"])
    assert len(queue(cast.cora).items) == 1
    with pytest.raises(AlreadyDecidedError):
        answer_back(activity, cast.alice, "Nej.", NOW)
    keep(activity, cast.cora, NOW)
    assert (_in_feed(activity), _points(activity)) == (True, before)
    assert not queue(cast.cora).items
    assert verify() == []


def test_what_was_set_aside_rests_again_when_the_decision_is_undone(activity: Activity, cast: Cast) -> None:
    _flag_by_many(activity, 3)
    for is_kept in (True, False):
        if is_kept:
            keep(activity, cast.cora, NOW)
        else:
            hide(activity, cast.cora, "tone", "", NOW)
        undo(activity, cast.cora, NOW)
        assert not _in_feed(activity)
        assert len(queue(cast.cora).items) == 1
    assert verify() == []


@pytest.mark.parametrize(("hide_at", "flags", "shown"), [(0, 8, True), (2, 2, False), (4, 3, True)])
def test_the_programme_says_how_many_it_takes(
    activity: Activity, hide_at: int, flags: int, shown: bool
) -> None:
    programme = Programme.current()
    assert programme
    programme.moderation = {"hide_at": hide_at}
    _flag_by_many(activity, flags)
    assert _in_feed(activity) is shown


def test_whoever_flags_in_vain_is_no_longer_counted(activity: Activity, cast: Cast) -> None:
    """Three in ninety days, all kept; one that was right, or time, and they count again."""
    people = _flag_by_many(activity, 2)
    for _ in range(3):
        other = make_activity(cast.alice)
        flag(other, cast.bob, "tone", "", NOW)
        keep(other, cast.cora, NOW)
    flag(activity, cast.bob, "tone", "", NOW)
    assert _in_feed(activity)
    right = make_activity(cast.alice)
    flag(right, cast.bob, "tone", "", NOW)
    hide(right, cast.cora, "tone", "", NOW)
    flag(activity, people[0], "tone", "", NOW)
    assert not _in_feed(activity)


def test_what_was_in_vain_long_ago_is_forgotten(activity: Activity, cast: Cast) -> None:
    for _ in range(3):
        other = make_activity(cast.alice)
        flag(other, cast.bob, "tone", "", NOW - timedelta(days=100))
        keep(other, cast.cora, NOW - timedelta(days=100))
    _flag_by_many(activity, 2)
    flag(activity, cast.bob, "tone", "", NOW)
    assert not _in_feed(activity)


def test_the_same_person_again_is_one(activity: Activity, cast: Cast) -> None:
    for _ in range(5):
        flag(activity, cast.bob, "tone", "", NOW)
    assert _in_feed(activity)
    assert db.session.scalar(select(func.count()).select_from(Flag)) == 1
