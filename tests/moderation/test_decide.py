"""Moderation's verbs: who is told, what follows, and that a decision is made once."""

from typing import Any

import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.models.activity import Activity
from app.models.board import MunicipalityTotal
from app.models.contribution import Removal
from app.models.feed import FeedItem, FeedScope
from app.models.ledger import PointEntry
from app.models.moderation import Decision, Flag, removal_of
from app.models.notification import Notification
from app.models.person import Person, Role
from app.services.activities.plan import answer_invitation, invite
from app.services.moderation.acts import AlreadyDecidedError, OwnDecisionError
from app.services.moderation.appeals import answer_back
from app.services.moderation.decide import hide, keep, restore, undo, uphold
from app.services.moderation.flags import flag
from app.services.moderation.queue import queue
from app.services.upkeep.audit import verify
from tests.cast import Cast
from tests.factories import NOW, make_activity, make_outcome, make_person
from tests.held_back import let_it_be_told

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def activity(cast: Cast) -> Activity:
    made = make_activity(cast.alice)
    make_outcome(made)
    return made


def _told(person: Person) -> list[dict[str, Any]]:
    let_it_be_told()
    told = select(Notification).where(Notification.person_id == person.id, Notification.kind == "moderation")
    return [{**one.parameters, "url": one.url} for one in db.session.scalars(told.order_by(Notification.id))]


def _events(person: Person) -> list[str]:
    return [one["event"] for one in _told(person)]


def _points(activity: Activity) -> int:
    entries = select(func.sum(PointEntry.points)).where(PointEntry.contribution_id == activity.id)
    return db.session.scalar(entries) or 0


def _total(place_id: int) -> int:
    total = select(func.sum(MunicipalityTotal.points)).where(MunicipalityTotal.municipality_id == place_id)
    return db.session.scalar(total) or 0


def _in_feed(activity: Activity) -> bool:
    shown = select(FeedScope.item_id).join(FeedItem, FeedItem.id == FeedScope.item_id)
    return db.session.scalar(shown.where(FeedItem.contribution_id == activity.id).limit(1)) is not None


def test_coordinators_where_it_takes_part_are_told_once_a_round(activity: Activity, cast: Cast) -> None:
    everyone = (cast.cora, cast.kim, cast.lena)
    flag(activity, cast.bob, "tone", "", NOW)
    flag(activity, cast.charlie, "other", "Bilden är min.", NOW)
    assert [_events(person) for person in everyone] == [["reported"], [], []]
    assert _told(cast.cora)[0]["url"] == "/moderation"
    keep(activity, cast.cora, NOW)
    flag(activity, cast.bob, "tone", "Igen.", NOW)
    assert _events(cast.cora) == ["reported", "reported"]


def test_leads_are_told_where_there_is_no_coordinator(cast: Cast) -> None:
    lena = cast.lena
    flag(make_activity(cast.charlie), cast.bob, "tone", "", NOW)
    assert _events(lena) == ["reported"]


def test_a_person_has_one_open_report_and_again_changes_its_words(activity: Activity, cast: Cast) -> None:
    first = flag(activity, cast.bob, "tone", "", NOW)
    again = flag(activity, cast.bob, "consent", "Jag är på bilden.", NOW)
    assert first.id == again.id
    assert (again.reason, again.text) == ("consent", "Jag är på bilden.")


def test_hiding_takes_feed_and_points_and_tells_everyone_concerned(activity: Activity, cast: Cast) -> None:
    flag(activity, cast.bob, "consent", "", NOW)
    assert _points(activity) > 0
    decision = hide(activity, cast.cora, "consent", "Fråga föräldrarna först.", NOW)
    assert removal_of(activity.id) is not None
    assert not _in_feed(activity)
    assert _points(activity) == 0
    assert _total(activity.municipality_id) == 0
    word = _told(cast.alice)[-1]
    assert (word["event"], word["reason"], word["text"]) == ("hidden", "consent", "Fråga föräldrarna först.")
    assert word["url"] == f"/moderation/answer/{activity.id}"
    assert _events(cast.bob) == ["looked_at"]
    assert db.session.scalars(select(Flag.decision_id)).all() == [decision.id]
    assert verify() == []


def test_co_owners_lose_and_get_their_points_and_are_told(cast: Cast) -> None:
    charlie, activity = cast.charlie, make_activity(cast.alice)
    answer_invitation(invite(activity, charlie, by=cast.alice, now=NOW), True, now=NOW)
    db.session.commit()
    make_outcome(activity)
    klippan = cast.charlie.municipality_id
    before = _total(klippan)
    hide(activity, cast.kim, "tone", "", NOW)
    assert (_total(klippan), _events(cast.charlie)[-1]) == (0, "hidden")
    restore(activity, cast.cora, NOW)
    assert (_total(klippan), _events(cast.charlie)[-1]) == (before, "restored")
    assert verify() == []


def test_of_two_moderators_the_second_finds_it_decided(activity: Activity, cast: Cast) -> None:
    flag(activity, cast.bob, "tone", "", NOW)
    hide(activity, cast.cora, "tone", "", NOW)
    with pytest.raises(AlreadyDecidedError):
        hide(activity, cast.lena, "tone", "", NOW)
    with pytest.raises(AlreadyDecidedError):
        keep(activity, cast.lena, NOW)
    assert db.session.scalar(select(func.count()).select_from(Decision)) == 1


