"""Coordinators and leads choose the lessons, order them and edit their words; nobody overwrites another unseen."""

import re
from collections.abc import Callable

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.models.lesson import StageLesson
from app.models.notification import Kind, Notification
from app.models.person import Person
from app.services.moderation.decide import hide
from app.services.stages.lessons import lesson_of, set_of
from app.web.seen import seen_of
from tests.cast import Cast
from tests.factories import NOW, make_person, stage
from tests.lesson_makers import chosen, draft, in_line, make_helpful, make_two, texts, tip_of

As = Callable[[Person], FlaskClient]
_EDIT = "/stages/2/lessons/edit"

pytestmark = pytest.mark.usefixtures("learning")


def _three() -> None:
    for number in range(3):
        make_helpful(make_person(), 3 - number, text=f"Tips {number}")
    draft()


def _seen() -> dict[str, str]:
    lessons = set_of(stage())
    assert lessons
    return {"seen": seen_of(lessons)}


def _words(lesson: StageLesson, **over: str) -> dict[str, str]:
    now = lesson_of(lesson.stage_id, lesson.id)
    assert now
    return {"heading": now.heading, "text": now.rest, "change": now.change, "seen": seen_of(now)} | over


@pytest.mark.parametrize(
    ("who", "status"), [("alice", 403), ("stig", 403), ("cora", 200), ("kim", 200), ("lena", 200)]
)
def test_only_coordinators_and_leads_open_the_draft(who: str, status: int, cast: Cast, as_: As) -> None:
    make_two(cast.bob)
    assert as_(getattr(cast, who)).get(_EDIT).status_code == status


@pytest.mark.parametrize("action", ["", "/place?to=up", "/choice", "/choice/withdrawal"])
def test_a_participant_changes_nothing(action: str, cast: Cast, as_: As, client: FlaskClient) -> None:
    success, _pitfall = make_two(cast.bob)
    url = f"/stages/2/lessons/{success.id}{action}"
    assert as_(cast.bob).post(url, data=_words(success, heading="Annat")).status_code == 403
    assert client.post(url).location.startswith("/login")
    assert texts() == [
        "Ta med skolan. En klass städar stranden på en timme.",
        "Boka inte en lördag. Hälften uteblev.",
    ]


def test_up_and_down_change_places(cast: Cast, as_: As) -> None:
    _three()
    last, browser = chosen()[2].id, as_(cast.cora)
    for to, expected in (("up", ["Tips 0", "Tips 2", "Tips 1"]), ("up", ["Tips 2", "Tips 0", "Tips 1"]),
                         ("up", ["Tips 2", "Tips 0", "Tips 1"]), ("down", ["Tips 0", "Tips 2", "Tips 1"])):  # fmt: skip
        assert browser.post(f"/stages/2/lessons/{last}/place?to={to}", data=_seen()).status_code == 303
        assert texts() == expected
    assert browser.post(f"/stages/2/lessons/{last}/place?to=sideways", data=_seen()).status_code == 400


def test_a_move_answers_htmx_with_the_draft_alone(cast: Cast, as_: As, hx: dict[str, str]) -> None:
    _three()
    url = f"/stages/2/lessons/{chosen()[1].id}/place?to=up"
    answer = as_(cast.cora).post(url, data=_seen(), headers=hx).text
    assert answer.lstrip().startswith('<div class="flow-l" id="draft">')
    assert answer.index("Tips 1") < answer.index("Tips 0")
    assert "”Tips 1” har flyttats." in answer


def test_one_is_taken_out_and_lifted_again(cast: Cast, as_: As) -> None:
    _three()
    first, browser = chosen()[0].id, as_(cast.cora)
    browser.post(f"/stages/2/lessons/{first}/choice/withdrawal", data=_seen())
    assert (texts(), in_line()) == (["Tips 1", "Tips 2"], ["Tips 0"])
    browser.post(f"/stages/2/lessons/{first}/choice", data=_seen())
    assert (texts(), in_line()) == (["Tips 1", "Tips 2", "Tips 0"], [])


def test_when_there_are_five_the_lifted_one_takes_the_place_of_the_last(cast: Cast, as_: As) -> None:
    for number in range(6):
        make_helpful(make_person(), 6 - number, text=f"Tips {number}")
    draft()
    [sixth] = db.session.scalars(select(StageLesson).where(StageLesson.place.is_(None)))
    page = as_(cast.cora).post(f"/stages/2/lessons/{sixth.id}/choice", data=_seen(), follow_redirects=True)
    assert "”Tips 5” tar platsen efter ”Tips 4”, som nu står på tur." in page.text
    assert texts() == ["Tips 0", "Tips 1", "Tips 2", "Tips 3", "Tips 5"]


def test_whose_order_is_an_old_one_sees_the_new_one_and_changes_nothing(
    cast: Cast, as_: As, hx: dict[str, str]
) -> None:
    _three()
    seen, first, third = _seen(), chosen()[0].id, chosen()[2].id
    as_(cast.kim).post(f"/stages/2/lessons/{third}/place?to=up", data=seen)
    db.session.execute(db.update(StageLesson).values(change=""))
    lessons = set_of(stage())
    assert lessons
    lessons.changed_at = NOW  # another moment, as the clock of this test stands still
    db.session.commit()
    for headers in ({}, hx):
        answer = as_(cast.cora).post(f"/stages/2/lessons/{first}/place?to=down", data=seen, headers=headers)
        assert answer.status_code == 422
        assert "Någon har ändrat" in answer.text
    assert texts() == ["Tips 0", "Tips 2", "Tips 1"]


