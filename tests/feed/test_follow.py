"""Following: what can be followed, by whom, how much, and who never knows."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.models.follow import MOST_FOLLOWED, Follow, FollowKind
from app.models.person import Person
from app.services.activities.plan import withdraw_activity
from app.services.activities.visibility import whole_activity
from app.services.feed.following import follow, followable, followed_by, is_followed
from app.services.moderation.decide import hide
from app.services.people.membership import leave
from tests.cast import Cast
from tests.factories import NOW, make_activity, make_person, municipality
from tests.unchanged import unchanged

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]


def follows(person: Person, kind: FollowKind, number: int) -> None:
    thing = followable(kind, number)
    assert thing
    follow(thing, by=person, now=NOW)
    db.session.commit()


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Follow)) or 0


@pytest.mark.parametrize("kind", list(FollowKind))
def test_the_button_begins_and_ends_it_as_page_and_as_fragment(
    cast: Cast, as_: As, hx: dict[str, str], kind: FollowKind
) -> None:
    number = {
        FollowKind.PERSON: cast.bob.id,
        FollowKind.MUNICIPALITY: municipality("klippan").id,
        FollowKind.ACTIVITY: make_activity(cast.bob).id,
    }[kind]
    client, address, alice_id = as_(cast.alice), f"/follows/{kind}/{number}", cast.alice.id
    for _ in range(2):
        answer = client.post(address, headers=hx)
        assert (answer.status_code, 'aria-pressed="true"' in answer.text) == (200, True)
        assert "<!doctype" not in answer.text
        assert is_followed(kind, number, alice_id)
    assert count() == 1
    answer = client.post(f"{address}/withdrawal", headers={"Referer": "http://localhost/leaderboard/klippan"})
    assert (answer.status_code, answer.location) == (303, f"/leaderboard/klippan#follow-{kind}-{number}")
    answer = client.post(f"{address}/withdrawal", headers=hx)
    assert 'aria-pressed="false"' in answer.text
    assert count() == 0


def test_the_button_is_called_the_same_and_says_by_its_state_whether_one_follows(
    cast: Cast, as_: As, hx: dict[str, str]
) -> None:
    client, address = as_(cast.alice), f"/follows/person/{cast.bob.id}"
    pressed = client.post(address, headers=hx).text
    open_again = client.post(f"{address}/withdrawal", headers=hx).text
    assert ('aria-pressed="true"' in pressed, 'aria-pressed="false"' in open_again) == (True, True)
    assert _words(pressed) == _words(open_again) == f"Följ {cast.bob.name}. Visar det i ditt eget flöde"


def _words(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", markup).split())


def test_who_follows_something_begins_with_their_own_feed(cast: Cast, as_: As) -> None:
    make_activity(cast.charlie, title="Bara i Klippan")
    make_activity(make_person("Ture Tun", "helsingborg"), title="Bara i Helsingborg")
    client = as_(cast.alice)
    assert "Bara i Helsingborg" in client.get("/").text
    client.post(f"/follows/person/{cast.charlie.id}")
    page = client.get("/").text
    assert "Det du följer, allt från Bjuv" in page
    assert ("Bara i Klippan" in page, "Bara i Helsingborg" in page) == (True, False)
    assert "show=you" in page[page.index("<new-items") :]
    assert "Bara i Helsingborg" in client.get("/?show=all").text


def test_the_button_stands_on_pages_of_others_things_alone(cast: Cast, as_: As) -> None:
    own, others = make_activity(cast.alice), make_activity(cast.bob)
    client = as_(cast.alice)
    for path, is_there in (
        (f"/activities/{others.id}", True),
        (f"/activities/{own.id}", False),
        ("/leaderboard/klippan", True),
        ("/leaderboard/bjuv", False),
    ):
        assert ('action="/follows/' in client.get(path).text) is is_there, path


def test_ones_list_is_ones_own(cast: Cast, as_: As) -> None:
    client = as_(cast.alice)
    assert "Du följer inget än" in client.get("/follows").text
    activity = make_activity(cast.bob, title="Skuggdag med grannen")
    follows(cast.alice, FollowKind.PERSON, cast.bob.id)
    follows(cast.alice, FollowKind.ACTIVITY, activity.id)
    page = client.get("/follows").text
    assert ("Bob Berg" in page, "Skuggdag med grannen" in page) == (True, True)
    others = as_(cast.bob)
    assert "Alice" not in others.get("/follows").text
    assert "Alice" not in others.get(f"/people/{cast.bob.id}").text


def test_nobody_follows_themselves_nor_what_is_not_there(cast: Cast, as_: As) -> None:
    cora, gone, hidden = cast.cora, make_person("Gun Gren"), make_activity(cast.bob)
    leave(gone, now=NOW)
    db.session.commit()
    hide(hidden, cora, "tone", "", NOW)
    db.session.commit()
    paths = {
        f"person/{cast.alice.id}": 403,
        f"person/{gone.id}": 404,
        f"activity/{hidden.id}": 404,
        "activity/999999": 404,
        "municipality/999": 404,
        "value/1": 404,
    }
    client = as_(cast.alice)
    with unchanged():
        for path, status in paths.items():
            assert client.post(f"/follows/{path}").status_code == status, path


def test_there_is_a_limit_that_says_so(cast: Cast, as_: As, hx: dict[str, str]) -> None:
    people = [make_person() for _ in range(MOST_FOLLOWED)]
    alice_id = cast.alice.id
    db.session.add_all(Follow(person_id=alice_id, followed_person_id=one.id, at=NOW) for one in people)
    db.session.commit()
    client, address, again = as_(cast.alice), f"/follows/person/{cast.bob.id}", people[0].id
    with unchanged():
        answer = client.post(address, headers=hx)
        assert (answer.status_code, "det är det mesta" in answer.text) == (422, True)
        assert client.post(f"/follows/person/{again}", headers=hx).status_code == 200, "one that is followed"
    client.post(f"/follows/person/{again}/withdrawal")
    assert client.post(address, headers=hx).status_code == 200


def test_what_was_withdrawn_takes_no_room(cast: Cast) -> None:
    activities = [make_activity(cast.bob, title=f"Fika {number}") for number in range(MOST_FOLLOWED)]
    for activity in activities:
        follows(cast.alice, FollowKind.ACTIVITY, activity.id)
    first = whole_activity(activities[0].id)
    assert first
    withdraw_activity(first, by=cast.bob, now=NOW)
    follows(cast.alice, FollowKind.PERSON, cast.charlie.id)
    assert len(followed_by(cast.alice.id)) == MOST_FOLLOWED


def test_who_leaves_follows_nothing_and_is_followed_by_nobody(cast: Cast) -> None:
    follows(cast.alice, FollowKind.PERSON, cast.bob.id)
    follows(cast.bob, FollowKind.MUNICIPALITY, municipality("klippan").id)
    follows(cast.alice, FollowKind.MUNICIPALITY, municipality("klippan").id)
    leave(cast.bob, now=NOW)
    assert [one.kind for one in followed_by(cast.alice.id)] == [FollowKind.MUNICIPALITY]
    assert followed_by(cast.bob.id) == []


def test_what_is_hidden_is_not_on_the_list(cast: Cast) -> None:
    cora, activity = cast.cora, make_activity(cast.bob)
    follows(cast.alice, FollowKind.ACTIVITY, activity.id)
    hide(activity, cora, "tone", "", NOW)
    assert followed_by(cast.alice.id) == []


@pytest.mark.parametrize(
    "columns", [{}, {"municipality_id": 1, "followed_person_id": 2}, {"followed_person_id": 1}]
)
def test_the_database_refuses_what_is_no_follow(cast: Cast, columns: dict[str, int]) -> None:
    numbers = {1: cast.alice.id, 2: cast.bob.id}
    places = {"municipality_id": municipality("klippan").id}
    row = {name: places.get(name, numbers[number]) for name, number in columns.items()}
    db.session.add(Follow(person_id=cast.alice.id, at=NOW, **row))
    with pytest.raises(IntegrityError):
        db.session.flush()
