"""What the feed shows under which filter, page by page, and how its query is carried out."""

from datetime import timedelta

from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.contribution import Removal
from app.models.feed import FeedItem, FeedScope
from app.models.stage import StageEvent
from app.services.activities.cheer import cheer
from app.services.activities.plan import answer_invitation, change_plan, invite, withdraw_activity
from app.services.feed.index import announce, refresh, show_planned, show_reported, take_down
from app.services.feed.page import feed_page, news_since
from app.services.feed.waiting import next_due
from app.services.moderation.decide import hide
from tests.cast import Cast
from tests.factories import (
    NOW,
    TODAY,
    focus_area,
    make_activity,
    make_outcome,
    make_plan,
    municipality,
    stage,
    value,
)


def scopes_of(activity: Activity) -> set[str]:
    query = select(FeedScope.scope).join(FeedItem, FeedItem.id == FeedScope.item_id)
    return set(db.session.scalars(query.where(FeedItem.contribution_id == activity.id)))


def shown(
    scope: str, viewer_id: int = 1, before: tuple[object, int] | None = None, size: int = 20
) -> list[int | None]:
    return [row.id for row in feed_page(scope, viewer_id, before, TODAY, size).items]  # type: ignore[arg-type]


def test_a_plan_shows_under_its_value_area_and_municipality(cast: Cast) -> None:
    activity = make_activity(cast.alice, also_values=[value("kreativt")])
    assert scopes_of(activity) == {
        "all",
        f"m:{municipality('bjuv').id}",
        f"v:{value().id}",
        f"v:{value('kreativt').id}",
        f"f:{focus_area().id}",
        f"a:{activity.id}",
        f"p:{cast.alice.id}",
    }


def test_showing_it_twice_changes_nothing(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    show_planned(activity, NOW + timedelta(hours=1))
    assert [row.at for row in feed_page("all", 1, None, TODAY, 5).items] == [NOW]


def test_a_report_moves_its_one_item_to_the_top_and_a_change_of_it_does_not(cast: Cast) -> None:
    first, second = make_activity(cast.alice), make_activity(cast.bob, now=NOW + timedelta(minutes=1))
    make_outcome(first, now=NOW + timedelta(hours=1))
    assert shown("all") == [first.id, second.id]
    show_reported(first, NOW + timedelta(hours=2))
    assert feed_page("all", 1, None, TODAY, 1).items[0].at == NOW + timedelta(hours=1)
    assert shown("reported") == [first.id]


def test_a_change_of_plan_moves_it_between_filters(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    change_plan(activity, make_plan(value=value("kreativt")), by=cast.alice, now=NOW)
    assert shown(f"v:{value().id}") == []
    assert shown(f"v:{value('kreativt').id}") == [activity.id]


def test_a_partner_brings_it_into_their_municipality(cast: Cast) -> None:
    alice, bob, charlie = cast.alice, cast.bob, cast.charlie
    activity = make_activity(alice)
    answer_invitation(invite(activity, charlie, by=alice, now=NOW), True, now=NOW)
    assert shown(f"m:{municipality('klippan').id}") == [activity.id]
    assert feed_page("all", charlie.id, None, TODAY, 1).items[0].partner
    assert not feed_page("all", bob.id, None, TODAY, 1).items[0].partner


def test_what_is_hidden_or_withdrawn_is_nowhere(cast: Cast) -> None:
    cora, hidden, withdrawn = cast.cora, make_activity(cast.alice), make_activity(cast.alice)
    hide(hidden, cora, "tone", "Skriv om det.", NOW)
    withdraw_activity(withdrawn, by=cast.alice, now=NOW)
    for activity in (hidden, withdrawn):
        refresh(activity)
        assert scopes_of(activity) == set()


def test_what_is_restored_comes_back_to_its_place(cast: Cast) -> None:
    activity, later = make_activity(cast.alice), make_activity(cast.bob, now=NOW + timedelta(hours=1))
    take_down(activity.id)
    assert shown("all") == [later.id]
    refresh(activity)
    assert shown("all") == [later.id, activity.id]


def test_a_stage_event_is_announced_once(cast: Cast) -> None:
    event = StageEvent(stage_id=stage().id, phase="learn", at=NOW)
    db.session.add(event)
    announce(event)
    announce(event)
    rows = feed_page("all", 1, None, TODAY, 5).items
    assert [(row.kind, row.phase, row.number) for row in rows] == [("stage", "learn", 2)]


def test_pages_follow_each_other_without_a_gap_when_moments_are_the_same(cast: Cast) -> None:
    for _ in range(7):
        make_activity(cast.alice)
    seen: list[int | None] = []
    before = None
    while rows := feed_page("all", 1, before, TODAY, 3).items:
        seen += [row.id for row in rows]
        before = (rows[-1].at, rows[-1].item_id)
    assert len(seen) == len(set(seen)) == 7
    assert seen == sorted(seen, reverse=True)  # type: ignore[type-var]


def test_news_are_those_above_an_item(cast: Cast) -> None:
    make_activity(cast.alice)
    top = feed_page("all", 1, None, TODAY, 1).items[0]
    assert news_since("all", top.at, top.item_id) == 0
    make_activity(cast.bob, now=NOW + timedelta(minutes=1))
    assert news_since("all", top.at, top.item_id) == 1
    assert news_since("reported", top.at, top.item_id) == 0


def test_ones_own_cheer_is_known(cast: Cast) -> None:
    alice, bob = cast.alice, cast.bob
    cheer(make_activity(alice), bob, now=NOW)
    assert feed_page("all", bob.id, None, TODAY, 1).items[0].cheered == bob.id
    assert feed_page("all", cast.alice.id, None, TODAY, 1).items[0].cheered is None


def test_the_latest_plan_whose_day_has_passed_is_due(cast: Cast) -> None:
    make_activity(cast.alice, planned_for=TODAY)
    assert next_due(cast.alice.id, stage().id, TODAY) is None
    earlier = make_activity(cast.alice, planned_for=TODAY - timedelta(days=5))
    yesterday = make_activity(cast.alice, planned_for=TODAY - timedelta(days=1))
    due = next_due(cast.alice.id, stage().id, TODAY)
    assert due
    assert due.id == yesterday.id
    make_outcome(yesterday)
    due = next_due(cast.alice.id, stage().id, TODAY)
    assert due
    assert due.id == earlier.id
    hide(earlier, cast.cora, "tone", "", NOW)
    assert db.session.get(Removal, earlier.id)
    assert next_due(cast.alice.id, stage().id, TODAY) is None
