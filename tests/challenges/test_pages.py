"""The quilt, a square of it, all challenges of a stage, and one."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app.extensions import db
from app.models.contribution import Contribution
from app.models.paging import PAGE_SIZE
from app.models.person import Person
from app.services.challenges.make import close_challenge
from app.services.moderation.decide import hide
from tests.cast import Cast
from tests.challenge_makers import make_draft, make_open, take_on
from tests.factories import NOW, TODAY, add_rules, make_activity, make_outcome, municipality, stage, value
from tests.held_back import let_it_be_told

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]
SQUARE = "/challenges?value=valkomnande&focus_area=larande"


def square_of(page: str, value_slug: str, area_slug: str) -> str:
    """What a square of the quilt says, without its marks."""
    address = f'href="/challenges?value={value_slug}&amp;focus_area={area_slug}"'
    return " ".join(re.sub(r"<[^>]*>", " ", page.partition(f"{address}>")[2].partition("</a>")[0]).split())


def give_extra_points() -> None:
    add_rules(first={"points": 20, "daily": 2})


def test_strangers_are_sent_to_sign_in(client: FlaskClient) -> None:
    for path in ("/challenges", "/challenges/1", "/challenges/all", SQUARE):
        assert client.get(path).location.startswith("/login")


def test_the_quilt_counts_main_and_other_values_alike(cast: Cast, as_: As) -> None:
    make_outcome(make_activity(cast.bob, also_values=[value("kreativt")]))
    page = as_(cast.alice).get("/challenges").text
    assert square_of(page, "valkomnande", "larande") == "Välkomnande, Lärande: 1 genomförda"
    assert square_of(page, "kreativt", "larande") == "Kreativt, Lärande: 1 genomförda"
    assert square_of(page, "manskligt", "larande") == "Mänskligt, Lärande: ingen än"
    assert "2 av 24 rutor har fått liv." in page
    assert page.count("<th scope=") == 5 + 6
    assert "poäng extra" not in page


def test_an_empty_quilt_waits_instead_of_counting_none(cast: Cast, as_: As) -> None:
    page = as_(cast.alice).get("/challenges").text
    assert "24 rutor väntar på sin första lapp." in page
    assert "0 av 24" not in page


def test_an_empty_square_says_what_the_first_report_earns_until_there_has_been_one(
    cast: Cast, as_: As
) -> None:
    give_extra_points()
    hidden = make_activity(cast.bob)
    make_outcome(hidden)
    hide(hidden, cast.cora, "tone", "", NOW)
    db.session.commit()
    page = as_(cast.alice).get("/challenges").text
    assert square_of(page, "manskligt", "miljo") == "Mänskligt, Miljö: +20 ingen än, ger 20 poäng extra"
    assert square_of(page, "valkomnande", "larande") == "Välkomnande, Lärande: ingen än"
    assert "En tom ruta ger 20 poäng extra" in page


def test_the_overview_says_by_which_rule_challenges_fit(cast: Cast, as_: As) -> None:
    make_open(cast.lena)
    page = as_(cast.alice).get("/challenges").text
    assert "Först de i tomma rutor eller i fokusområden där du har planerat förut" in page
    assert page.count("Bjud in en granne") == 1
    assert "40 poäng · 19 dagar" in page
    assert "Utkast" not in page
    assert "/challenges/new" not in page


def test_where_nothing_is_open_the_overview_leads_on(cast: Cast, as_: As) -> None:
    page = as_(cast.alice).get("/challenges").text
    assert "Ingen utmaning är öppen för dig" in page
    assert 'href="/activities/new"' in page


def test_before_there_is_a_stage_the_screen_says_so(cast: Cast, as_: As) -> None:
    for number in (1, 2):
        db.session.delete(stage(number))
    db.session.commit()
    page = as_(cast.alice).get("/challenges")
    assert page.status_code == 200
    assert "Ingen etapp är planerad än" in page.text


def test_those_who_make_challenges_see_drafts_and_the_way_to_a_new_one(cast: Cast, as_: As) -> None:
    draft = make_draft(cast.cora, title="Halvfärdig", municipality_id=cast.cora.municipality_id)
    for person, sees in ((cast.cora, True), (cast.kim, False), (cast.alice, False)):
        assert ("Halvfärdig" in as_(person).get("/challenges").text) is sees
        assert as_(person).get(draft.path).status_code == (200 if sees else 404)
    assert "/challenges/new" in as_(cast.kim).get("/challenges").text


def test_a_square_shows_its_challenges_and_what_was_carried_out(cast: Cast, as_: As) -> None:
    make_open(cast.lena)
    make_open(cast.lena, title="En annan ruta", value_id=value("kreativt").id)
    make_outcome(make_activity(cast.bob, title="Fika i Bjuv"))
    page = as_(cast.alice).get(SQUARE).text
    assert "Bjud in en granne" in page
    assert "Fika i Bjuv" in page
    assert "1 aktivitet är genomförd" in page
    assert "En annan ruta" not in page
    assert "/activities/new?value=valkomnande&amp;focus_area=larande" in page
    lead = as_(cast.lena).get(SQUARE).text
    assert "/challenges/new?value=valkomnande&amp;focus_area=larande" in lead


@pytest.mark.parametrize(
    "query",
    ["value=valkomnande", "focus_area=larande", "value=mars&focus_area=larande", "value=&focus_area="],
)
def test_a_square_that_does_not_exist_is_not_found(cast: Cast, as_: As, query: str) -> None:
    assert as_(cast.alice).get(f"/challenges?{query}").status_code == 404
    assert as_(cast.alice).get(f"/challenges/carried-out?{query}").status_code == 404


def test_what_was_carried_out_in_a_square_is_paged(cast: Cast, as_: As, hx: dict[str, str]) -> None:
    for number in range(PAGE_SIZE + 2):
        make_outcome(make_activity(cast.bob, title=f"Nummer {number:02}"))
    alice = as_(cast.alice)
    first = alice.get(SQUARE).text
    more = re.search(r'href="(/challenges/carried-out\?[^"]*)"', first)
    assert more
    path = more[1].replace("&amp;", "&")
    rest = alice.get(path, headers=hx).text
    assert rest.strip().startswith("<li>")
    assert re.findall(r"Nummer \d\d", first + rest) == [f"Nummer {n:02}" for n in reversed(range(22))]
    assert "<h1>" in alice.get(path).text


def test_all_challenges_of_the_stage_are_paged(cast: Cast, as_: As, hx: dict[str, str]) -> None:
    for number in range(PAGE_SIZE + 1):
        make_open(cast.lena, title=f"Nummer {number:02}")
    close_challenge(make_open(cast.lena, title="Stängd för i år"), by=cast.lena, now=NOW)
    db.session.commit()
    alice = as_(cast.alice)
    first = alice.get("/challenges/all").text
    assert first.index("Stängd för i år") < first.index("Nummer 20")
    more = re.search(r'href="(/challenges/all\?before=\d+)"', first)
    assert more
    rest = alice.get(more[1], headers=hx).text
    assert re.findall(r"Nummer \d\d", rest) == ["Nummer 01", "Nummer 00"]
    assert alice.get("/challenges/all?before=mars").status_code == 400


def test_one_says_what_it_gives_asks_and_when_it_is_done(cast: Cast, as_: As) -> None:
    challenge = make_open(cast.lena, needs_photo=True, needs_approval=True, kind_of_challenge="joint")
    page = as_(cast.alice).get(challenge.path).text
    for words in (
        "40 poäng", "19 dagar", "0 av 3", "Öppna dörren till ett fikabord.", "någon har varit hos er",
        "Rapporten har en bild.", "En samordnare godkänner", "minst två kommuner", "Bli den första",
        f'href="/activities/new?challenge={challenge.id}"', f'href="/moderation/report/{challenge.id}"',
    ):  # fmt: skip
        assert words in page, words
    assert "/edit" not in page


def test_progress_is_told_for_each_municipality_and_ones_own(cast: Cast, as_: As) -> None:
    challenge = make_open(cast.lena)
    take_on(challenge, make_activity(cast.charlie), completed=True)
    for completed in (True, False):
        take_on(challenge, make_activity(cast.lena, title="Lenas"), completed=completed)
    page = as_(cast.alice).get(challenge.path).text
    steps = re.findall(r'<progress class="bar" max="(\d+)" value="(\d+)" aria-label="(\w+)">([^<]*)<', page)
    assert steps == [
        ("1", "1", "Klippan", "klar"),
        ("2", "1", "Helsingborg", "1 av 2"),
        ("1", "0", "Bjuv", "ej börjat"),
    ]
    assert page.index('class="me"') > page.index("Klippan")
    assert "2 av 3" in page
    assert page.count("Lenas") == 2


def test_a_goal_is_what_a_municipality_is_measured_by(cast: Cast, as_: As) -> None:
    challenge = make_open(cast.lena, kind_of_challenge="municipality", goal=5)
    take_on(challenge, make_activity(cast.alice), completed=True)
    page = as_(cast.alice).get(challenge.path).text
    assert 'max="5" value="1"' in page
    assert "1 av 5" in page
    assert "5 klara tillsammans" in page


def test_the_activities_that_took_it_on_are_paged_without_what_is_hidden(
    cast: Cast, as_: As, hx: dict[str, str]
) -> None:
    challenge = make_open(cast.lena)
    for number in range(PAGE_SIZE + 2):
        activity = make_activity(cast.bob, title=f"Nummer {number:02}")
        take_on(challenge, activity)
        if number == 7:
            hide(activity, cast.cora, "tone", "", NOW)
            db.session.commit()
    alice = as_(cast.alice)
    first = alice.get(challenge.path).text
    more = re.search(rf'href="({challenge.path}/activities\?before=\d+)"', first)
    assert more
    rest = alice.get(more[1], headers=hx).text
    assert rest.strip().startswith("<li>")
    numbers = re.findall(r"Nummer (\d\d)", first + rest)
    assert numbers == [f"{n:02}" for n in reversed(range(22)) if n != 7]
    assert "<h1>" in alice.get(f"{challenge.path}/activities").text


def test_it_can_be_taken_on_while_it_is_open_and_for_ones_own_municipality(cast: Cast, as_: As) -> None:
    closed = make_open(cast.lena)
    close_challenge(closed, by=cast.lena, now=NOW)
    coming = make_open(cast.lena, opens_on=TODAY + timedelta(days=2))
    past = make_open(cast.lena, closes_on=TODAY - timedelta(days=1))
    elsewhere = make_open(cast.kim, municipality_id=cast.kim.municipality_id)
    db.session.commit()
    alice = as_(cast.alice)
    for challenge, words in (
        (closed, "Utmaningen är stängd"), (past, "Utmaningen är stängd"), (coming, "Inte öppen än"),
        (elsewhere, "För Klippan"),
    ):  # fmt: skip
        page = alice.get(challenge.path).text
        assert words in page
        assert f'/activities/new?challenge={challenge.id}"' not in page
    assert "/activities/new?challenge=" in as_(cast.charlie).get(elsewhere.path).text


def test_another_municipalitys_idea_is_borrowed_with_a_tap(cast: Cast, as_: As) -> None:
    challenge = make_open(cast.kim, municipality_id=municipality("klippan").id, title="Visa en granne runt")
    alice = as_(cast.alice)
    address = f"/activities/new?challenge={challenge.id}&amp;alone=1"
    page = alice.get(challenge.path).text
    assert address in page
    assert "Så går det i kommunerna" not in page, "as long as nothing does"
    form = alice.get(address.replace("&amp;", "&")).text
    assert "Visa en granne runt</textarea>" in form
    assert 'value="valkomnande" checked' in form
    assert "Du antar en utmaning" not in form
    draft = make_draft(cast.kim, municipality_id=municipality("klippan").id, title="Inget att se")
    assert "Inget att se" not in alice.get(f"/activities/new?challenge={draft.id}&alone=1").text


def test_what_is_hidden_says_why_to_whoever_made_it_and_is_not_there_for_others(cast: Cast, as_: As) -> None:
    challenge = make_open(cast.cora, municipality_id=cast.cora.municipality_id)
    hide(challenge, cast.lena, "tone", "Skriv om slutet.", NOW)
    let_it_be_told()
    db.session.commit()
    assert as_(cast.alice).get(challenge.path).status_code == 404
    page = as_(cast.cora).get(challenge.path).text
    assert "Skriv om slutet." in page
    assert "Din utmaning har dolts" in as_(cast.cora).get("/inbox").text
    assert as_(cast.cora).get(f"/moderation/answer/{challenge.id}").status_code == 200
    assert f'href="/moderation/answer/{challenge.id}"' in page
    assert "/edit" not in page
    assert "Anta utmaningen" not in page


def test_a_flagged_one_is_a_card_in_the_queue(cast: Cast, as_: As) -> None:
    challenge = make_open(cast.lena)
    challenge.owner_id, challenge.slug = None, "fran-filen"
    db.session.get_one(Contribution, challenge.id).owner_id = None
    db.session.commit()
    answer = as_(cast.alice).post(f"/moderation/report/{challenge.id}", data={"reason": "tone"})
    assert answer.status_code == 303
    assert answer.location == challenge.path
    card = as_(cast.lena).get("/moderation").text
    assert "Från programmet" in card
    assert "Bjud in en granne" in card
    assert (
        as_(cast.lena)
        .post(f"/moderation/{challenge.id}/decision", data={"verdict": "hide", "reason": "tone"})
        .status_code
        == 303
    )
    assert as_(cast.alice).get(challenge.path).status_code == 404
    assert "Bjud in en granne" in as_(cast.lena).get("/moderation/log").text


def test_the_feed_announces_it(cast: Cast, as_: As) -> None:
    challenge = make_open(cast.cora, municipality_id=cast.cora.municipality_id)
    feed = as_(cast.alice).get("/").text
    assert "Ny utmaning för Bjuv" in feed
    assert f'href="{challenge.path}"' in feed
    assert "Ny utmaning" in as_(cast.alice).get(f"/?show=v:{challenge.value_id}").text
    assert "Ny utmaning" not in as_(cast.alice).get(f"/?show=m:{cast.kim.municipality_id}").text
    close_challenge(challenge, by=cast.cora, now=NOW)
    db.session.commit()
    card = as_(cast.alice).get("/").text.partition("Ny utmaning")[2]
    assert "Stängd" in card.partition("</article>")[0]
