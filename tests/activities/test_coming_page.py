"""To come along on an activity's page, the list of those who do, one's own, and the number of places in the form."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.extensions import db
from app.models.activity import Activity
from app.models.coming import Coming
from app.models.person import Person
from app.models.playbook import ReminderStop
from app.services.activities.coming import come_along
from app.services.activities.plan import invite, withdraw_activity
from app.services.activities.visibility import whole_activity
from app.services.moderation.decide import hide
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_activity, make_outcome, make_person
from tests.unchanged import unchanged

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]


@pytest.fixture
def activity(cast: Cast) -> Activity:
    return make_activity(cast.alice)


def url(activity: Activity) -> str:
    return f"/activities/{activity.id}/coming"


def who(activity: Activity) -> int:
    return db.session.scalar(select(func.count()).where(Coming.activity_id == activity.id)) or 0


def card(browser: FlaskClient, activity: Activity) -> str:
    """Its words."""
    section = (
        browser.get(f"/activities/{activity.id}").text.partition('id="coming"')[2].partition("</section>")
    )
    return " ".join(re.sub(r"<[^>]+>", " ", section[0].partition(">")[2]).split())


def limit(activity: Activity, places: int) -> None:
    activity.places = places
    db.session.commit()


def _whole(activity: Activity) -> Activity:
    whole = whole_activity(activity.id)
    assert whole
    return whole


def test_a_tap_and_a_tap_to_take_it_back(activity: Activity, cast: Cast, as_: As, hx: dict[str, str]) -> None:
    limit(activity, 4)
    bob = as_(cast.bob)
    assert card(bob, activity) == "Det finns plats för 4 till Jag är med"
    answer = bob.post(url(activity))
    assert (answer.status_code, answer.location) == (303, f"/activities/{activity.id}#coming")
    page = bob.post(url(activity), headers=hx).text
    assert page.startswith("<section")
    assert "Jag kan inte" in page
    assert who(activity) == 1, "the same tap twice"
    page = bob.post(f"{url(activity)}/withdrawal", headers=hx).text
    assert "Jag är med" in page
    assert bob.post(f"{url(activity)}/withdrawal").status_code == 303
    assert who(activity) == 0


def test_when_all_places_are_taken_one_may_stand_in_the_queue(
    activity: Activity, cast: Cast, as_: As, hx: dict[str, str]
) -> None:
    limit(activity, 1)
    come_along(activity, cast.bob, now=NOW)
    db.session.commit()
    charlie = as_(cast.charlie)
    assert "Den enda platsen är tagen" in card(charlie, activity)
    assert "Ställ mig på kö" in card(charlie, activity)
    assert "Du är nummer 1 på kö" in charlie.post(url(activity), headers=hx).text
    assert "Lämna kön" in card(charlie, activity)
    assert "1 står på kö." in card(as_(cast.alice), activity)


def test_the_owner_sees_who_comes_and_has_no_button(activity: Activity, cast: Cast, as_: As) -> None:
    alice = as_(cast.alice)
    assert card(alice, activity) == "", "nothing to say yet"
    for person in (cast.bob, cast.charlie, cast.cora):
        come_along(activity, person, now=NOW)
    db.session.commit()
    assert card(alice, activity).endswith("Bob, Charlie och 1 till, från 2 kommuner. Se vilka")
    with unchanged():
        assert alice.post(url(activity)).status_code == 303
    assert "Den har rapporterats eller tagits bort" in alice.get(f"/activities/{activity.id}").text


def test_outsiders_are_refused(activity: Activity, cast: Cast, as_: As, client: FlaskClient) -> None:
    for end in ("", "/withdrawal"):
        assert client.post(url(activity) + end).location.startswith("/login")
        assert as_(cast.bob).post(f"/activities/9999/coming{end}").status_code == 404
    assert client.get(url(activity)).location.startswith("/login")
    assert who(activity) == 0


@pytest.mark.parametrize("end", ["hidden", "withdrawn"])
def test_a_tap_on_what_went_out_of_sight_meanwhile_is_told_plainly(
    activity: Activity, cast: Cast, as_: As, end: str
) -> None:
    bob = as_(cast.bob)
    if end == "hidden":
        hide(activity, cast.cora, "tone", "", NOW)
    else:
        withdraw_activity(_whole(activity), by=cast.alice, now=NOW)
    with unchanged():
        answer = bob.post(url(activity))
    assert (answer.status_code, answer.location) == (303, "/")
    assert "Den visas inte längre." in bob.get("/").text
    assert bob.get(url(activity)).status_code == 404


def test_a_tap_on_what_is_reported_meanwhile_is_told_plainly(
    activity: Activity, cast: Cast, as_: As, hx: dict[str, str]
) -> None:
    make_outcome(activity)
    bob = as_(cast.bob)
    with unchanged():
        answer = bob.post(url(activity), headers=hx)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, f"/activities/{activity.id}")


def test_who_has_been_asked_to_make_it_answers_that_first(activity: Activity, cast: Cast, as_: As) -> None:
    limit(activity, 4)
    invite(activity, cast.charlie, by=cast.alice, now=NOW)
    db.session.commit()
    assert card(as_(cast.charlie), activity) == "Det finns plats för 4 till"


def test_afterwards_it_says_who_came(cast: Cast, as_: As) -> None:
    activity = make_activity(cast.alice, planned_for=TODAY)
    for number in range(10):
        come_along(activity, make_person(f"Person {number}"), now=NOW)
    make_outcome(activity)
    said = card(as_(cast.bob), activity)
    assert said.startswith("10 var med")
    assert said.endswith("+3 och 3 till Person, Person och 8 till. Se vilka")


def test_before_it_is_reported_it_says_who_was_to_come_and_what_came_to_nothing_says_nothing(
    cast: Cast, as_: As
) -> None:
    activity = make_activity(cast.alice, planned_for=TODAY)
    come_along(activity, cast.bob, now=NOW)
    activity.planned_for = TODAY - timedelta(days=1)
    db.session.commit()
    bob = as_(cast.bob)
    assert card(bob, activity).startswith("1 skulle vara med")
    assert "Jag kan inte" not in card(bob, activity)
    make_outcome(_whole(activity), carried_out=False)
    assert card(bob, activity) == ""


def test_the_whole_list_comes_in_pages(activity: Activity, cast: Cast, as_: As, hx: dict[str, str]) -> None:
    for number in range(23):
        come_along(activity, make_person(f"Person {number:02}", title="Lärare"), now=NOW)
    db.session.commit()
    bob = as_(cast.bob)
    page = bob.get(url(activity)).text
    assert "Person 00" in page
    assert "Bjuv · Lärare" in page
    assert "Person 20" not in page
    more = re.search(r'hx-get="([^"]+)"', page)
    assert more
    rest = bob.get(more[1], headers=hx).text
    assert "Person 22" in rest
    assert "<!doctype" not in rest
    assert bob.get(f"{url(activity)}?after=nonsense").status_code == 400
    assert "Ingen än" in bob.get(url(make_activity(cast.alice))).text


def test_ones_own_list_has_what_one_comes_along_to(cast: Cast, as_: As, hx: dict[str, str]) -> None:
    for number in range(22):
        one = make_activity(
            cast.alice, title=f"Vandring {number:02}", planned_for=TODAY + timedelta(days=number)
        )
        come_along(one, cast.bob, now=NOW)
    full = make_activity(cast.alice, title="Trångt", planned_for=TODAY)
    limit(full, 1)
    come_along(full, cast.charlie, now=NOW)
    come_along(full, cast.bob, now=NOW)
    gone = make_activity(cast.alice, title="Inställd", planned_for=TODAY)
    come_along(gone, cast.bob, now=NOW)
    withdraw_activity(_whole(gone), by=cast.alice, now=NOW)
    db.session.commit()
    bob = as_(cast.bob)
    page = bob.get("/activities/mine").text
    assert page.index("Du är med på") < page.index("Vandring 00") < page.index("Vandring 01")
    assert page.count("På kö") == 1
    assert "Inställd" not in page
    assert "Vandring 21" not in page
    more = re.search(r'hx-get="([^"]+along=[^"]+)"', page)
    assert more
    rest = bob.get(more[1], headers=hx).text
    assert "Vandring 21" in rest
    assert "<!doctype" not in rest


def test_the_reminder_is_promised_only_where_it_comes(activity: Activity, cast: Cast, as_: As) -> None:
    come_along(activity, cast.bob, now=NOW)
    db.session.commit()
    bob = as_(cast.bob)
    assert "Vi påminner dig" in card(bob, activity)
    cast.bob.muted_groups = ["plans"]
    db.session.commit()
    assert "Vi påminner dig" not in card(bob, activity)
    cast.bob.muted_groups = []
    db.session.add(ReminderStop(person_id=cast.bob.id, activity_id=activity.id, at=NOW))
    db.session.commit()
    assert "Vi påminner dig" not in card(bob, activity)


def test_the_form_asks_for_the_number_of_places(cast: Cast, as_: As) -> None:
    alice = as_(cast.alice)
    written: dict[str, str] = {
        "title": "Vandring",
        "value": "valkomnande",
        "focus_area": "larande",
        "request_key": "a" * 32,
    }
    for wrong in ("0", "501", "många", "3,5"):
        with unchanged():
            page = alice.post("/activities/new", data=written | {"places": wrong})
        assert page.status_code == 422
        assert "Skriv ett heltal från 1 till 500." in page.text
        assert f'value="{wrong}"' in page.text
    assert alice.post("/activities/new", data=written | {"places": "500"}).status_code == 303
    activity = db.session.scalars(select(Activity)).one()
    assert activity.places == 500
    form = alice.get(f"/activities/{activity.id}/edit").text
    assert re.search(r'name="places"[^>]* value="500"', form)
    seen = re.search(r'name="seen"[^>]* value="([^"]+)"', form)
    assert seen
    change = written | {"places": "", "seen": seen[1]}
    assert alice.post(f"/activities/{activity.id}/edit", data=change).status_code == 303
    assert db.session.scalars(select(Activity.places)).one() is None


@pytest.mark.parametrize("number", [2, 40])
def test_the_page_asks_the_database_as_often_however_many_come(
    activity: Activity, cast: Cast, as_: As, queries: list[str], number: int
) -> None:
    for _ in range(number):
        come_along(activity, make_person(), now=NOW)
    come_along(activity, cast.bob, now=NOW)
    db.session.commit()
    bob, address = as_(cast.bob), f"/activities/{activity.id}"
    bob.get(address)
    db.session.remove()
    queries.clear()
    assert bob.get(address).status_code == 200
    assert sum("coming" in query for query in queries) == 2, queries
