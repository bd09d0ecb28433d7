"""What coordinators and leads pin on top of the feed: where, how many, until when."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from app.models.activity import Activity
from app.models.person import Person
from app.models.pin import LONGEST_PINNED, MOST_PINNED
from app.services.activities.visibility import whole_activity
from app.services.challenges.announcement import announce, show_again, take_down
from app.services.feed.page import feed_page
from app.services.feed.pins import (
    NotTheirsToPinError,
    PinDayError,
    PinnedTooManyError,
    pin,
    pinned_by,
    unpin,
)
from app.services.moderation.decide import hide, restore
from tests.cast import Cast
from tests.challenge_makers import make_challenge
from tests.factories import NOW, TODAY, make_activity, make_outcome
from tests.unchanged import unchanged

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]
FRIDAY = TODAY + timedelta(days=3)


def on_top(person: Person, view: str = "all", day: date = TODAY) -> list[int]:
    now = NOW + (day - TODAY)
    page = feed_page(view, person.id, None, day, municipality_id=person.municipality_id, now=now)
    assert not {row.id for row in page.pinned} & {row.id for row in page.items}, "it stands once"
    return [row.id for row in page.pinned]


def whole(activity: Activity) -> Activity:
    found = whole_activity(activity.id)
    assert found
    return found


def test_a_coordinator_pins_for_their_municipality_and_a_lead_for_everybody(cast: Cast) -> None:
    cora, lena, here, everywhere = cast.cora, cast.lena, make_activity(cast.charlie), make_activity(cast.bob)
    pin(here, FRIDAY, by=cora, now=NOW)
    pin(everywhere, FRIDAY, by=lena, now=NOW)
    for view in ("all", "you"):
        assert set(on_top(cast.alice, view)) == {here.id, everywhere.id}
        assert on_top(cast.charlie, view) == [everywhere.id]
    assert on_top(cast.alice, "reported") == []


def test_what_both_pin_stands_once_on_top_and_on_the_next_page_in_its_place(cast: Cast) -> None:
    cora, lena, activity = cast.cora, cast.lena, make_activity(cast.bob)
    pin(activity, FRIDAY, by=cora, now=NOW)
    pin(activity, FRIDAY + timedelta(days=1), by=lena, now=NOW)
    assert on_top(cast.alice) == [activity.id]
    later = feed_page("all", cast.alice.id, (NOW + timedelta(days=1), 1), TODAY, municipality_id=1, now=NOW)
    assert ([row.id for row in later.items], later.pinned) == ([activity.id], [])


def test_it_ends_by_itself_after_its_day(cast: Cast) -> None:
    cora, activity = cast.cora, make_activity(cast.bob)
    pin(activity, FRIDAY, by=cora, now=NOW)
    assert on_top(cast.alice, day=FRIDAY) == [activity.id]
    assert on_top(cast.alice, day=FRIDAY + timedelta(days=1)) == []
    assert pinned_by(cora, activity.id, NOW).last_day == FRIDAY
    assert pinned_by(cora, activity.id, NOW + timedelta(days=4)).last_day is None


def test_it_stays_on_top_when_it_is_reported_and_goes_when_it_is_hidden(cast: Cast) -> None:
    cora, activity = cast.cora, make_activity(cast.bob)
    pin(activity, FRIDAY, by=cora, now=NOW)
    make_outcome(activity)
    assert on_top(cast.alice) == [activity.id]
    hide(whole(activity), cora, "tone", "", NOW)
    assert on_top(cast.alice) == []
    restore(whole(activity), cora, NOW)
    assert on_top(cast.alice) == [activity.id]


def test_there_are_few_and_who_ends_one_has_room(cast: Cast) -> None:
    cora, kim, activities = cast.cora, cast.kim, [make_activity(cast.bob) for _ in range(MOST_PINNED + 1)]
    *pinned, one_more = activities
    for activity in pinned:
        pin(activity, FRIDAY, by=cora, now=NOW)
    with pytest.raises(PinnedTooManyError):
        pin(one_more, FRIDAY, by=cora, now=NOW)
    pin(pinned[0], FRIDAY + timedelta(days=1), by=cora, now=NOW)  # the day alone
    pin(one_more, FRIDAY, by=kim, now=NOW)  # elsewhere there is room
    unpin(pinned[0], by=cora)
    pin(one_more, FRIDAY, by=cora, now=NOW)
    assert set(on_top(cast.alice)) == {pinned[1].id, one_more.id}


def test_what_has_ended_takes_no_room(cast: Cast) -> None:
    cora, activities = cast.cora, [make_activity(cast.bob) for _ in range(MOST_PINNED + 1)]
    for activity in activities[:-1]:
        pin(activity, TODAY, by=cora, now=NOW)
    pin(activities[-1], FRIDAY, by=cora, now=NOW + timedelta(days=1))
    assert on_top(cast.alice, day=FRIDAY) == [activities[-1].id]


@pytest.mark.parametrize("days", [-1, LONGEST_PINNED.days])
def test_the_day_is_neither_over_nor_far_away(cast: Cast, days: int) -> None:
    cora, activity = cast.cora, make_activity(cast.bob)
    with pytest.raises(PinDayError):
        pin(activity, TODAY + timedelta(days=days), by=cora, now=NOW)


def test_participants_pin_nothing(cast: Cast) -> None:
    activity = make_activity(cast.bob)
    with pytest.raises(NotTheirsToPinError):
        pin(activity, FRIDAY, by=cast.bob, now=NOW)
    with pytest.raises(NotTheirsToPinError):
        unpin(activity, by=cast.stig)


def test_it_is_pinned_from_its_page_and_seen_as_pinned(cast: Cast, as_: As) -> None:
    activity = make_activity(cast.bob, title="Skuggdag med grannen")
    client, address = as_(cast.cora), f"/activities/{activity.id}"
    assert f'action="{address}/pin"' in client.get(address).text
    assert client.post(f"{address}/pin", data={"last_day": FRIDAY.isoformat()}).status_code == 303
    assert "Fäst överst i flödet i Bjuv till 13 nov" in client.get(address).text
    page = as_(cast.alice).get("/").text
    top = page[page.index('id="pinned"') : page.index('id="feed"')]
    assert "Skuggdag med grannen" in top
    assert "fäst till 13 nov" in top
    assert page.count("Skuggdag med grannen") == 1
    assert 'id="pinned"' not in as_(cast.charlie).get("/").text
    assert f'action="{address}/pin' not in as_(cast.alice).get(address).text
    client.post(f"{address}/pin/withdrawal")
    assert 'id="pinned"' not in as_(cast.alice).get("/").text


def test_a_challenge_is_pinned_from_its_page_and_goes_and_comes_back_with_it(cast: Cast, as_: As) -> None:
    lena, challenge = cast.lena, make_challenge(title="Bjud in en granne")
    announce(challenge, NOW)
    client, address = as_(lena), f"/challenges/{challenge.id}"
    assert client.post(f"{address}/pin", data={"last_day": "i morgon"}).status_code == 422
    assert client.post(f"{address}/pin", data={"last_day": FRIDAY.isoformat()}).status_code == 303
    assert "Fäst överst i allas flöde till 13 nov" in client.get(address).text
    assert pinned_titles(as_(cast.charlie).get("/").text) == ["Bjud in en granne"]
    take_down(challenge, NOW)
    assert pinned_titles(as_(cast.charlie).get("/").text) == []
    show_again(challenge, NOW)
    page = as_(cast.charlie).get("/").text
    assert (pinned_titles(page), in_list(page)) == (["Bjud in en granne"], 0)
    client.post(f"{address}/pin/withdrawal")
    page = as_(cast.charlie).get("/").text
    assert (pinned_titles(page), in_list(page)) == ([], 1)


def in_list(page: str) -> int:
    return page.partition('id="feed"')[2].count("Bjud in en granne")


def pinned_titles(page: str) -> list[str]:
    top = page.partition('id="pinned"')[2].partition('id="feed"')[0]
    return re.findall(r'<h3><a href="/challenges/\d+">([^<]+)<', top)


@pytest.mark.parametrize("last_day", ["", "i morgon", "2026-01-01", "2030-01-01"])
def test_a_wrong_day_is_said_on_the_page(cast: Cast, as_: As, last_day: str) -> None:
    activity = make_activity(cast.bob)
    client, number = as_(cast.cora), activity.id
    with unchanged():
        answer = client.post(f"/activities/{number}/pin", data={"last_day": last_day})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text


def test_one_too_many_is_said_on_the_page(cast: Cast, as_: As) -> None:
    cora, activities = cast.cora, [make_activity(cast.bob) for _ in range(MOST_PINNED + 1)]
    numbers, client, said = [one.id for one in activities], as_(cora), {"last_day": FRIDAY.isoformat()}
    answers = [client.post(f"/activities/{number}/pin", data=said) for number in numbers]
    assert [answer.status_code for answer in answers] == [303] * MOST_PINNED + [422]
    assert "Lossa en av dem först." in answers[-1].text
