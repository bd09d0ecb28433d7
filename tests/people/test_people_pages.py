"""Finding colleagues, and their pages."""

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.ledger import PersonTotal
from app.models.person import Person
from app.services.activities.plan import withdraw_activity
from tests.cast import Cast
from tests.factories import NOW, make_activity, make_person, stage

As = Callable[[Person], FlaskClient]


def test_the_search_finds_by_the_beginning_of_the_name(as_: As, cast: Cast, hx: dict[str, str]) -> None:
    charlie = cast.charlie
    found = as_(cast.alice).get("/people/search?q=charl", headers=hx)
    assert f"/people/{charlie.id}" in found.text
    assert "Klippan" in found.text
    assert "<html" not in found.text


def test_for_a_form_the_search_gives_buttons(as_: As, cast: Cast, hx: dict[str, str]) -> None:
    charlie = cast.charlie
    found = as_(cast.alice).get("/people/search?q=ch&pick=1", headers=hx).text
    assert f'name="person_id" value="{charlie.id}"' in found


def test_without_javascript_the_search_is_a_page(as_: As, cast: Cast) -> None:
    charlie = cast.charlie
    page = as_(cast.alice).get("/people/search?q=ch")
    assert "<html" in page.text
    assert f"/people/{charlie.id}" in page.text
    assert page.headers["Vary"].count("HX-Request") == 1


def test_one_letter_finds_nobody(as_: As, cast: Cast) -> None:
    charlie = cast.charlie
    assert f"/people/{charlie.id}" not in as_(cast.alice).get("/people/search?q=c").text


def test_at_most_eight_are_found(as_: As, cast: Cast, hx: dict[str, str]) -> None:
    for number in range(10):
        make_person(f"Nils {number}")
    assert as_(cast.alice).get("/people/search?q=nils", headers=hx).text.count("<li>") == 8


def test_strangers_find_nobody(client: FlaskClient, cast: Cast) -> None:
    assert client.get("/people/search?q=ch").location.startswith("/login")
    assert client.get(f"/people/{cast.alice.id}").location.startswith("/login")


def give_points(person: Person, points: int) -> None:
    """In the stage before, so that nothing else counts into it."""
    total = PersonTotal(
        stage_id=stage(1).id, person_id=person.id, municipality_id=person.municipality_id, points=points
    )
    db.session.add(total)
    db.session.commit()


def test_a_colleague_s_page_shows_what_they_do_and_no_points(as_: As, cast: Cast) -> None:
    activity = make_activity(cast.bob)
    cast.bob.title = "vaktmästare"
    give_points(cast.bob, 77)
    page = as_(cast.alice).get(f"/people/{cast.bob.id}").text
    assert cast.bob.name in page
    assert "Bjuv, vaktmästare" in page
    assert activity.title in page
    assert cast.bob.email not in page
    assert 'class="num"' not in page


def test_nobody_is_compared_also_not_who_is_among_their_neighbours(as_: As, cast: Cast) -> None:
    cast.bob.ranked = True
    give_points(cast.bob, 7777)
    page = as_(cast.alice).get(f"/people/{cast.bob.id}").text
    assert "poäng" not in page.split("<main")[1].split("</main>")[0]


def test_what_is_withdrawn_is_not_shown(as_: As, cast: Cast) -> None:
    activity = make_activity(cast.bob)
    withdraw_activity(activity, by=cast.bob, now=NOW)
    db.session.commit()
    assert activity.title not in as_(cast.alice).get(f"/people/{cast.bob.id}").text


def test_long_lists_are_paged(as_: As, cast: Cast, hx: dict[str, str]) -> None:
    for number in range(23):
        make_activity(cast.bob, title=f"Promenad nummer {number}")
    oldest = db.session.scalars(select(Activity).order_by(Activity.created_at, Activity.id)).first()
    browser = as_(cast.alice)
    page = browser.get(f"/people/{cast.bob.id}").text
    assert page.count("/activities/") - page.count("/activities/mine") - page.count("/activities/new") == 20
    more = page.split('id="more"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
    rest = browser.get(more, headers=hx)
    assert "<html" not in rest.text
    assert oldest
    assert oldest.title in rest.text
    assert 'id="more"' not in rest.text
    assert browser.get(f"/people/{cast.bob.id}?after=x").status_code == 400


def test_a_page_makes_the_same_number_of_queries_whatever_it_holds(
    as_: As, cast: Cast, queries: list[str]
) -> None:
    browser, page = as_(cast.alice), f"/people/{cast.bob.id}"
    make_activity(cast.bob)
    browser.get(page)
    few = _queries_of(browser, page, queries)
    for number in range(5):
        make_activity(cast.bob, title=f"Promenad nummer {number}")
    assert _queries_of(browser, page, queries) == few


def _queries_of(browser: FlaskClient, page: str, queries: list[str]) -> int:
    """In a session that knows nothing yet, as that of every request but those of a test."""
    db.session.expire_all()
    queries.clear()
    browser.get(page)
    return len(queries)


def test_who_has_left_has_no_page(as_: As, cast: Cast) -> None:
    cast.bob.left_at = NOW
    db.session.commit()
    alice = as_(cast.alice)
    answer = alice.get(f"/people/{cast.bob.id}")
    assert (answer.status_code, "Bob Berg" in answer.text) == (404, False)
    assert alice.get("/people/999999").status_code == 404
