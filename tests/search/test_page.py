"""The page of the search: where one begins, what was found, and what to do when that is nothing."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.models.person import Person
from tests.cast import Cast
from tests.factories import make_activity, make_outcome, make_person, make_tip
from tests.search.documents import make_documents

As = Callable[[Person], FlaskClient]


def test_nobody_searches_without_signing_in(client: FlaskClient) -> None:
    answer = client.get("/search?q=fika")
    assert answer.status_code == 303
    assert "/login" in answer.headers["Location"]


def test_the_start_asks_what_one_looks_for_and_shows_where_to_look_round(cast: Cast, as_: As) -> None:
    page = as_(cast.alice).get("/search").text
    assert "Vad letar du efter?" in page
    assert "Titta runt" in page
    assert "/tips?focus_area=larande" in page
    assert 'data-state="start"' in page


def test_every_kind_has_its_section_and_its_count(cast: Cast, as_: As) -> None:
    make_documents(cast)
    page = as_(cast.alice).get("/search?q=bibl").text
    for words in (
        "Aktiviteter 3",
        "Tips och fällor 2",
        "Utmaningar 1",
        "Personer 2",
        "8 träffar",
        "på “bibl”",
    ):
        assert words in page or words.replace("“", "”") in page
    assert "<title>bibl · Sök · Eldsjäl</title>" in page


def test_what_it_was_found_by_is_marked_in_titles_and_in_the_words_around(cast: Cast, as_: As) -> None:
    make_documents(cast)
    page = as_(cast.alice).get("/search?q=bibl").text
    assert "<b>Läxhjälp på stads<mark>bibl</mark>ioteket</b>" in page
    assert '<span class="hit"><mark>Bibl</mark>ioteket i Klippan</span>' in page
    assert "<mark>Bibl</mark>iotekarie, Helsingborg" in page


def test_an_excerpt_shows_the_words_around_the_hit(cast: Cast, as_: As) -> None:
    activity = make_activity(cast.alice)
    story = f"{'Vi började tidigt. ' * 10}Sedan kom dromedaren. {'Alla var glada. ' * 10}"
    make_outcome(activity, story=story, success="", pitfall="")
    page = as_(cast.alice).get("/search?q=dromedar").text
    excerpt = page.partition('<span class="hit">')[2].partition("</span>")[0]
    assert "<mark>dromedar</mark>en" in excerpt
    assert excerpt.startswith("… ")
    assert excerpt.endswith(" …")
    assert len(excerpt) < 160


def test_what_people_wrote_stays_text(cast: Cast, as_: As) -> None:
    make_activity(cast.alice, title="<b>Fika</b> & <script>alert(1)</script>")
    page = as_(cast.alice).get("/search?q=fika&kind=activities").text
    assert "&lt;b&gt;<mark>Fika</mark>&lt;/b&gt; &amp; &lt;script&gt;" in page
    assert "<script>alert" not in as_(cast.alice).get("/search?q=<script>alert(1)</script>").text


def test_all_of_a_kind_are_shown_page_by_page(cast: Cast, as_: As, hx: dict[str, str]) -> None:
    for number in range(23):
        make_activity(cast.alice, title=f"Fika nummer {number}")
    client = as_(cast.alice)
    everything = client.get("/search?q=fika").text
    assert everything.count('class="go v-v"') == 3
    assert 'href="/search?q=fika&amp;kind=activities">Alla 23<' in everything
    first = client.get("/search?q=fika&kind=activities").text
    assert first.count('class="go v-v"') == 20
    more = first.partition('hx-get="/search?q=fika&amp;kind=activities&amp;after=')[2].partition('"')[0]
    rest = client.get(f"/search?q=fika&kind=activities&after={more}", headers=hx).text
    assert rest.count('class="go v-v"') == 3
    assert "Fika</mark> nummer 0" in rest
    assert "<main" not in rest
    assert 'class="more"' not in rest
    assert client.get(f"/search?q=fika&kind=activities&after={more}").text.count('class="go v-v"') == 3


def test_while_one_types_what_is_found_comes_with_its_status(cast: Cast, as_: As, hx: dict[str, str]) -> None:
    make_documents(cast)
    answer = as_(cast.alice).get("/search?q=fik", headers=hx)
    assert answer.text.startswith('<div id="found" data-state="hits">')
    assert 'id="search-status" role="status" hx-swap-oob="innerHTML"' in answer.text
    assert "1 träff" in answer.text
    assert "<form" not in answer.text
    assert answer.headers["Vary"].startswith("HX-Request") or "HX-Request" in answer.headers["Vary"]


def test_a_single_letter_is_too_little(cast: Cast, as_: As) -> None:
    page = as_(cast.alice).get("/search?q=b").text
    assert "Skriv minst två bokstäver." in page
    assert 'data-state="start"' in page


def test_nothing_found_offers_words_alike_a_plan_and_somebody_to_ask(cast: Cast, as_: As) -> None:
    make_documents(cast)
    cora = cast.cora
    page = as_(cast.alice).get("/search?q=bibliobuss").text
    assert "Inget om bibliobuss än." in page
    assert 'href="/search?q=biblioteken"' in page
    assert 'href="/activities/new?title=Bibliobuss"' in page
    assert f'href="/people/{cora.id}"' in page
    assert "Fråga Cora" in page


def test_words_that_never_stand_together_are_offered_alone(cast: Cast, as_: As) -> None:
    make_documents(cast)
    page = as_(cast.alice).get("/search?q=kök+kakor").text
    assert 'href="/search?q=k%C3%B6k"' in page
    assert 'href="/search?q=kakor"' in page


def test_the_plan_form_begins_with_the_title_from_the_address(cast: Cast, as_: As) -> None:
    page = as_(cast.alice).get("/activities/new?title=Padel").text
    assert ">Padel</textarea>" in page.replace("\r\n", "").replace("\n", "")
    assert "&lt;i&gt;" in as_(cast.alice).get("/activities/new?title=<i>").text
    assert as_(cast.alice).get("/activities/new?title=" + "x" * 5000).status_code == 200


def test_oneself_is_said_to_be_oneself(cast: Cast, as_: As) -> None:
    make_person("Alice Berg", "klippan")
    page = as_(cast.alice).get("/search?q=alice&kind=people").text
    assert page.count("· du<") == 1


@pytest.mark.parametrize(
    ("query", "status"), [("kind=xyz", 404), ("kind=tips&after=x", 400), ("after=0-99999999999", 400)]
)
def test_an_address_that_nobody_made_is_refused(query: str, status: int, cast: Cast, as_: As) -> None:
    assert as_(cast.alice).get(f"/search?q=fika&{query}").status_code == status


@pytest.mark.parametrize(
    "q", ['"', "*", "%", "\\", "😀", "a" * 3000, "å " * 500, "' or 1=1 --", "(", "NEAR(", "\u202e\u200d"]
)
def test_nothing_that_is_typed_breaks_the_page(q: str, cast: Cast, as_: As) -> None:
    assert as_(cast.alice).get("/search", query_string={"q": q}).status_code == 200


def test_somebody_who_asks_without_end_is_held_back(cast: Cast, as_: As, hx: dict[str, str]) -> None:
    client = as_(cast.alice)
    statuses = [client.get("/search?q=b", headers=hx).status_code for _ in range(301)]
    assert statuses[299:] == [200, 429]
    assert as_(cast.bob).get("/search?q=b").status_code == 200


@pytest.mark.parametrize("path", ["/", "/challenges", "/tips"])
def test_the_way_to_the_search_is_beside_the_bell(path: str, cast: Cast, as_: As) -> None:
    page = as_(cast.alice).get(path).text
    assert 'href="/search" aria-label="Sök"' in page


def test_a_tip_without_a_heading_is_found_too(cast: Cast, as_: As) -> None:
    make_tip(cast.bob, text=f"Dromedarer {'som går och går ' * 8} till slut.")
    page = as_(cast.alice).get("/search?q=dromedar").text
    assert "<mark>Dromedar</mark>er" in page
