"""Badges are earned once, told once, rest when their ground is gone, and wake when it is back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models.badge import Badge, BadgeCount
from app.models.notification import Kind, Notification
from app.models.programme import Value
from app.services.badges.settle import settle_badges
from app.services.moderation.decide import hide, restore
from app.services.notifications.kinds import words_of
from app.services.people.membership import leave, move
from app.services.upkeep.audit import repair, verify
from tests.badges.shelves import badge_of, holders, told
from tests.cast import Cast
from tests.factories import NOW, make_activity, make_joint, make_outcome, municipality, value

pytestmark = pytest.mark.usefixtures("at_now")


def test_the_first_report_earns_its_badge_once(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    assert db.session.scalars(select(Badge)).all() == [], "a plan alone earns nothing"
    make_outcome(activity)
    badge = badge_of(cast.alice, "first-report")
    assert (badge.counted, badge.needed, badge.earned_at) == (1, 1, NOW)
    assert badge.municipality_id == cast.alice.municipality_id
    make_outcome(make_activity(cast.alice), now=NOW + timedelta(hours=1))
    assert badge_of(cast.alice, "first-report").earned_at == NOW
    assert holders("first-report") == 1


def test_whoever_reports_is_told_by_the_page_that_celebrates_and_the_others_by_a_notice(cast: Cast) -> None:
    make_outcome(make_joint(cast.alice, cast.charlie), by=cast.charlie)
    assert badge_of(cast.charlie, "first-report").is_held
    assert (told(cast.alice), told(cast.charlie)) == (["badge:first-report"], [])


def test_what_a_changed_report_brings_is_told_by_a_notice(cast: Cast) -> None:
    activities = [make_activity(cast.alice) for _ in range(2)]
    for activity in activities:
        make_outcome(activity)
    assert told(cast.alice) == []
    for activity in activities:
        make_outcome(activity, carried_out=False)
    assert told(cast.alice) == ["badge:honest"]


def test_a_failure_counts_as_much_as_a_success(cast: Cast) -> None:
    make_outcome(make_activity(cast.alice), carried_out=False)
    assert badge_of(cast.alice, "first-report").is_held


def test_what_is_hidden_lets_its_badge_rest_and_showing_it_wakes_it_silently(cast: Cast) -> None:
    activity = make_joint(cast.alice, cast.charlie)
    make_outcome(activity, by=cast.charlie)
    hide(activity, cast.cora, "consent", "", NOW + timedelta(hours=1))
    badge = badge_of(cast.alice, "first-report")
    assert (badge.counted, badge.resting_since) == (0, NOW + timedelta(hours=1))
    assert not badge.is_held
    assert holders("first-report") == 0
    restore(activity, cast.cora, NOW + timedelta(hours=2))
    assert badge_of(cast.alice, "first-report").is_held
    assert badge_of(cast.alice, "first-report").earned_at == NOW
    assert holders("first-report") == 2
    assert told(cast.alice) == ["badge:first-report"]
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
    assert holders("first-report") == 1
    assert told(cast.alice) == []


def test_settling_twice_changes_nothing(cast: Cast) -> None:
    make_outcome(make_joint(cast.alice, cast.bob), by=cast.bob)
    settle_badges({cast.alice.id}, NOW + timedelta(days=1))
    badge = badge_of(cast.alice, "first-report")
    assert (badge.earned_at, badge.resting_since) == (NOW, None)
    assert told(cast.alice) == ["badge:first-report"]
    assert holders("first-report") == 2


def test_it_takes_all_the_values_that_the_programme_has_and_growing_takes_none_away(cast: Cast) -> None:
    for slug in ("manskligt", "valkomnande", "kreativt", "gemensamt"):
        make_outcome(make_activity(cast.alice, value=value(slug)))
    assert badge_of(cast.alice, "all-values").is_held
    db.session.add(Value(slug="modigt", name={"sv": "Modigt"}, mark="m", position=5))
    make_outcome(make_activity(cast.alice))
    make_outcome(make_activity(cast.bob))
    assert badge_of(cast.alice, "all-values").is_held
    assert badge_of(cast.alice, "all-values").needed == 4
    assert badge_of(cast.bob, "all-values").counted == 1
    assert verify() == []


def test_who_moves_or_leaves_keeps_theirs_and_is_counted_where_it_was_earned(cast: Cast) -> None:
    make_outcome(make_activity(cast.alice))
    move(cast.alice, municipality("klippan"), now=NOW)
    db.session.flush()
    leave(cast.alice, now=NOW)
    db.session.commit()
    assert badge_of(cast.alice, "first-report").is_held
    (count,) = db.session.scalars(select(BadgeCount).where(BadgeCount.slug == "first-report"))
    assert (count.municipality_id, count.holders) == (municipality("bjuv").id, 1)
    assert verify() == []


def test_the_notification_is_in_the_readers_language(cast: Cast) -> None:
    make_outcome(make_joint(cast.alice, cast.bob), by=cast.bob)
    about_badges = select(Notification).where(Notification.kind == Kind.BADGE)
    (note,) = db.session.scalars(about_badges.where(Notification.person_id == cast.alice.id))
    assert note.url == "/badges/first-report"
    swedish, english = (words_of("badge", note.parameters, language) for language in ("sv", "en"))
    assert swedish.title == "Nytt märke: Första lappen"
    assert english[:2] == ("New badge: First patch", "Tell how something went, for the first time")
