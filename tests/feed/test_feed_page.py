"""The feed as a page, as a fragment and for those who are not signed in; and cheers."""

import html
import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.models.contribution import Cheer, Contribution
from app.models.ledger import PointEntry
from app.models.notification import Notification
from app.models.person import Person
from app.models.stage import StageEvent
from app.services.activities.plan import answer_invitation, invite
from app.services.feed.index import announce
from app.services.moderation.decide import hide
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_activity, make_outcome, municipality, stage, value
from tests.unchanged import unchanged

SignIn = Callable[[Person], FlaskClient]


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        yield


def cheers_of(activity_id: int) -> tuple[int, int]:
    """As counted beside the activity, and as rows."""
    rows = db.session.scalars(select(Cheer).where(Cheer.contribution_id == activity_id)).all()
    return db.session.scalars(
        select(Contribution.cheer_count).where(Contribution.id == activity_id)
    ).one(), len(rows)


def test_a_stranger_sees_the_front_page(client: FlaskClient) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert 'id="feed"' not in answer.text


def test_it_says_where_the_stage_is_and_what_is_new(cast: Cast, as_: SignIn) -> None:
    make_outcome(make_activity(cast.bob, title="Fika <med> nyinflyttade"))
    make_activity(cast.bob, title="Skuggdag med grannen")
    page = as_(cast.alice).get("/").text
    assert "Hej Alice!" in page
    assert "20 dagar kvar." in page
    assert "Fika &lt;med&gt; nyinflyttade" in page
    assert "Skuggdag med grannen" in page


def test_an_empty_feed_asks_for_the_first_patch(cast: Cast, as_: SignIn) -> None:
    assert "Sy fast den första lappen." in as_(cast.alice).get("/").text


def test_a_stage_event_is_a_moment(cast: Cast, as_: SignIn) -> None:
    event = StageEvent(stage_id=stage().id, phase="activate", at=NOW)
    db.session.add(event)
    announce(event)
    db.session.commit()
    page = as_(cast.alice).get("/").text
    assert 'class="moment" href="/stages/2"' in page
    assert "Över gränsen" in page


def test_a_filter_shows_only_its_own(cast: Cast, as_: SignIn) -> None:
    make_activity(cast.alice, title="Bara i Bjuv")
    make_activity(cast.charlie, title="Bara i Klippan")
    page = as_(cast.alice).get(f"/?show=m:{municipality('klippan').id}").text
    page = page[page.index('id="feed"') :]  # the head says what Alice herself has planned
    assert "Bara i Klippan" in page
    assert "Bara i Bjuv" not in page
    assert "Inget här" not in as_(cast.alice).get(f"/?show=v:{value().id}").text


def test_the_chosen_filter_stands_next_to_the_two_views(cast: Cast, as_: SignIn) -> None:
    chosen = f"v:{value().id}"
    page = as_(cast.alice).get(f"/?show={chosen}").text
    chips = re.findall(r'<a class="chip[^"]*" href="([^"]+)"', page)
    assert chips[:3] == ["/?show=you", "/?show=all", f"/?show={chosen}"]
    assert len(set(chips)) == len(chips)


@pytest.mark.parametrize("show", ["m:999", "x:1", "m:", "v:1' or 1=1", "alla"])
def test_a_filter_that_does_not_exist_is_not_found(cast: Cast, as_: SignIn, show: str) -> None:
    make_activity(cast.alice, title="Bara i Bjuv")
    answer = as_(cast.alice).get("/", query_string={"show": show})
    assert (answer.status_code, "Bara i Bjuv" in answer.text) == (404, False)


def test_a_cursor_that_we_did_not_write_is_refused(cast: Cast, as_: SignIn) -> None:
    answer = as_(cast.alice).get("/?before=yesterday")
    assert answer.status_code == 400
    assert "Det gick inte" in answer.text


def test_the_next_page_is_a_plain_link_and_a_fragment_for_htmx(
    cast: Cast, as_: SignIn, hx: dict[str, str]
) -> None:
    for number in range(23):
        make_activity(cast.bob, title=f"Lapp nummer {number:02}", now=NOW + timedelta(seconds=number))
    browser = as_(cast.alice)
    first = browser.get("/").text
    assert ("Lapp nummer 22" in first, "Lapp nummer 03" in first, "Lapp nummer 02" in first) == (
        True,
        True,
        False,
    )
    link = first.partition('hx-get="')[2].partition('"')[0].replace("&amp;", "&")
    assert f'href="{link}"' in first.replace("&amp;", "&")
    rest, fragment = browser.get(link), browser.get(link, headers=hx)
    assert "<!doctype html>" in rest.text
    assert "<!doctype" not in fragment.text
    for text in (rest.text, fragment.text):
        assert "Lapp nummer 02" in text
        assert "Lapp nummer 03" not in text
    assert "HX-Request" in fragment.headers["Vary"]


