"""My activities: due first, then coming, then done."""

import re
from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient

from app import clock
from app.extensions import db
from app.models.outcome import Outcome
from app.models.person import Person
from app.services.activities.plan import answer_invitation, invite, withdraw_activity
from app.services.activities.visibility import whole_activity
from tests.cast import Cast
from tests.factories import NOW, make_activity

As = Callable[[Person], FlaskClient]
_TODAY = clock.now().date()


def report(activity_id: int, by: Person, minutes: int = 0) -> None:
    at = NOW + timedelta(minutes=minutes)
    db.session.add(Outcome(activity_id=activity_id, by_id=by.id, at=at, carried_out=True, rating=4))
    db.session.commit()


def titles(page: str) -> list[str]:
    return re.findall(r"<b>(.*?)</b>", page)


def test_it_is_empty_at_first_and_says_what_to_do(cast: Cast, as_: As) -> None:
    page = as_(cast.alice).get("/activities/mine").text
    assert "Här är det tomt än" in page
    assert "/activities/new" in page


def test_strangers_are_sent_to_sign_in(client: FlaskClient) -> None:
    assert client.get("/activities/mine").location == "/login?next=/activities/mine"


def test_due_comes_first_then_coming_then_done(cast: Cast, as_: As) -> None:
    done = make_activity(cast.alice, title="Den gjorda")
    report(done.id, cast.alice)
    make_activity(cast.alice, title="Den utan datum", planned_for=None)
    make_activity(cast.alice, title="Den kommande", planned_for=_TODAY)
    make_activity(cast.alice, title="Den försenade", planned_for=_TODAY - timedelta(days=2))
    make_activity(cast.bob, title="Bobs egen")
    page = as_(cast.alice).get("/activities/mine").text
    assert titles(page) == ["Den försenade", "Den kommande", "Den utan datum", "Den gjorda"]
    assert page.index("Dags att rapportera") < page.index("På gång") < page.index("Gjord, betyg 4")


def test_invitations_stand_on_top_and_what_one_joined_is_ones_own(cast: Cast, as_: As) -> None:
    bob, asked_for = cast.bob, make_activity(cast.alice, title="Tillfrågad")
    invite(asked_for, bob, by=cast.alice, now=NOW)
    db.session.commit()
    joined = make_activity(cast.alice, title="Med på")
    answer_invitation(invite(joined, bob, by=cast.alice, now=NOW), True, now=NOW)
    db.session.commit()
    assert titles(as_(bob).get("/activities/mine").text) == ["Tillfrågad", "Med på"]


def test_what_is_withdrawn_is_gone(cast: Cast, as_: As) -> None:
    activity = make_activity(cast.alice)
    withdraw_activity(activity, by=cast.alice, now=NOW)
    db.session.commit()
    assert "Här är det tomt än" in as_(cast.alice).get("/activities/mine").text


def test_each_list_is_paged_by_links_and_by_fragments(cast: Cast, as_: As, hx: dict[str, str]) -> None:
    alice = cast.alice
    for number in range(23):
        make_activity(alice, title=f"Plan {number:02}", planned_for=_TODAY + timedelta(days=number // 2))
    for number in range(22):
        done = make_activity(alice, title=f"Gjord {number:02}")
        report(done.id, alice, minutes=number // 2)
    browser = as_(alice)
    first = browser.get("/activities/mine").text
    links = dict(re.findall(r'href="(/activities/mine\?(\w+)=[^"]+)"', first))
    rest = {}
    for address, name in links.items():
        page, fragment = browser.get(address).text, browser.get(address, headers=hx).text
        assert titles(page) == titles(fragment)
        assert fragment.strip().startswith("<li>")
        assert "mine?" not in fragment
        rest[name] = titles(fragment)
    assert rest["unreported"] == ["Plan 20", "Plan 21", "Plan 22"]
    assert sorted(rest["reported"]) == ["Gjord 00", "Gjord 01"]
    assert len(set(titles(first)) | set(rest["unreported"]) | set(rest["reported"])) == 45


def test_a_plan_without_a_date_can_end_a_page(cast: Cast, as_: As) -> None:
    for number in range(22):
        make_activity(cast.alice, title=f"Plan {number:02}", planned_for=None)
    browser = as_(cast.alice)
    link = re.search(r'href="(/activities/mine\?[^"]+)"', browser.get("/activities/mine").text)
    assert link
    assert titles(browser.get(link[1]).text) == ["Plan 20", "Plan 21"]


def test_a_made_up_cursor_is_refused(cast: Cast, as_: As) -> None:
    answer = as_(cast.alice).get("/activities/mine?reported=x")
    assert answer.status_code == 400
    assert "Det gick inte" in answer.text


def test_the_number_of_queries_does_not_grow(cast: Cast, as_: As, queries: list[str]) -> None:
    bob = cast.bob
    alice = as_(cast.alice)
    counts = []
    for _ in range(3):
        activity = make_activity(cast.alice)
        report(make_activity(cast.alice).id, cast.alice)
        invited = make_activity(bob)
        invite(whole_activity(invited.id) or activity, cast.alice, by=bob, now=NOW)
        db.session.commit()
        alice.get("/activities/mine")
        queries.clear()
        assert alice.get("/activities/mine").status_code == 200
        counts.append(len(queries))
    assert len(set(counts)) == 1
    assert counts[0] <= 10
