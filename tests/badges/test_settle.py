"""Badges are earned once, told once, rest when their ground is gone, and wake when it is back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models.badge import Badge, BadgeCount
from app.models.notification import Kind, Notification
from app.models.person import Person
from app.services.moderation.decide import hide, restore
from app.services.upkeep.audit import repair, verify
from tests.cast import Cast
from tests.factories import NOW, make_activity, make_joint, make_outcome

pytestmark = pytest.mark.usefixtures("at_now")


def badge_of(person: Person, slug: str) -> Badge:
    return db.session.get_one(Badge, (person.id, slug), populate_existing=True)


def _told(person: Person) -> list[str]:
    badges = select(Notification.key).where(
        Notification.person_id == person.id, Notification.kind == Kind.BADGE
    )
    return list(db.session.scalars(badges.order_by(Notification.id)))


def _holders(slug: str) -> int:
    counts = select(BadgeCount.holders).where(BadgeCount.slug == slug)
    return sum(db.session.scalars(counts))


def test_the_first_report_earns_its_badge_and_is_told_once(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    assert db.session.scalars(select(Badge)).all() == [], "a plan alone earns nothing"
    make_outcome(activity)
    badge = badge_of(cast.alice, "first-report")
    assert (badge.counted, badge.needed, badge.earned_at) == (1, 1, NOW)
    assert badge.municipality_id == cast.alice.municipality_id
    make_outcome(make_activity(cast.alice), now=NOW + timedelta(hours=1))
    assert badge_of(cast.alice, "first-report").earned_at == NOW
    assert _told(cast.alice) == ["badge:first-report"]
    assert _holders("first-report") == 1


def test_a_failure_counts_as_much_as_a_success(cast: Cast) -> None:
    make_outcome(make_activity(cast.alice), carried_out=False)
    assert badge_of(cast.alice, "first-report").is_held


def test_what_is_hidden_lets_its_badge_rest_and_showing_it_wakes_it_silently(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    make_outcome(activity)
    hide(activity, cast.cora, "consent", "", NOW + timedelta(hours=1))
    badge = badge_of(cast.alice, "first-report")
    assert (badge.counted, badge.resting_since) == (0, NOW + timedelta(hours=1))
    assert not badge.is_held
    assert _holders("first-report") == 0
    restore(activity, cast.cora, NOW + timedelta(hours=2))
    assert badge_of(cast.alice, "first-report").is_held
    assert badge_of(cast.alice, "first-report").earned_at == NOW
    assert _holders("first-report") == 1
    assert _told(cast.alice) == ["badge:first-report"]
    assert verify() == []


def test_everybody_who_made_it_earns_it(cast: Cast) -> None:
    for _ in range(3):
        make_outcome(make_joint(cast.alice, cast.charlie))
    for person in (cast.alice, cast.charlie):
        assert badge_of(person, "across-borders").is_held
        assert badge_of(person, "first-report").is_held
    assert verify() == []


def test_a_wrong_figure_is_found_and_repaired_without_telling_anybody(cast: Cast) -> None:
    make_outcome(make_activity(cast.alice))
    db.session.query(Notification).delete()
    db.session.query(BadgeCount).delete()
    db.session.query(Badge).delete()
    db.session.expire_all()
    assert {one.of.split()[0] for one in verify()} == {"badge_counted", "badge_held"}
    repair()
    assert verify() == []
    assert badge_of(cast.alice, "first-report").is_held
    assert _holders("first-report") == 1
    assert _told(cast.alice) == []