def test_whoever_comes_back_finds_the_list_as_far_as_it_was_shown(
    cast: Cast, as_: SignIn, hx: dict[str, str]
) -> None:
    """Up to five parts, whatever the address asks for."""
    for number in range(101):
        make_activity(cast.bob, title=f"Lapp nummer {number:03}", now=NOW + timedelta(seconds=number))
    browser = as_(cast.alice)
    answer, shown = browser.get("/?show=all"), 20
    for parts in (2, 3, 4, 5):
        answer, shown = browser.get(_more_url(answer.text), headers=hx), shown + 20
        again = answer.headers["HX-Replace-Url"]
        assert again == f"/?show=all&parts={parts}"
        assert len(set(re.findall(r"Lapp nummer \d+", browser.get(again).text))) == shown
    last = browser.get(_more_url(answer.text), headers=hx)
    assert (last.headers["HX-Replace-Url"], "Lapp nummer 000" in last.text) == ("/?show=all&parts=5", True)
    assert "Lapp nummer 000" not in browser.get("/?show=all&parts=999999").text


def _more_url(page: str) -> str:
    return html.unescape(re.findall(r'hx-get="(/\?[^"]*before=[^"]+)"', page)[0])


def test_news_are_announced(cast: Cast, as_: SignIn) -> None:
    make_activity(cast.bob)
    browser = as_(cast.alice)
    url = browser.get("/").text.partition('data-url="')[2].partition('"')[0].replace("&amp;", "&")
    assert browser.get(url).status_code == 204
    make_activity(cast.charlie, now=NOW + timedelta(minutes=1))
    answer = browser.get(url)
    assert "1 ny" in answer.text
    assert 'href="/?show=all"' in answer.text


def test_news_are_for_those_who_are_signed_in_and_from_somewhere(
    cast: Cast, as_: SignIn, client: FlaskClient
) -> None:
    make_activity(cast.bob)
    stranger, lost = client.get("/feed/new?since=1-1"), as_(cast.alice).get("/feed/new")
    assert stranger.location.startswith("/login")
    assert lost.status_code == 400
    assert "1 ny" not in stranger.text + lost.text


def test_only_what_is_to_come_is_coming_up(cast: Cast, as_: SignIn) -> None:
    make_activity(cast.bob, title="Fika i morgon", planned_for=TODAY + timedelta(days=1))
    make_activity(cast.bob, title="Fika i förrgår", planned_for=TODAY - timedelta(days=2))
    make_activity(cast.bob, title="Fika någon gång", planned_for=None)
    page = as_(cast.alice).get("/").text
    headings = ("På gång", "Fika någon gång", "Fika i morgon", "Hur gick det?", "Fika i förrgår")
    assert sorted(headings, key=page.index) == list(headings)


def test_a_plan_whose_day_has_passed_is_asked_about(cast: Cast, as_: SignIn) -> None:
    activity = make_activity(cast.alice, title="Fika i går", planned_for=TODAY - timedelta(days=1))
    page = as_(cast.alice).get("/").text
    assert "Hur gick det?" in page
    assert f'href="/activities/{activity.id}/outcome"' in page


@pytest.mark.parametrize("number", [1, 15])
def test_a_page_asks_the_database_as_often_whatever_is_in_it(
    app: Flask, cast: Cast, as_: SignIn, queries: list[str], number: int
) -> None:
    app.config["CACHE_SECONDS"] = 60
    for _ in range(number):
        make_outcome(make_activity(cast.bob))
    browser = as_(cast.alice)
    browser.get("/")
    queries.clear()
    assert browser.get("/").status_code == 200
    app.config["CACHE_SECONDS"] = 0
    assert len(queries) == 2, queries


