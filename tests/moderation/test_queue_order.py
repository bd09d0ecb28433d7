"""The order of the queue, and that it costs the same however long it is."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from app.extensions import db
from app.models.activity import Activity
from app.models.moderation import FLAG_REASONS, Flag
from app.models.paging import PAGE_SIZE
from app.models.person import Person
from app.services.moderation.appeals import answer_back
from app.services.moderation.decide import hide
from app.services.moderation.flags import flag
from app.services.moderation.queue import queue, queue_length
from tests.cast import Cast
from tests.factories import NOW, make_activity, make_joint

pytestmark = pytest.mark.usefixtures("app")


def _flagged(owner: Person, by: Person, reason: str, hours: int = 0) -> Activity:
    activity = make_activity(owner)
    flag(activity, by, reason, "", NOW - timedelta(hours=hours))
    return activity


def _numbers(viewer: Person) -> list[int]:
    return [item.thing.id for item in queue(viewer).items]


def test_the_gravest_first_and_of_those_the_oldest(cast: Cast) -> None:
    by_reason = {reason: _flagged(cast.alice, cast.bob, reason) for reason in reversed(FLAG_REASONS)}
    older = _flagged(cast.alice, cast.bob, "tone", hours=3)
    expected = [by_reason[reason].id for reason in FLAG_REASONS]
    expected.insert(FLAG_REASONS.index("tone"), older.id)
    assert _numbers(cast.cora) == _numbers(cast.lena) == expected
    assert FLAG_REASONS[:2] == ("consent", "personal_data")
    assert FLAG_REASONS[-1] == "other"


def test_a_thing_is_as_grave_as_the_gravest_that_is_asked_and_as_old_as_the_oldest(cast: Cast) -> None:
    tone = _flagged(cast.alice, cast.bob, "tone", hours=1)
    both = _flagged(cast.alice, cast.bob, "spam", hours=5)
    flag(both, cast.charlie, "tone", "", NOW)
    assert _numbers(cast.cora) == [both.id, tone.id]


def test_an_answer_is_as_grave_as_what_it_answers(cast: Cast) -> None:
    spam = _flagged(cast.alice, cast.bob, "spam", hours=5)
    hidden = make_activity(cast.alice)
    hide(hidden, cast.lena, "consent", "", NOW)
    answer_back(hidden, cast.alice, "De har sagt ja.", NOW)
    assert _numbers(cast.cora) == [hidden.id, spam.id]


def test_of_ones_own_municipality_first_and_for_leads_as_it_comes(cast: Cast) -> None:
    theirs = make_joint(cast.charlie, cast.alice)
    flag(theirs, cast.bob, "consent", "", NOW)
    own = _flagged(cast.alice, cast.bob, "other")
    assert _numbers(cast.cora) == [own.id, theirs.id]
    assert _numbers(cast.lena) == [theirs.id, own.id]


def test_five_hundred_cost_what_twenty_cost_and_each_comes_once(cast: Cast, queries: list[str]) -> None:
    def grow(number: int) -> None:
        ids = [make_activity(cast.alice).id for _ in range(number)]
        reasons = FLAG_REASONS * (number // len(FLAG_REASONS) + 1)
        rows = [
            {"contribution_id": one, "by_id": cast.bob.id, "reason": reason, "text": "", "at": NOW}
            for one, reason in zip(ids, reasons, strict=False)
        ]
        db.session.execute(insert(Flag), rows)
        db.session.commit()

    def cost() -> int:
        queue(cast.cora)
        queue_length(cast.cora)
        queries.clear()
        queue(cast.cora)
        queue_length(cast.cora)
        return len(queries)

    grow(PAGE_SIZE + 1)
    few = cost()
    grow(500 - PAGE_SIZE - 1)
    assert cost() == few
    assert queue_length(cast.cora) == 500

    page = queue(cast.cora)
    assert page.length == 500, "beyond what it shows too"
    seen = [item.thing.id for item in page.items]
    while page.last and page.last.place:
        page = queue(cast.cora, page.last.place)
        seen += [item.thing.id for item in page.items]
    assert len(seen) == len(set(seen)) == 500
