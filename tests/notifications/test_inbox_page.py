"""The inbox: what is there, what is unread, and opening it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.extensions import db
from app.models.notification import Kind, Notification
from app.models.paging import PAGE_SIZE
from app.models.person import Person
from app.services.activities.plan import invite, withdraw_activity
from app.services.activities.visibility import whole_activity
from app.services.moderation.decide import hide, keep
from app.services.moderation.flags import flag
from app.services.notifications.notify import notify
from tests.cast import Cast
from tests.factories import NOW, make_activity
from tests.held_back import let_it_be_told
from tests.inbox import inbox_path

As = Callable[[Person], FlaskClient]


def tell(person: Person, count: int = 1, days_ago: int = 0) -> list[int]:
    now = clock.now() - timedelta(days=days_ago)
    for number in range(count):
        notify(
            [person.id],
            Kind.INVITATION,
            key=f"{days_ago}:{number}",
            url="/stages",
            parameters={"contribution_id": 0, "name": f"Bob {days_ago}-{number}", "title": "Fika <b>"},
            now=now,
        )
    db.session.commit()
    query = select(Notification.id).where(Notification.person_id == person.id).order_by(Notification.id)
    return list(db.session.scalars(query))


def test_an_empty_inbox_says_what_will_come(cast: Cast, as_: As) -> None:
    page = as_(cast.alice).get("/inbox").get_data(True)
    assert "Inget nytt" in page
    assert "Markera alla" not in page


def test_each_day_stands_for_itself_with_the_unread_marked(cast: Cast, as_: As) -> None:
    tell(cast.alice, days_ago=3)
    tell(cast.alice)
    page = as_(cast.alice).get("/inbox").get_data(True)
    assert page.index("I dag") < page.index("Bob 0-0") < page.index("Bob 3-0")
    assert page.count('<h2 class="sub">') == 2
    assert page.count("Oläst") == 2
    assert "Fika &lt;b&gt;" in page


def test_opening_marks_as_read_and_leads_on(cast: Cast, as_: As) -> None:
    (number,) = tell(cast.alice)
    alice = as_(cast.alice)
    assert "Notiser, 1 oläst" in alice.get("/settings").get_data(True)
    answer = alice.get(inbox_path(number))
    assert (answer.status_code, answer.location) == (303, "/stages")
    assert "oläst" not in alice.get("/settings").get_data(True)
    assert alice.get(inbox_path(number)).status_code == 303


def test_what_was_seen_is_read(cast: Cast, as_: As, hx: dict[str, str]) -> None:
    tell(cast.alice, PAGE_SIZE + 1)
    alice = as_(cast.alice)
    assert "21" in alice.get("/inbox/bell").text
    page = alice.get("/inbox").text
    assert page.count("Oläst") == PAGE_SIZE
    assert "Markera alla" in page, "there is more than what is shown"
    assert "Notiser, 1 oläst" in alice.get("/inbox/bell", headers=hx).text
    assert alice.get("/inbox").text.count("Oläst") == 0


def test_nobody_opens_what_another_was_told(cast: Cast, as_: As) -> None:
    (number,) = tell(cast.alice)
    assert as_(cast.bob).get(inbox_path(number)).status_code == 404
    assert db.session.get_one(Notification, number).read_at is None


def test_everything_of_ones_own_is_read_at_once(cast: Cast, as_: As) -> None:
    tell(cast.alice, 3)
    tell(cast.bob)
    answer = as_(cast.alice).post("/inbox/read-all")
    assert (answer.status_code, answer.location) == (303, "/inbox")
    unread = db.session.scalars(select(Notification.person_id).where(Notification.read_at.is_(None)))
    assert set(unread) == {cast.bob.id}


def test_strangers_are_sent_to_sign_in(client: FlaskClient) -> None:
    for answer in (client.get("/inbox"), client.get(inbox_path(1)), client.post("/inbox/read-all")):
        assert answer.status_code == 303
        assert "/login" in answer.location


def test_the_rest_comes_page_by_page(cast: Cast, as_: As, hx: dict[str, str]) -> None:
    tell(cast.alice, PAGE_SIZE + 5)
    alice = as_(cast.alice)
    page = alice.get("/inbox").get_data(True)
    more = page.split('id="more">')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
    assert page.count("<li>") >= PAGE_SIZE
    fragment = alice.get(more, headers=hx).get_data(True)
    assert "<html" not in fragment
    assert fragment.count('class="go new"') == 5
    assert "<h2" not in fragment
    assert "<html" in alice.get(more).get_data(True)


def test_the_queries_of_the_inbox_do_not_grow(
    app: Flask, cast: Cast, as_: As, queries: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "CACHE_SECONDS", 60)
    alice = as_(cast.alice)
    alice.get("/inbox")
    tell(cast.alice)
    db.session.expire_all()
    queries.clear()
    alice.get("/inbox")
    few = len(queries)
    tell(cast.alice, 15, days_ago=1)
    db.session.expire_all()
    queries.clear()
    alice.get("/inbox")
    assert len(queries) == few


@pytest.mark.parametrize("end", ["hidden", "withdrawn"])
def test_an_invitation_to_what_is_gone_no_longer_says_what_it_was(cast: Cast, as_: As, end: str) -> None:
    alice, bob, cora = cast.alice, cast.bob, cast.cora
    activity = make_activity(alice, title="Fika med Greta Garbo på Storgatan 3")
    invite(activity, bob, by=alice, now=NOW)
    db.session.commit()
    assert "Greta Garbo" in as_(bob).get("/inbox").text
    db.session.expire_all()
    if end == "hidden":
        hide(activity, cora, "personal_data", "", NOW)
    else:
        withdraw_activity(whole_activity(activity.id) or activity, by=alice, now=NOW)
    db.session.commit()
    page = as_(bob).get("/inbox").text
    assert "Greta Garbo" not in page
    assert "Den har tagits bort sedan dess." in page


def test_who_reported_what_is_hidden_later_no_longer_reads_its_title_and_its_author_does(
    cast: Cast, as_: As
) -> None:
    alice, bob, cora, lena = cast.alice, cast.bob, cast.cora, cast.lena
    activity = make_activity(alice, title="Fika med Greta Garbo på Storgatan 3")
    flag(activity, bob, "tone", "", NOW)
    keep(activity, cora, NOW)
    let_it_be_told()
    db.session.commit()
    assert "Greta Garbo" in as_(bob).get("/inbox").text
    flag(activity, cast.charlie, "personal_data", "", NOW)
    hide(activity, lena, "personal_data", "", NOW)
    let_it_be_told()
    db.session.commit()
    page = as_(bob).get("/inbox").text
    assert "Greta Garbo" not in page
    assert "Den får stå kvar." in page
    for person in (alice, cora):
        assert "Greta Garbo" in as_(person).get("/inbox").text