def test_one_cheers_once_and_the_owner_is_told_once_a_day(
    cast: Cast, as_: SignIn, hx: dict[str, str]
) -> None:
    activity = make_activity(cast.alice)
    url = f"/activities/{activity.id}/cheer"
    for person in (cast.bob, cast.bob, cast.charlie):
        answer = as_(person).post(url, headers=hx)
        assert 'aria-pressed="true"' in answer.text
        assert "<!doctype" not in answer.text
    assert cheers_of(activity.id) == (2, 2)
    notifications = db.session.scalars(select(Notification).where(Notification.kind == "cheer")).all()
    assert [(one.person_id, one.parameters["name"], one.parameters["others"]) for one in notifications] == [
        (cast.alice.id, "Bob Berg", 1)
    ]
    assert [entry.reason for entry in db.session.scalars(select(PointEntry))] == ["plan"]


def test_without_script_one_comes_back_to_the_card(cast: Cast, as_: SignIn) -> None:
    activity = make_activity(cast.alice)
    browser, url = as_(cast.bob), f"/activities/{activity.id}/cheer"
    answer = browser.post(url, headers={"Referer": "http://localhost/?show=reported"})
    assert (answer.status_code, answer.location) == (303, f"/?show=reported#cheer-{activity.id}")
    answer = browser.post(url, headers={"Referer": "http://localhost//elsewhere.example/"})
    assert answer.location.startswith("/#")
    answer = browser.post(url, headers={"Referer": "https://elsewhere.example/"})
    assert answer.location == f"/activities/{activity.id}#cheer-{activity.id}"


def test_a_cheer_can_be_taken_back(cast: Cast, as_: SignIn, hx: dict[str, str]) -> None:
    activity = make_activity(cast.alice)
    browser, url = as_(cast.bob), f"/activities/{activity.id}/cheer"
    browser.post(url)
    for _ in range(2):
        answer = browser.post(f"{url}/withdrawal", headers=hx)
        assert 'aria-pressed="false"' in answer.text
    assert cheers_of(activity.id) == (0, 0)


def test_nobody_cheers_for_their_own(cast: Cast, as_: SignIn) -> None:
    alice, charlie = cast.alice, cast.charlie
    activity = make_activity(alice)
    answer_invitation(invite(activity, charlie, by=alice, now=NOW), True, now=NOW)
    url = f"/activities/{activity.id}/cheer"
    for browser in (as_(alice), as_(charlie)):
        with unchanged():
            assert browser.post(url).status_code == 403


@pytest.mark.parametrize("end", ["cheer", "cheer/withdrawal"])
def test_outsiders_cannot_cheer_nor_anybody_for_what_is_hidden(
    cast: Cast, as_: SignIn, client: FlaskClient, end: str
) -> None:
    bob, cora = cast.bob, cast.cora
    activity = make_activity(cast.alice)
    number = activity.id
    assert client.post(f"/activities/{number}/{end}").location.startswith("/login")
    assert as_(bob).post(f"/activities/999/{end}").status_code == 404
    loaded = make_activity(cast.alice)
    hide(loaded, cora, "tone", "", NOW)
    db.session.commit()
    browser, url = as_(bob), f"/activities/{loaded.id}/{end}"
    with unchanged():
        assert browser.post(url).status_code == 404


def test_a_coordinator_does_not_cheer_for_what_is_hidden(cast: Cast, as_: SignIn) -> None:
    cora, activity = cast.cora, make_activity(cast.alice)
    hide(activity, cora, "tone", "", NOW)
    db.session.commit()
    browser, url = as_(cora), f"/activities/{activity.id}/cheer"
    with unchanged():
        assert browser.post(url).status_code == 404


def test_a_phase_that_is_skipped_breaks_nothing(cast: Cast, as_: SignIn) -> None:
    stage().activate_on = stage().measure_on = stage().learn_on = TODAY + timedelta(days=1)
    stage().end_on = TODAY + timedelta(days=1)
    db.session.commit()
    make_activity(cast.bob, title="Skuggdag med grannen")
    assert "Skuggdag med grannen" in as_(cast.alice).get("/").text


def test_more_of_the_feed_after_signing_out_leads_to_the_door(
    client: FlaskClient, hx: dict[str, str]
) -> None:
    answer = client.get("/?show=reported", headers=hx)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].startswith("/login")


def test_a_card_tells_the_beginning_of_a_story_without_spaces(cast: Cast, as_: SignIn) -> None:
    make_outcome(make_activity(cast.alice), story="Å" * 300)
    make_outcome(make_activity(cast.alice), story="Kort.\n" + "x" * 300)
    db.session.commit()
    page = as_(cast.bob).get("/").text
    assert "Å" * 100 in page
    assert "x" * 100 in page
