"""The page of tips and pitfalls, one tip's own page, and "It helped me"."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.models.contribution import Cheer
from app.models.notification import Kind
from app.models.paging import PAGE_SIZE
from app.models.person import Person
from app.models.tip import TipKind
from app.services.activities.cheer import contribution_of
from app.services.activities.visibility import whole_activity
from app.services.moderation.decide import hide
from app.services.notifications.inbox import notifications
from app.services.notifications.kinds import words_of
from tests.cast import Cast
from tests.factories import NOW, focus_area, make_activity, make_outcome, make_tip, value
from tests.unchanged import unchanged

As = Callable[[Person], FlaskClient]


def test_it_shows_tips_with_author_place_and_evidence(cast: Cast, as_: As) -> None:
    tip = make_tip(cast.charlie, text="Ett datum slår en plan. När vi skrev dagen på tavlan blev det av.")
    make_outcome(make_activity(cast.bob, heeded=frozenset({tip.id})), helped={tip.id: True})
    page = as_(cast.alice).get("/tips").text
    for words in (
        "Ett datum slår en plan",
        "När vi skrev dagen på tavlan blev det av.",
        "Charlie Ceder</a>, Klippan",
        "Lärande",
        "Tagen i 1 plan",
        "hjälpte i 1",
        "Så sorteras de",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"A", "B", "C"}),
        ("?kind=success", {"A", "C"}),
        ("?kind=pitfall", {"B"}),
        ("?focus_area=miljo", {"B", "C"}),
        ("?value=kreativt", {"C"}),
        ("?kind=pitfall&focus_area=miljo&value=valkomnande", {"B"}),
        ("?kind=pitfall&value=kreativt", set()),
    ],
)
def test_filters(query: str, shown: set[str], cast: Cast, as_: As) -> None:
    miljo = focus_area("miljo")
    make_tip(cast.charlie, text="Lapp A")
    make_tip(cast.charlie, text="Lapp B", kind=TipKind.PITFALL, focus_area=miljo)
    make_tip(cast.charlie, text="Lapp C", focus_area=miljo, value=value("kreativt"))
    page = as_(cast.alice).get(f"/tips{query}").text
    assert {letter for letter in "ABC" if f"Lapp {letter}" in page} == shown


@pytest.mark.parametrize("query", ["kind=fun", "focus_area=mars", "value=mars"])
def test_a_filter_that_does_not_exist_is_not_found(query: str, cast: Cast, as_: As) -> None:
    assert as_(cast.alice).get(f"/tips?{query}").status_code == 404


def test_a_cursor_that_nobody_wrote_is_refused(cast: Cast, as_: As) -> None:
    assert as_(cast.alice).get("/tips?after=x-1").status_code == 400


def test_more_come_page_by_page_and_the_fragment_has_only_the_cards(
    cast: Cast, as_: As, hx: dict[str, str]
) -> None:
    for number in range(PAGE_SIZE + 2):
        make_tip(cast.charlie, text=f"Lapp {number:02}")
    alice = as_(cast.alice)
    page = alice.get("/tips").text
    more = page.partition('hx-get="')[2].partition('"')[0].replace("&amp;", "&")
    rest = alice.get(more, headers=hx).text
    assert (page.count('<li class="note'), rest.count('<li class="note')) == (PAGE_SIZE, 2)
    assert "<html" not in rest
    assert "Lapp 00" in rest


def test_the_same_text_stands_once_on_a_page(cast: Cast, as_: As) -> None:
    for text in ("Börja med fika.", "börja  med fika", "Boka rummet först."):
        make_tip(cast.charlie, text=text)
    assert as_(cast.alice).get("/tips").text.count('<li class="note') == 2


def test_where_there_is_nothing_one_is_asked_to_begin(cast: Cast, as_: As) -> None:
    alice = as_(cast.alice)
    assert 'href="/tips/new"' in alice.get("/tips").text
    assert 'href="/tips"' in alice.get("/tips?kind=pitfall").text


def test_what_is_hidden_or_taught_by_something_hidden_is_not_there(cast: Cast, as_: As) -> None:
    tip, source = make_tip(cast.charlie, text="Detta är dolt"), make_activity(cast.charlie)
    make_outcome(source, pitfall="Lås alltid efter er.")
    hide(tip, cast.kim, "tone", "", NOW)
    hide(source, cast.kim, "tone", "", NOW)
    db.session.commit()
    alice, kim = as_(cast.alice), as_(cast.kim)
    assert "Detta är dolt" not in alice.get("/tips").text
    assert "Lås alltid" not in alice.get("/tips").text
    lesson = whole_activity(source.id).tips[0].path  # type: ignore[union-attr]
    assert [alice.get(path).status_code for path in (tip.path, lesson)] == [404, 404]
    assert "Dold" in kim.get(tip.path).text
    assert as_(cast.charlie).get(lesson).status_code == 200


def test_a_tips_page_leads_to_its_activity_and_to_a_plan(cast: Cast, as_: As) -> None:
    source = make_activity(cast.charlie, title="Fika i parken")
    make_outcome(source)
    lesson = whole_activity(source.id).lessons[0]  # type: ignore[union-attr]
    page = as_(cast.alice).get(lesson.path).text
    assert "Fika i parken" in page
    assert f"heed={lesson.id}" in page


def test_it_helped_me_counts_once_and_tells_the_author(cast: Cast, as_: As, hx: dict[str, str]) -> None:
    tip, alice = make_tip(cast.charlie), as_(cast.alice)
    for _ in range(2):
        answer = alice.post(f"/tips/{tip.id}/cheer", headers=hx)
        assert 'aria-pressed="true"' in answer.text
    assert contribution_of(tip).cheer_count == 1
    (note,) = (one for one in notifications(cast.charlie.id, None).items if one.kind == Kind.CHEER)
    assert words_of(note.kind, note.parameters, "sv").title == "Ditt tips hjälpte Alice Ahl"
    assert 'aria-pressed="false"' in alice.post(f"/tips/{tip.id}/cheer/withdrawal", headers=hx).text
    assert contribution_of(tip).cheer_count == 0


def test_without_scripts_it_leads_back_to_the_tip(cast: Cast, as_: As) -> None:
    tip = make_tip(cast.charlie)
    answer = as_(cast.alice).post(f"/tips/{tip.id}/cheer")
    assert (answer.status_code, answer.location) == (303, f"/tips/{tip.id}#cheer-{tip.id}")


def test_nobody_is_helped_by_their_own_and_not_by_what_is_hidden(cast: Cast, as_: As) -> None:
    own, hidden = make_tip(cast.alice), make_tip(cast.charlie)
    hide(hidden, cast.kim, "tone", "", NOW)
    db.session.commit()
    alice = as_(cast.alice)
    with unchanged():
        assert alice.post(f"/tips/{own.id}/cheer").status_code == 403
        alice.post(f"/tips/{hidden.id}/cheer")
        assert alice.post("/tips/99999/cheer").status_code == 404
    assert db.session.scalars(select(Cheer)).all() == []


@pytest.mark.parametrize("act", ["cheer", "cheer/withdrawal"])
@pytest.mark.parametrize(
    ("page", "back"),
    [("/tips?kind=success", "/tips?kind=success"), ("/tips/{tip}", "/tips"), (None, "/tips")],
)
def test_of_what_has_gone_meanwhile_one_is_told_on_the_list(
    act: str, page: str | None, back: str, cast: Cast, as_: As, hx: dict[str, str]
) -> None:
    tip, alice = make_tip(cast.charlie), as_(cast.alice)
    hide(tip, cast.kim, "tone", "", NOW)
    db.session.commit()
    came_from = {"Referer": f"http://localhost{page.format(tip=tip.id)}"} if page else {}
    answer = alice.post(f"/tips/{tip.id}/{act}", headers=came_from)
    assert (answer.status_code, answer.location) == (303, back)
    assert "Tipset går inte längre att se." in alice.get(back).text
    fragment = alice.post(f"/tips/{tip.id}/{act}", headers=hx)
    assert (fragment.status_code, "Tipset går inte längre att se." in fragment.text) == (200, True)
    assert tip.text not in fragment.text


@pytest.mark.parametrize("path", ["/tips", "/tips/new", "/tips/1"])
def test_strangers_are_sent_to_sign_in(path: str, client: FlaskClient) -> None:
    assert client.get(path).location == f"/login?next={path}"