def test_words_are_edited_and_their_author_is_told_once_a_day(cast: Cast, as_: As) -> None:
    success, _pitfall = make_two(cast.bob)
    browser, url = as_(cast.cora), f"/stages/2/lessons/{success.id}"
    answer = browser.post(url, data=_words(success, heading="Ta med en klass", change="Skolorna bjuds in."))
    assert answer.location == f"{_EDIT}?kind=success#lesson-{success.id}"
    browser.post(url, data=_words(success, heading="Ta med två klasser"))
    note = db.session.scalars(select(Notification).where(Notification.kind == Kind.TIP)).one()
    assert (note.person_id, note.url) == (cast.bob.id, f"/stages/2/lessons#lesson-{success.id}")
    assert chosen()[0].heading == "Ta med två klasser"
    assert chosen()[0].tip.text.startswith("Ta med skolan")


def test_what_changes_is_nobodys_words_and_one_s_own_need_no_telling(cast: Cast, as_: As) -> None:
    success, _pitfall = make_two(cast.cora)
    as_(cast.kim).post(f"/stages/2/lessons/{success.id}", data=_words(success, change="Skolorna bjuds in."))
    as_(cast.cora).post(f"/stages/2/lessons/{success.id}", data=_words(chosen()[0], heading="Mina ord"))
    assert db.session.scalars(select(Notification).where(Notification.kind == Kind.TIP)).all() == []
    assert chosen()[0].change == "Skolorna bjuds in."


def test_one_that_is_not_edited_follows_its_tip(cast: Cast, as_: As) -> None:
    success, _pitfall = make_two(cast.bob)
    as_(cast.cora).post(f"/stages/2/lessons/{success.id}", data=_words(success, change="Skolorna bjuds in."))
    assert not chosen()[0].is_edited
    tip_of(success).text = "Ta med två skolor."
    db.session.commit()
    assert chosen()[0].heading == "Ta med två skolor"


@pytest.mark.parametrize(
    "wrong", [{"heading": ""}, {"heading": "x" * 81}, {"change": "x" * 301}, {"text": "x" * 601}]
)
def test_what_is_wrong_comes_back_as_it_was_written(wrong: dict[str, str], cast: Cast, as_: As) -> None:
    success, _pitfall = make_two(cast.bob)
    answer = as_(cast.cora).post(
        f"/stages/2/lessons/{success.id}",
        data=_words(
            success,
            change="Kvar",
        )
        | wrong,
    )
    assert answer.status_code == 422
    assert "Något saknas" in answer.text
    for text in wrong.values():
        assert text in answer.text
    assert chosen()[0].change == ""


def test_two_who_write_in_the_same_one_do_not_overwrite_each_other(cast: Cast, as_: As) -> None:
    success, _pitfall = make_two(cast.bob)
    mine, theirs = _words(success, change="Min"), _words(success, change="Deras", seen=NOW.isoformat())
    assert as_(cast.cora).post(f"/stages/2/lessons/{success.id}", data=mine).status_code == 303
    answer = as_(cast.kim).post(f"/stages/2/lessons/{success.id}", data=theirs)
    assert answer.status_code == 422
    assert "Någon har ändrat" in answer.text
    assert "Deras" in answer.text
    assert chosen()[0].change == "Min"
    again = re.search(r'name="seen" type="hidden" value="([^"]+)"', answer.text.split("draft-form")[1])
    assert again
    as_(cast.kim).post(f"/stages/2/lessons/{success.id}", data=theirs | {"seen": again[1]})
    assert chosen()[0].change == "Deras"


def test_one_that_has_been_hidden_is_not_there_to_be_changed(cast: Cast, as_: As) -> None:
    success, _pitfall = make_two(cast.bob)
    words = _words(success, change="Kvar")
    hide(tip_of(success), cast.cora, "tone", "", NOW)
    db.session.commit()
    assert as_(cast.cora).post(f"/stages/2/lessons/{success.id}", data=words).status_code == 404


def test_a_lesson_of_another_stage_is_not_found(cast: Cast, as_: As) -> None:
    success, _pitfall = make_two(cast.bob)
    assert as_(cast.cora).post(f"/stages/1/lessons/{success.id}/choice", data=_seen()).status_code == 404


def test_the_head_says_what_is_missing(cast: Cast, as_: As) -> None:
    success, pitfall = make_two(cast.bob)
    browser = as_(cast.cora)
    assert "2 saker saknas." in browser.get(_EDIT).text
    browser.post(f"/stages/2/lessons/{success.id}", data=_words(success, change="Skolorna bjuds in."))
    assert "En sak saknas." in browser.get(_EDIT).text
    assert "1 av 2 är klara." in browser.get(_EDIT).text
    browser.post(f"/stages/2/lessons/{pitfall.id}", data=_words(pitfall, change="Vi föreslår vardagar."))
    assert "Klart att publicera." in browser.get(_EDIT).text


def test_without_a_draft_one_is_made_by_a_tap(cast: Cast, as_: As) -> None:
    browser = as_(cast.cora)
    assert "Det finns inget utkast än." in browser.get(_EDIT).text
    make_helpful(cast.bob, text="Ta med skolan")
    page = browser.post("/stages/2/lessons/draft", follow_redirects=True).text
    assert "1 lärdom har kommit in i utkastet." in page
    assert "Ta med skolan" in page


def test_while_people_act_there_is_nothing_to_draft(cast: Cast, as_: As) -> None:
    with time_machine.travel(NOW, tick=False):
        browser = as_(cast.cora)
        assert "Det finns inget att välja än" in browser.get(_EDIT).text
        assert browser.post("/stages/2/lessons/draft").status_code == 404
