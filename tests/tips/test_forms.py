"""Tips in the plan form and in the report's, with and without scripts."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.models.ledger import PointEntry
from app.models.person import Person
from app.models.tip import TipKind
from app.services.activities.cheer import cheer
from app.services.activities.heeding import heeded_ids
from app.services.activities.lessons import TipFilter, peer_tips
from tests.cast import Cast
from tests.factories import NOW, TODAY, focus_area, make_activity, make_person, make_tip, value

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]
PITFALL = TipKind.PITFALL


def form(*taken: int, **over: str) -> dict[str, object]:
    plan = {
        "request_key": "k",
        "title": "Soppa på biblioteket",
        "value": "valkomnande",
        "focus_area": "larande",
    }
    return {**plan, **over, "heed": [str(number) for number in taken]}


def here() -> TipFilter:
    return TipFilter(focus_area_id=focus_area().id, value_id=value().id)


def test_the_most_helpful_pitfall_comes_first_and_then_what_worked(cast: Cast) -> None:
    worked, better = make_tip(cast.charlie), make_tip(cast.charlie)
    trap = make_tip(cast.charlie, kind=PITFALL)
    make_tip(cast.charlie, kind=PITFALL, now=NOW - timedelta(days=3))
    cheer(better, cast.bob, now=NOW)
    found = peer_tips(here(), cast.alice)
    assert ([tip.id for tip in found.tips], found.more) == ([trap.id, better.id], True)
    assert worked.id not in [tip.id for tip in found.tips]


def test_what_is_offered_follows_what_becomes_of_it(cast: Cast, as_: As) -> None:
    """A tip is drawn once for all who are offered it."""
    tip, alice = make_tip(cast.charlie), as_(cast.alice)
    offer = f"/activities/peers?focus_area={focus_area().slug}&value={value().slug}"
    first = alice.get(offer).text
    assert cast.charlie.name in first
    assert "Tagen i" not in first
    tip.heeded_count, tip.helped_count, tip.text = 2, 1, "Ring först. Sedan går allt lättare."
    cast.charlie.rename("Karl Kvist")
    db.session.commit()
    shown = alice.get(offer).text
    assert [words in shown for words in ("Karl Kvist", "Tagen i 2 planer, hjälpte i 1", "Ring först")] == [
        True
    ] * 3


def test_of_one_kind_alone_two_come_up(cast: Cast) -> None:
    tips = [make_tip(cast.charlie, kind=PITFALL) for _ in range(2)]
    found = peer_tips(here(), cast.alice)
    assert ({tip.id for tip in found.tips}, found.more) == ({tip.id for tip in tips}, False)


def test_where_the_value_has_none_the_focus_area_alone_answers(cast: Cast) -> None:
    tip = make_tip(cast.charlie, value=value("kreativt"))
    assert [one.id for one in peer_tips(here(), cast.alice).tips] == [tip.id]


def test_ones_own_do_not_come_up(cast: Cast) -> None:
    make_tip(cast.alice)
    assert peer_tips(here(), cast.alice).tips == []


def test_more_come_after_the_two_without_those_that_are_ticked(
    cast: Cast, as_: As, hx: dict[str, str]
) -> None:
    tips = [make_tip(cast.charlie, text=f"Lapp {number:02}") for number in range(9)]
    alice, path = as_(cast.alice), "/activities/peers?focus_area=larande&value=valkomnande"
    first = alice.get(f"{path}&heeding={tips[0].id}", headers=hx).text
    assert [f"Lapp {number:02}" in first for number in range(9)] == [True, *[False] * 6, True, True]
    more = first.partition('hx-get="')[2].partition('"')[0].replace("&amp;", "&")
    second = alice.get(f"{more}&heeding={tips[0].id}", headers=hx).text
    assert [f"Lapp {number:02}" in second for number in range(9)] == [*[False] * 3, *[True] * 4, False, False]


def test_what_is_ticked_is_stored_and_shown_on_the_plan_and_in_its_form(cast: Cast, as_: As) -> None:
    taken, other = make_tip(cast.charlie, text="Detta tas med"), make_tip(cast.charlie, text="Detta lämnas")
    alice = as_(cast.alice)
    address = alice.post("/activities/new", data=form(taken.id)).location
    page = alice.get(address).text
    assert ("Detta tas med" in page, "Detta lämnas" in page) == (True, False)
    edit = alice.get(f"{address}/edit").text
    assert f'value="{taken.id}" checked' in edit
    assert f'value="{other.id}" checked' not in edit


def test_a_form_that_comes_back_keeps_what_is_ticked(cast: Cast, as_: As) -> None:
    tip = make_tip(cast.charlie)
    answer = as_(cast.alice).post("/activities/new", data=form(tip.id, title=" "))
    assert answer.status_code == 422
    assert f'value="{tip.id}" checked' in answer.text


def test_without_scripts_a_button_shows_more(cast: Cast, as_: As) -> None:
    for number in range(5):
        make_tip(cast.charlie, text=f"Lapp {number:02}")
    alice = as_(cast.alice)
    counts = [
        alice.post("/activities/new", data=form(look=look)).text.count('name="heed"')
        for look in ("peers", "more_peers")
    ]
    assert counts == [2, 5]


def test_an_edit_ticks_and_unticks(cast: Cast, as_: As) -> None:
    first, second = make_tip(cast.charlie), make_tip(cast.charlie)
    alice = as_(cast.alice)
    address = alice.post("/activities/new", data=form(first.id)).location
    number = int(address.rpartition("/")[2])
    assert alice.post(f"{address}/edit", data=form(second.id)).status_code == 303
    assert heeded_ids(number) == {second.id}


def test_numbers_that_are_none_are_left_out(cast: Cast, as_: As) -> None:
    answer = as_(cast.alice).post("/activities/new", data=form() | {"heed": ["x", "99999999999", "4711"]})
    assert answer.status_code == 303


def _due(cast: Cast, *taken: int) -> int:
    day = TODAY - timedelta(days=1)
    return make_activity(cast.alice, planned_for=day, heeded=frozenset(taken)).id


def test_the_report_asks_whether_each_helped_and_keeps_the_answers(cast: Cast, as_: As) -> None:
    tip = make_tip(cast.charlie)
    number, alice = _due(cast, tip.id), as_(cast.alice)
    assert "Hjälpte det?" in alice.get(f"/activities/{number}/outcome").text
    sent = {"carried_out": "yes", "permission": "none", f"helped-{tip.id}": "no"}
    refused = alice.post(f"/activities/{number}/outcome", data=sent)
    assert refused.status_code == 422
    assert 'value="no" checked' in refused.text.partition("Hjälpte det?")[2]
    answer = alice.post(
        f"/activities/{number}/outcome", data={**sent, "rating": "4", f"helped-{tip.id}": "yes"}
    )
    assert answer.status_code == 303
    db.session.refresh(tip)
    assert tip.helped_count == 1
    assert "Det hjälpte" in alice.get(f"/activities/{number}").text


def test_of_what_came_to_nothing_nobody_is_asked_or_told_whether_it_helped(cast: Cast, as_: As) -> None:
    tip = make_tip(cast.charlie)
    number, alice = _due(cast, tip.id), as_(cast.alice)
    asked = alice.get(f"/activities/{number}/outcome?carried_out=no").text
    assert '<section class="flow after done" aria-labelledby="heeded-heading">' in asked, (
        "only what was carried out"
    )
    sent = {"carried_out": "no", "permission": "none", f"helped-{tip.id}": "yes"}
    alice.post(f"/activities/{number}/outcome", data=sent)
    page = alice.get(f"/activities/{number}").text
    assert tip.title in page
    assert "Det hjälpte" not in page


def test_an_answer_about_a_tip_that_the_plan_did_not_take_changes_nothing(cast: Cast, as_: As) -> None:
    tip, number = make_tip(cast.charlie), _due(cast)
    sent = {"carried_out": "no", "permission": "none", f"helped-{tip.id}": "yes", "helped-x": "yes"}
    assert as_(cast.alice).post(f"/activities/{number}/outcome", data=sent).status_code == 303
    db.session.refresh(tip)
    assert (tip.heeded_count, tip.helped_count) == (0, 0)


@pytest.mark.parametrize(("answer", "first"), [("no", "pitfall"), ("yes", "story")])
def test_what_came_to_nothing_is_asked_for_the_lesson_first(
    answer: str, first: str, cast: Cast, as_: As
) -> None:
    page = as_(cast.alice).get(f"/activities/{_due(cast)}/outcome?carried_out={answer}").text
    places = {name: page.index(f'name="{name}"') for name in ("pitfall", "story")}
    assert min(places, key=places.__getitem__) == first


def test_points_for_a_tip_stand_on_the_page_of_points_with_its_text(
    cast: Cast, as_: As, heeded_earns: None
) -> None:
    tip = make_tip(cast.charlie, text="Ett datum slår en plan. Då blev det av.")
    make_activity(make_person(), heeded=frozenset({tip.id}))
    charlie = as_(cast.charlie)
    assert "Ett datum slår en plan" in charlie.get("/me/points").text
    entry_id = db.session.scalar(select(PointEntry.id).where(PointEntry.person_id == cast.charlie.id))
    assert f'href="/tips/{tip.id}"' in charlie.get(f"/me/points/{entry_id}/question").text