def test_what_was_kept_is_not_hidden_by_a_tap_that_comes_late(activity: Activity, cast: Cast) -> None:
    flag(activity, cast.bob, "tone", "", NOW)
    keep(activity, cast.cora, NOW)
    with pytest.raises(AlreadyDecidedError):
        hide(activity, cast.lena, "tone", "", NOW)
    with pytest.raises(AlreadyDecidedError):
        keep(activity, cast.cora, NOW)
    assert _events(cast.bob) == ["looked_at"]
    assert _in_feed(activity)


def test_restoring_gives_everything_back(activity: Activity, cast: Cast) -> None:
    before = _points(activity)
    hide(activity, cast.cora, "tone", "", NOW)
    restore(activity, cast.lena, NOW, "Vi hade fel.")
    assert removal_of(activity.id) is None
    assert _in_feed(activity)
    assert _points(activity) == before
    assert _told(cast.alice)[-1]["text"] == "Vi hade fel."
    with pytest.raises(AlreadyDecidedError):
        restore(activity, cast.lena, NOW)


def test_hidden_restored_and_hidden_again_the_ledger_still_adds_up(activity: Activity, cast: Cast) -> None:
    before = _points(activity)
    for _ in range(2):
        hide(activity, cast.cora, "tone", "", NOW)
        assert _points(activity) == 0
        restore(activity, cast.cora, NOW)
        assert _points(activity) == before
    assert verify() == []


def test_an_author_answers_once_and_is_read_once_more(activity: Activity, cast: Cast) -> None:
    hide(activity, cast.cora, "consent", "", NOW)
    first = answer_back(activity, cast.alice, "De har sagt ja.", NOW)
    again = answer_back(activity, cast.alice, "De har sagt ja, skriftligt.", NOW)
    assert (first.id, again.text) == (again.id, "De har sagt ja, skriftligt.")
    assert _events(cast.cora) == ["answered"]
    uphold(activity, cast.lena, NOW, "Ett av barnen har inte tillfrågats.")
    assert _events(cast.alice)[-1] == "upheld"
    with pytest.raises(AlreadyDecidedError):
        answer_back(activity, cast.alice, "Men snälla.", NOW)
    with pytest.raises(AlreadyDecidedError):
        uphold(activity, cast.lena, NOW)
    assert db.session.scalar(select(func.count()).select_from(Removal)) == 1


def test_whoever_hid_it_leaves_the_answer_to_others_if_there_are_any(activity: Activity, cast: Cast) -> None:
    lena = cast.lena
    hide(activity, lena, "tone", "", NOW)
    answer_back(activity, cast.alice, "Det var ett skämt.", NOW)
    assert _events(lena) == ["answered"]  # there is nobody else
    (item,) = queue(lena).items
    assert item.may_uphold
    another = make_person(role=Role.LEAD)
    (item,) = queue(lena).items
    assert not item.may_uphold
    answer_back(activity, cast.alice, "Det var ett skämt, och inget bra.", NOW)
    assert (_events(lena), _events(another)) == (["answered"], ["answered"])
    with pytest.raises(OwnDecisionError):
        uphold(activity, lena, NOW)
    uphold(activity, another, NOW)


def test_what_is_hidden_already_is_not_reported(activity: Activity, cast: Cast) -> None:
    hide(activity, cast.cora, "tone", "", NOW)
    with pytest.raises(AlreadyDecidedError):
        flag(activity, cast.bob, "tone", "", NOW)


def test_who_reported_it_reads_no_title_of_what_is_hidden(activity: Activity, cast: Cast) -> None:
    flag(activity, cast.bob, "tone", "", NOW)
    hide(activity, cast.cora, "tone", "", NOW)
    let_it_be_told()
    (told,) = db.session.scalars(select(Notification).where(Notification.person_id == cast.bob.id))
    assert activity.title not in repr(told.parameters)


def test_undo_opens_the_reports_again(activity: Activity, cast: Cast) -> None:
    before = _points(activity)
    flag(activity, cast.bob, "tone", "", NOW)
    hide(activity, cast.cora, "tone", "", NOW)
    undo(activity, cast.cora, NOW)
    assert _points(activity) == before
    assert _in_feed(activity)
    assert db.session.scalars(select(Flag.decision_id)).all() == [None]
    keep(activity, cast.cora, NOW)
    undo(activity, cast.cora, NOW)
    assert db.session.scalars(select(Flag.decision_id)).all() == [None]


def test_only_ones_own_last_decision_is_undone(activity: Activity, cast: Cast) -> None:
    with pytest.raises(AlreadyDecidedError):
        undo(activity, cast.cora, NOW)
    hide(activity, cast.cora, "tone", "", NOW)
    with pytest.raises(AlreadyDecidedError):
        undo(activity, cast.lena, NOW)
    restore(activity, cast.lena, NOW)
    with pytest.raises(AlreadyDecidedError):
        undo(activity, cast.cora, NOW)


def test_undo_leaves_alone_what_was_reported_again_meanwhile(activity: Activity, cast: Cast) -> None:
    flag(activity, cast.bob, "tone", "", NOW)
    keep(activity, cast.cora, NOW)
    flag(activity, cast.bob, "consent", "", NOW)
    undo(activity, cast.cora, NOW)
    still_open = select(func.count()).select_from(Flag).where(Flag.decision_id.is_(None))
    assert db.session.scalar(still_open) == 1
