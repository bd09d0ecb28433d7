"""For ten seconds a decision can be taken back before anybody is told of it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.held_notice import HeldNotice
from app.models.notification import Delivery, Notification
from app.models.person import Person
from app.services.moderation.acts import UNNOTICED_FOR
from app.services.moderation.decide import ask, hide, keep, restore, undo
from app.services.moderation.flags import flag
from app.services.notifications import held
from app.services.notifications.firsts import notify_late
from app.services.notifications.notify import Notice
from tests.cast import Cast
from tests.factories import NOW, make_activity
from tests.held_back import let_it_be_told

pytestmark = pytest.mark.usefixtures("app")

SECOND = timedelta(seconds=1)


@pytest.fixture
def flagged(cast: Cast) -> Activity:
    activity = make_activity(cast.alice)
    flag(activity, cast.bob, "tone", "", NOW)
    db.session.commit()
    return activity


def _events(person: Person) -> list[str]:
    about = select(Notification).where(Notification.person_id == person.id, Notification.kind == "moderation")
    return [one.parameters["event"] for one in db.session.scalars(about.order_by(Notification.id))]


def test_ten_seconds_later_everybody_concerned_is_told_once(flagged: Activity, cast: Cast) -> None:
    hide(flagged, cast.cora, "tone", "Lite väl hårt.", NOW)
    let_it_be_told(NOW + UNNOTICED_FOR - SECOND)
    assert (_events(cast.alice), _events(cast.bob)) == ([], [])
    for _ in range(2):
        let_it_be_told(NOW + UNNOTICED_FOR)
    assert (_events(cast.alice), _events(cast.bob)) == (["hidden"], ["looked_at"])
    assert db.session.scalars(select(HeldNotice)).all() == []


@pytest.mark.parametrize("verdict", ["keep", "ask", "hide"])
def test_what_is_undone_before_that_nobody_hears_of(flagged: Activity, cast: Cast, verdict: str) -> None:
    if verdict == "keep":
        keep(flagged, cast.cora, NOW)
    else:
        (hide if verdict == "hide" else ask)(flagged, cast.cora, "tone", "Lite väl hårt.", NOW)
    undo(flagged, cast.cora, NOW + 9 * SECOND)
    let_it_be_told()
    assert (_events(cast.alice), _events(cast.bob)) == ([], [])
    assert db.session.scalars(select(Delivery)).all() == []


def test_what_is_undone_later_the_author_hears_of(flagged: Activity, cast: Cast) -> None:
    hide(flagged, cast.cora, "tone", "", NOW)
    let_it_be_told(NOW + UNNOTICED_FOR)
    undo(flagged, cast.cora, NOW + 11 * SECOND)
    let_it_be_told()
    assert _events(cast.alice) == ["hidden", "restored"]


def test_a_further_decision_is_told_after_the_first(flagged: Activity, cast: Cast) -> None:
    hide(flagged, cast.cora, "tone", "", NOW)
    restore(flagged, cast.lena, NOW + SECOND)
    let_it_be_told()
    assert _events(cast.alice) == ["hidden", "restored"]
    assert _events(cast.bob) == ["looked_at"]


def test_a_worker_that_dies_loses_nothing(
    flagged: Activity, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does one notice that fails keep the others."""
    hide(flagged, cast.cora, "tone", "", NOW)
    db.session.commit()

    def fails_for_the_author(notice: Notice, now: datetime) -> None:
        if cast.alice.id in notice.person_ids:
            raise OSError("away")
        notify_late(notice, now)

    alice, bob = cast.alice, cast.bob
    with monkeypatch.context() as patched:
        patched.setattr(held, "notify_late", fails_for_the_author)
        held.tell_what_is_due(NOW + UNNOTICED_FOR, commit=db.session.commit)
    assert (_events(alice), _events(bob)) == ([], ["looked_at"])
    held.tell_what_is_due(NOW + UNNOTICED_FOR, commit=db.session.commit)
    assert (_events(alice), _events(bob)) == (["hidden"], ["looked_at"])
