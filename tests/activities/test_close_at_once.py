"""Two phones, a double tap, a co-owner: of several at the same time one answer stands, and nothing is doubled."""

from collections.abc import Callable

from flask import Flask
from sqlalchemy import func, select

from app.extensions import db
from app.models.close_out import Choice, CloseOut
from app.models.feed import FeedItem
from app.models.ledger import PointEntry
from app.models.outcome import Outcome
from app.services.activities.close_out import close_out, question_in_turn, undo
from app.services.notifications.close_address import CloseToken
from app.services.upkeep.audit import verify
from tests.activities.closing import YESTERDAY
from tests.at_once import all_at_once
from tests.factories import NOW, make_joint, make_person


def _tap(activity_id: int, person_id: int, choice: Choice) -> Callable[[], None]:
    def tap() -> None:
        question = question_in_turn(CloseToken(activity_id, person_id, YESTERDAY, NOW), NOW)
        if question:
            close_out(question, choice, NOW)

    return tap


def _take_back(activity_id: int, person_id: int) -> Callable[[], None]:
    def take_back() -> None:
        question = question_in_turn(CloseToken(activity_id, person_id, YESTERDAY, NOW), NOW)
        if question:
            undo(question, NOW)

    return take_back


def test_many_taps_at_once_leave_one_answer(live: Flask) -> None:
    with live.app_context():
        owner, partner = make_person("Alice Ahl", "bjuv"), make_person("Charlie Ceder", "klippan")
        activity = make_joint(owner, partner, planned_for=YESTERDAY)
        numbers = activity.id, owner.id, partner.id
    activity_id, owner_id, partner_id = numbers
    taps: list[Callable[[], object]] = [_tap(activity_id, owner_id, Choice.DONE) for _ in range(3)]
    taps += [_tap(activity_id, partner_id, Choice.NOT), _tap(activity_id, partner_id, Choice.MOVED)]
    taps += [_take_back(activity_id, owner_id), _take_back(activity_id, owner_id)]
    assert all_at_once(live, taps) == []
    with live.app_context():
        counts = [
            db.session.scalar(select(func.count()).select_from(table)) for table in (CloseOut, FeedItem)
        ]
        assert counts[0] in (0, 1)
        assert counts[1] == 1
        reports = select(func.count()).where(PointEntry.reason == "report")
        assert (db.session.scalar(reports) or 0) <= 2
        answer = db.session.scalars(select(CloseOut)).one_or_none()
        reported = db.session.get(Outcome, activity_id) is not None
        assert reported is bool(answer and answer.stamp)
        assert verify() == []
