"""One's badges, each badge's page, and what others see of them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.badge import BadgeCount
from app.models.person import Person
from app.services.activities.best_practice import lift, lower
from app.services.activities.visibility import whole_activity
from app.services.badges.rules import RULES, rule_named
from app.services.badges.shelf import Holders, holders_of
from app.services.moderation.decide import hide, restore
from tests.badges.shelves import told
from tests.cast import Cast
from tests.factories import NOW, make_activity, make_joint, make_outcome, municipality, value

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]


def _done(person: Person, **over: object) -> Activity:
    activity = make_activity(person, **over)
    make_outcome(activity)
    whole = whole_activity(activity.id)
    assert whole
    return whole


def _count_holders(**holders: int) -> None:
    for slug, number in holders.items():
        db.session.add(BadgeCount(slug="first-report", municipality_id=municipality(slug).id, holders=number))
    db.session.commit()


def test_strangers_are_sent_to_sign_in(client: FlaskClient) -> None:
    for path in ("/badges", "/badges/honest"):
        assert client.get(path).headers["Location"].startswith("/login?next=")
    assert client.post("/badges/shown", data={"shown": "y"}).headers["Location"].startswith("/login")


def test_a_newcomer_sees_all_that_waits(cast: Cast, as_: As) -> None:
    page = as_(cast.alice).get("/badges").text
    assert "Här väntar dina märken." in page
    assert all(f"/badges/{rule.slug}" in page for rule in RULES)
    assert "Vilar" not in page
    assert "Visa mina märken" not in page
    assert "0 av 2" in page
    assert "0 av 1" not in page


def test_each_badge_stands_in_one_of_the_four_lists(cast: Cast, as_: As) -> None:
    for _ in range(2):
        make_outcome(make_joint(cast.alice, cast.charlie))
    coordinator, lifted = cast.cora, _done(cast.alice)
    lift(lifted, "För alla.", by=coordinator, now=NOW)
    lower(lifted, by=coordinator, now=NOW)
    db.session.commit()
    page = as_(cast.alice).get("/badges").text
    assert "1 märke." in page
    headings = [
        page.index(f"<h2>{words}</h2>") for words in ("Nära", "Dina", "Väntar på någon som du", "Vilar")
    ]
    assert headings == sorted(headings)
    places = [
        page.index(f"/badges/{slug}") for slug in ("across-borders", "first-report", "honest", "role-model")
    ]
    assert all(heading < place for heading, place in zip(headings, places, strict=True))
    assert all(page.count(f'"/badges/{rule.slug}"') == 1 for rule in RULES)


def test_a_badge_says_how_it_is_counted_and_what_it_came_from(cast: Cast, as_: As) -> None:
    joint = make_joint(cast.alice, cast.charlie, title="Familjegirot")
    make_outcome(joint)
    page = as_(cast.alice).get("/badges/across-borders").text
    assert "Så räknas det" in page
    assert "Aktiviteten är rapporterad, gjord eller inte." in page
    assert "Byter du kommun följer det med." in page
    assert f'href="/activities/{joint.id}"' in page
    assert "med Klippan" in page
    assert "1 av 3" in page
    assert "Ditt sedan" not in page
    assert "med Bjuv" in as_(cast.charlie).get("/badges/across-borders").text
    assert "Ditt sedan 10 nov 2026" in as_(cast.alice).get("/badges/first-report").text


def test_what_is_left_of_all_is_named(cast: Cast, as_: As) -> None:
    _done(cast.alice, value=value("kreativt"))
    page = as_(cast.alice).get("/badges/all-values").text
    assert "Mänskligt, Välkomnande och Gemensamt." in page


def test_there_are_no_other_badges(cast: Cast, as_: As) -> None:
    for slug in ("shown", "fastest", "first_report"):
        assert as_(cast.alice).get(f"/badges/{slug}").status_code == 404


def test_a_resting_badge_says_who_decided_why_and_how_to_answer(cast: Cast, as_: As) -> None:
    activity = _done(cast.alice, title="Grannkvällen")
    hide(activity, cast.cora, "consent", "Fin kväll, så byt gärna bild!", NOW + timedelta(hours=1))
    db.session.commit()
    page = as_(cast.alice).get("/badges/first-report").text
    assert "Första lappen vilar en stund" in page
    assert "Cora Coster, samordnare i Bjuv, 10 nov" in page
    assert "Någon på bilden har inte sagt ja. Fin kväll, så byt gärna bild!" in page
    assert f'href="/moderation/answer/{activity.id}"' in page
    assert "60 poäng vilar också." in page
    assert as_(cast.alice).get(f"/moderation/answer/{activity.id}").status_code == 200
    assert "Grannkvällen" not in as_(cast.bob).get("/badges/first-report").text
    restore(activity, cast.cora, NOW + timedelta(hours=2))
    db.session.commit()
    assert "Ditt sedan" in as_(cast.alice).get("/badges/first-report").text


def test_a_badge_whose_ground_was_undone_says_what_wakes_it(cast: Cast, as_: As) -> None:
    coordinator, activity = cast.cora, _done(cast.alice)
    lift(activity, "För alla.", by=coordinator, now=NOW)
    lower(activity, by=coordinator, now=NOW)
    db.session.commit()
    page = as_(cast.alice).get("/badges/role-model").text
    assert "Något som märket bygger på har ändrats eller tagits tillbaka." in page
    assert "Vem beslutade" not in page


@pytest.mark.parametrize(
    ("bjuv", "klippan", "count", "most_in"),
    [(4, 0, None, None), (3, 2, 5, None), (5, 2, 7, "bjuv"), (5, 5, 10, None), (5, 9, 14, "klippan")],
)
@pytest.mark.usefixtures("app")
def test_few_are_never_said_exactly(bjuv: int, klippan: int, count: int | None, most_in: str | None) -> None:
    _count_holders(bjuv=bjuv, klippan=klippan)
    rule = rule_named("first-report")
    assert rule
    assert holders_of(rule) == Holders(count, municipality(most_in).id if most_in else None)


def test_how_many_have_it_is_said_from_five_up(cast: Cast, as_: As) -> None:
    _count_holders(bjuv=4)
    assert "Färre än 5 i programmet har det" in as_(cast.alice).get("/badges/first-report").text
    _count_holders(klippan=6)
    page = as_(cast.alice).get("/badges/first-report").text
    assert "10 i programmet har det" in page
    assert "Flest i Klippan." in page


def test_colleagues_see_badges_only_when_one_wants_them_to(cast: Cast, as_: As, hx: dict[str, str]) -> None:
    activity = _done(cast.alice)
    colleague, path = as_(cast.bob), f"/people/{cast.alice.id}"
    assert "Första lappen" not in colleague.get(path).text
    client = as_(cast.alice)
    assert client.post("/badges/shown", data={"shown": "y"}).headers["Location"] == "/badges"
    assert "Första lappen" in colleague.get(path).text
    hide(activity, cast.cora, "tone", "", NOW)
    db.session.commit()
    assert "Första lappen" not in colleague.get(path).text, "what rests concerns nobody else"
    answer = client.post("/badges/shown", data={}, headers=hx)
    assert "Sparat." in answer.text
    assert "<html" not in answer.text
    assert db.session.scalar(select(Person.shows_badges).where(Person.id == cast.alice.id)) is False


def test_a_report_that_brings_a_badge_is_celebrated(cast: Cast, as_: As) -> None:
    activity = make_activity(cast.alice)
    client, address = as_(cast.alice), f"/activities/{activity.id}/outcome"
    sent = client.post(address, data={"carried_out": "no", "story": "Det regnade.", "permission": "none"})
    assert sent.headers["Location"] == f"{address}/thanks"
    for _ in range(2):
        page = client.get(f"{address}/thanks").text
        assert "Nytt märke" in page
        assert "Första lappen</h1>" in page
        assert "Märket i sig ger inga poäng. Det är ditt ändå." in page
    assert told(cast.alice) == [], "the celebration has told it"
    again = client.post(address, data={"carried_out": "no", "story": "Det regnade.", "permission": "none"})
    assert again.headers["Location"] == f"{address}/thanks", (
        "its answer was lost, and the form is sent once more"
    )
    second = make_activity(cast.alice)
    make_outcome(second, now=NOW + timedelta(hours=1))
    assert "Nytt märke" not in client.get(f"/activities/{second.id}/outcome/thanks").text


def test_me_shows_a_row_that_leads_on(cast: Cast, as_: As) -> None:
    _done(cast.alice)
    page = as_(cast.alice).get("/me").text
    assert 'href="/badges"' in page
    assert 'href="/badges/first-report"' in page
    assert "1 kvar" in page
    cast.alice.language = "en"
    db.session.commit()
    assert "First patch" in as_(cast.alice).get("/me").text
