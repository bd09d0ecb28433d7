"""What is put together for one reader: what they follow, their municipality and what is a model for all."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from app.extensions import db
from app.models.activity import Activity
from app.models.feed import FeedItem, FeedScope
from app.models.follow import FollowKind
from app.models.person import Person
from app.services.activities.best_practice import lift, lower
from app.services.activities.plan import answer_invitation, invite
from app.services.activities.visibility import whole_activity
from app.services.feed.following import follow, followable
from app.services.feed.page import feed_page, news_since
from app.services.feed.sources import NEWS_AT_MOST
from app.services.moderation.decide import hide, restore
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_activity, make_outcome, make_person, municipality


def follows(person: Person, kind: FollowKind, number: int) -> None:
    thing = followable(kind, number)
    assert thing
    follow(thing, by=person, now=NOW)


def rows_for(person: Person, last: Any = None, size: int = 20) -> list[Any]:
    place = person.municipality_id
    return feed_page("you", person.id, last, TODAY, size, municipality_id=place, now=NOW).items


def shown_to(person: Person) -> list[int]:
    return [row.id for row in rows_for(person)]


def whole(activity: Activity) -> Activity:
    found = whole_activity(activity.id)
    assert found
    return found


def test_without_following_it_is_ones_municipality_and_the_models(cast: Cast) -> None:
    kim, near = cast.kim, make_activity(cast.bob)
    far, model = make_activity(cast.charlie), make_activity(cast.charlie)
    make_outcome(model, now=NOW + timedelta(minutes=1))
    assert shown_to(cast.alice) == [near.id]
    lift(whole(model), "Gör så här.", by=kim, now=NOW)
    assert shown_to(cast.alice) == [model.id, near.id]
    lower(whole(model), by=kim, now=NOW)
    assert far.id not in shown_to(cast.alice)
    assert shown_to(cast.alice) == [near.id]


def test_what_is_no_longer_carried_out_is_no_model(cast: Cast) -> None:
    kim, model = cast.kim, make_activity(cast.charlie)
    make_outcome(model)
    lift(whole(model), "Gör så här.", by=kim, now=NOW)
    make_outcome(model, carried_out=False, rating=None, by=cast.charlie, now=NOW + timedelta(minutes=2))
    assert shown_to(cast.alice) == []


def test_a_person_brings_what_they_make_alone_or_with_others(cast: Cast) -> None:
    charlie = cast.charlie
    other = make_person("Ture Tun", "klippan")
    alone, with_others = make_activity(charlie), make_activity(other)
    follows(cast.alice, FollowKind.PERSON, charlie.id)
    assert shown_to(cast.alice) == [alone.id]
    answer_invitation(invite(with_others, charlie, by=other, now=NOW), True, now=NOW)
    assert set(shown_to(cast.alice)) == {alone.id, with_others.id}


def test_a_municipality_and_an_activity(cast: Cast) -> None:
    klippan = make_activity(cast.charlie)
    helsingborg = make_activity(make_person("Ture Tun", "helsingborg"))
    follows(cast.alice, FollowKind.MUNICIPALITY, municipality("klippan").id)
    assert shown_to(cast.alice) == [klippan.id]
    follows(cast.alice, FollowKind.ACTIVITY, helsingborg.id)
    assert set(shown_to(cast.alice)) == {klippan.id, helsingborg.id}
    assert shown_to(cast.bob) == []


def test_nothing_stands_twice_however_many_ways_lead_to_it(cast: Cast) -> None:
    cora, activity = cast.cora, make_activity(cast.bob)
    make_outcome(activity)
    lift(whole(activity), "Gör så här.", by=cora, now=NOW)
    follows(cast.alice, FollowKind.PERSON, cast.bob.id)
    follows(cast.alice, FollowKind.ACTIVITY, activity.id)
    follows(cast.alice, FollowKind.MUNICIPALITY, municipality("bjuv").id)
    assert shown_to(cast.alice) == [activity.id]


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_pages_follow_each_other_without_a_gap_over_all_ranges(cast: Cast, size: int) -> None:
    """Some at the same moment, some further apart, in ranges of different lengths; and none that is not for her."""
    other = make_person("Ture Tun", "helsingborg")
    follows(cast.alice, FollowKind.PERSON, cast.charlie.id)
    follows(cast.alice, FollowKind.PERSON, cast.bob.id)
    expected = []
    for number in range(13):
        maker = (cast.bob, cast.charlie, other)[number % 3]
        activity = make_activity(maker, now=NOW + timedelta(seconds=number // 4))
        expected += [activity.id] if maker is not other else []
    seen: list[int] = []
    last = None
    while rows := rows_for(cast.alice, last, size):
        assert len(rows) <= size
        seen += [row.id for row in rows]
        last = (rows[-1].at, rows[-1].item_id)
    assert seen == expected[::-1]


def test_what_is_hidden_is_not_there_and_comes_back_to_its_place(cast: Cast) -> None:
    cora, hidden, later = (
        cast.cora,
        make_activity(cast.bob),
        make_activity(cast.bob, now=NOW + timedelta(hours=1)),
    )
    follows(cast.alice, FollowKind.ACTIVITY, hidden.id)
    follows(cast.alice, FollowKind.PERSON, cast.bob.id)
    hide(whole(hidden), cora, "tone", "", NOW)
    assert shown_to(cast.alice) == [later.id]
    db.session.commit()
    restore(whole(hidden), cora, NOW)
    assert shown_to(cast.alice) == [later.id, hidden.id]


def test_news_are_those_of_ones_own_feed(cast: Cast) -> None:
    make_activity(cast.bob)
    top = rows_for(cast.alice)[0]
    follows(cast.alice, FollowKind.PERSON, cast.bob.id)

    def news() -> int:
        return news_since("you", top.at, top.item_id, cast.alice.id, cast.alice.municipality_id)

    make_activity(cast.charlie, now=NOW + timedelta(minutes=1))
    assert news() == 0
    make_activity(cast.bob, now=NOW + timedelta(minutes=2))
    assert news() == 1, "once, though two ways lead to it"


def test_news_are_counted_over_ranges_of_any_length_and_no_more_than_are_told(cast: Cast) -> None:
    make_activity(cast.charlie)
    item_id = db.session.scalars(select(FeedItem.id)).one()
    follows(cast.alice, FollowKind.MUNICIPALITY, municipality("klippan").id)
    scopes = (f"m:{cast.alice.municipality_id}", f"m:{municipality('klippan').id}")

    def come(scope: str, minutes: range) -> int:
        rows = [{"scope": scope, "at": NOW + timedelta(minutes=each), "item_id": item_id} for each in minutes]
        db.session.execute(insert(FeedScope), rows)
        return news_since("you", NOW, 2**62, cast.alice.id, cast.alice.municipality_id)

    assert come(scopes[0], range(1, 61)) == 60
    assert come(scopes[1], range(31, 91)) == 90, "those that stand in both count once"
    assert come(scopes[1], range(91, 140)) == NEWS_AT_MOST
