"""The lessons as everybody reads them, once they are published and before."""

from collections.abc import Callable
from pathlib import Path

import pytest
import time_machine
from flask.testing import FlaskClient

from app.extensions import db
from app.models.person import Person
from app.models.tip import TipKind
from app.services.moderation.decide import hide, restore
from app.services.stages.lesson_editing import LessonWords, edit
from tests.cast import Cast
from tests.factories import NOW, make_activity, make_outcome, make_person
from tests.lesson_makers import LEARNING, draft, make_helpful, make_third_stage, make_two, publish

As = Callable[[Person], FlaskClient]
_PAGE = "/stages/2/lessons"

pytestmark = pytest.mark.usefixtures("learning")


def _write(lesson_words: dict[str, str], cast: Cast) -> None:
    success, _pitfall = make_two(cast.bob)
    edit(success, LessonWords(**lesson_words), by=cast.cora, now=LEARNING, based_on=None)
    db.session.commit()


def test_it_shows_both_lists_with_their_source_and_what_changes(cast: Cast, as_: As) -> None:
    make_third_stage()
    make_outcome(make_activity(cast.charlie), success="", pitfall="")
    make_outcome(make_activity(cast.charlie), carried_out=False, success="", pitfall="")
    words = {
        "heading": "Ta med skolan",
        "text": "En klass städar på en timme.",
        "change": "Skolorna bjuds in.",
    }
    _write(words, cast)
    publish(cast.lena)
    page = as_(cast.alice).get(_PAGE).text
    for text in (
        "Det här tar vi med oss.",
        "1 sak som funkade och 1 fälla, ur 1 gjorda och 1 som inte blev av.",
        "Ta med skolan",
        "En klass städar på en timme.",
        "Bob Berg</a>, Bjuv",
        "I etapp 3:",
        "Skolorna bjuds in.",
        "Boka inte en lördag",
        "Etapp 3 börjar 1 feb",
        "publicerade 2 dec",
        "Med egna ord",
    ):
        assert text in page


def test_its_vote_is_the_tips_own(cast: Cast, as_: As, hx: dict[str, str]) -> None:
    success, _pitfall = make_two(cast.bob)
    publish(cast.lena)
    browser, vote = as_(cast.alice), f"/tips/{success.tip_id}/cheer"
    assert f'formaction="{vote}"' in browser.get(_PAGE).text
    assert browser.post(vote, headers={"Referer": f"http://localhost{_PAGE}"}).location == (
        f"{_PAGE}#cheer-{success.tip_id}"
    )
    assert 'aria-pressed="true"' in browser.get(_PAGE).text
    assert 'aria-pressed="false"' in browser.post(f"{vote}/withdrawal", headers=hx).text


def test_nobody_votes_for_their_own(cast: Cast, as_: As) -> None:
    success, _pitfall = make_two(cast.bob)
    publish(cast.lena)
    assert f"/tips/{success.tip_id}/cheer" not in as_(cast.bob).get(_PAGE).text


def test_whoever_is_not_signed_in_is_sent_to_sign_in(cast: Cast, client: FlaskClient) -> None:
    assert client.get(_PAGE).location.startswith("/login")


def test_a_stage_that_is_not_there_is_not_found(cast: Cast, as_: As) -> None:
    assert as_(cast.alice).get("/stages/9/lessons").status_code == 404


def test_before_they_are_published_participants_read_when_they_come(cast: Cast, as_: As) -> None:
    make_two(cast.bob)
    page = as_(cast.alice).get(_PAGE).text
    assert "Lärdomarna är på väg." in page
    assert "Ta med skolan" not in page
    assert "lessons/edit" not in page


def test_while_people_act_it_says_from_when_on_they_are_gathered(cast: Cast, as_: As) -> None:
    with time_machine.travel(NOW, tick=False):
        assert "Från 30 nov samlar vi" in as_(cast.cora).get(_PAGE).text


@pytest.mark.parametrize("who", ["cora", "lena"])
def test_those_who_choose_see_the_draft_as_it_will_read(who: str, cast: Cast, as_: As) -> None:
    make_two(cast.bob)
    page = as_(getattr(cast, who)).get(_PAGE).text
    assert "Ta med skolan" in page
    assert "/stages/2/lessons/edit" in page


def test_whose_words_are_edited_reads_them_before_others(cast: Cast, as_: As) -> None:
    _write({"heading": "Ta med en klass", "text": "Det gick fort.", "change": ""}, cast)
    assert "Ändrad av Cora Coster" in as_(cast.bob).get(_PAGE).text
    assert "Ta med en klass" not in as_(cast.alice).get(_PAGE).text
    note = as_(cast.bob).get("/inbox").text
    assert "Cora Coster har ändrat i din lärdom" in note


def test_a_lesson_whose_tip_is_hidden_is_shown_nowhere_until_it_is_restored(cast: Cast, as_: As) -> None:
    success, _pitfall = make_two(cast.bob)
    tip, reader = success.tip, as_(cast.alice)
    publish(cast.lena)
    places = (_PAGE, "/activities/new?focus_area=larande", "/activities/peers?focus_area=larande")
    hide(tip, cast.cora, "tone", "", NOW)
    db.session.commit()
    assert [place for place in places if "Ta med skolan" in reader.get(place).text] == []
    assert "Ta med skolan" not in as_(cast.cora).get(f"{_PAGE}/edit").text
    restore(tip, cast.lena, NOW)
    db.session.commit()
    assert [place for place in places if "Ta med skolan" not in reader.get(place).text] == []


def test_it_asks_no_more_often_when_there_is_more(
    cast: Cast, as_: As, queries: list[str], tmp_path: Path
) -> None:
    make_two(cast.bob)
    browsers = {_PAGE: as_(cast.alice), f"{_PAGE}/edit": as_(cast.lena)}

    def asks(page: str) -> int:
        db.session.remove()
        queries.clear()
        assert browsers[page].get(page).status_code == 200
        return len(queries)

    def all_ask() -> list[int]:
        return [asks(page) for page in browsers]

    all_ask()
    little = all_ask()
    for number in range(8):
        make_helpful(make_person(), 1, kind=TipKind.PITFALL if number % 2 else TipKind.SUCCESS)
        make_outcome(make_activity(make_person()))
    draft()
    assert all_ask() == little


@pytest.mark.parametrize("path", ["/", "/stages/2"])
def test_while_one_learns_it_is_what_is_expected_once_there_is_something_to_read(
    path: str, cast: Cast, as_: As
) -> None:
    def expected() -> str:
        page = browser.get(path).text
        return page[page.index("Vi lär av varandra") :].partition("</section>")[0]

    make_two(cast.bob)
    browser = as_(cast.alice)
    assert 'href="/?show=reported"' in expected()
    assert f'href="{_PAGE}"' not in expected()
    publish(cast.lena)
    assert f'href="{_PAGE}"' in expected()
    assert 'href="/?show=reported"' not in expected()
