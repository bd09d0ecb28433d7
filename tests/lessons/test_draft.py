"""The draft of a stage's lessons follows its rules, rule by rule."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app.extensions import db
from app.models.lesson import Ground, LessonSet
from app.models.person import Person
from app.models.stage import Phase
from app.models.tip import TipKind
from app.services.activities.adoption import adopt
from app.services.activities.report import Report, report_outcome
from app.services.activities.tips import withdraw_tip
from app.services.activities.visibility import whole_activity
from app.services.moderation.decide import hide, restore
from app.services.stages.advance import advance_stage, begin_due_phases
from app.services.stages.lesson_draft import draft_lessons
from app.services.stages.lesson_editing import take_out
from app.services.stages.lessons import lessons_of_stage, set_of
from tests.cast import Cast
from tests.factories import NOW, focus_area, make_activity, make_outcome, make_person, make_tip, stage
from tests.lesson_makers import LEARNING, chosen, draft, in_line, make_helpful, texts


def test_what_helped_more_comes_first(cast: Cast) -> None:
    make_helpful(cast.bob, 1, text="Lite")
    make_helpful(cast.charlie, 3, text="Mycket")
    draft()
    assert texts() == ["Mycket", "Lite"]


def test_a_plan_weighs_two_and_one_that_it_helped_in_five(cast: Cast) -> None:
    heeded, helped = make_tip(cast.bob, text="I två planer"), make_tip(cast.charlie, text="Hjälpte i en")
    make_helpful(cast.kim, 4, text="Fyra röster")
    for _ in range(2):
        make_activity(cast.alice, heeded=frozenset({heeded.id}))
    make_outcome(
        make_activity(cast.alice, heeded=frozenset({helped.id})),
        helped={helped.id: True},
        success="",
        pitfall="",
    )
    draft()
    # 5, then 4 and 4, of which the older says it first
    assert texts() == ["Hjälpte i en", "I två planer", "Fyra röster"]


def test_of_those_alike_what_helped_in_more_plans_comes_first(cast: Cast) -> None:
    voted, helped = make_helpful(cast.bob, 5, text="Fem röster"), make_tip(cast.charlie, text="Hjälpte i en")
    make_outcome(
        make_activity(cast.alice, heeded=frozenset({helped.id})),
        helped={helped.id: True},
        success="",
        pitfall="",
    )
    assert voted.id < helped.id
    draft()
    assert texts() == ["Hjälpte i en", "Fem röster"]


def test_the_best_of_each_focus_area_comes_before_the_second_best_of_any(cast: Cast) -> None:
    make_helpful(cast.bob, 4, text="Bäst i lärande")
    make_helpful(cast.charlie, 3, text="Näst bäst i lärande")
    make_helpful(cast.kim, 1, text="Bäst i miljö", focus_area=focus_area("miljo"))
    draft()
    assert texts() == ["Bäst i lärande", "Bäst i miljö", "Näst bäst i lärande"]


def test_nobody_has_more_than_two_of_a_kind_and_no_two_say_the_same(cast: Cast) -> None:
    for number, text in enumerate(("Första", "Andra", "Tredje")):
        make_helpful(cast.bob, 5 - number, text=text)
    make_helpful(cast.charlie, 1, text="första.")
    make_helpful(cast.bob, 1, text="En fälla", kind=TipKind.PITFALL)
    draft()
    assert texts() == ["Första", "Andra", "En fälla"]
    assert in_line() == []


def test_five_are_proposed_and_five_more_stand_next_in_line(cast: Cast) -> None:
    for number in range(12):
        make_helpful(make_person(), 12 - number, text=f"Tips {number}")
    draft()
    assert texts() == [f"Tips {number}" for number in range(5)]
    assert in_line() == [f"Tips {number}" for number in range(5, 10)]


def test_what_has_helped_nobody_is_not_proposed_but_stands_in_line(cast: Cast) -> None:
    make_tip(cast.bob, text="Ingen röst", focus_area=focus_area("miljo"))
    make_helpful(cast.charlie, text="En röst")
    draft()
    assert (texts(), in_line()) == (["En röst"], ["Ingen röst"])


def test_behind_them_stands_what_the_best_outcomes_taught(cast: Cast) -> None:
    for number in range(10):
        make_helpful(make_person(), text=f"Tips {number}")
    made = {}
    for letter, rating, reached in (("A", 4, 900), ("B", 5, 10), ("C", 5, 20), ("D", 5, 1), ("E", None, 0)):
        activity = make_activity(make_person())
        about = {"carried_out": rating is not None, "rating": rating, "reached": reached}
        make_outcome(activity, **about, success=f"Utfall {letter}", pitfall="")
        made[letter] = activity.id
    borrowed = whole_activity(made["D"])
    assert borrowed
    adopt(make_activity(cast.alice), borrowed, now=NOW)
    db.session.commit()
    draft()
    taught = [lesson for lesson in lessons_of_stage(stage()).in_line if lesson.ground == Ground.OUTCOME]
    # Borrowed once; then by how many it reached. A four is behind three fives, what came to nothing is none.
    assert [lesson.tip.text for lesson in taught] == ["Utfall D", "Utfall C", "Utfall B"]


def test_only_what_belongs_to_the_stage_is_in_it(cast: Cast) -> None:
    make_helpful(cast.bob, text="Skrivet nu")
    make_helpful(cast.charlie, text="Skrivet före", now=NOW - timedelta(days=200))
    done = make_activity(cast.kim, stage=stage(1))
    report_outcome(done, Report(True, 5, success="Ur etapp 1"), {}, by=cast.kim, now=NOW)
    db.session.commit()
    draft()
    assert texts() + in_line() == ["Skrivet nu"]


def test_what_is_hidden_or_withdrawn_is_left_out(cast: Cast) -> None:
    hidden, withdrawn = make_helpful(cast.bob, text="Dolt"), make_helpful(cast.bob, text="Tillbakataget")
    taught = make_activity(cast.charlie)
    make_outcome(taught, success="Ur något dolt", pitfall="")
    hide(hidden, cast.cora, "tone", "", NOW)
    hide(taught, cast.kim, "tone", "", NOW)
    withdraw_tip(withdrawn, by=cast.bob, now=NOW)
    draft()
    assert texts() + in_line() == []


def test_what_is_hidden_later_disappears_and_comes_back_in_its_place(cast: Cast) -> None:
    first = make_helpful(cast.bob, 3, text="Etta")
    make_helpful(cast.charlie, 2, text="Tvåa")
    draft()
    hide(first, cast.cora, "tone", "", NOW)
    db.session.commit()
    assert texts() == ["Tvåa"]
    restore(first, cast.lena, NOW)
    db.session.commit()
    assert texts() == ["Etta", "Tvåa"]


def test_an_emptied_report_does_not_take_a_chosen_lesson_away_for_good(cast: Cast) -> None:
    done = make_activity(cast.bob)
    make_outcome(done, success="Ta med skolan", pitfall="")
    draft()
    make_outcome(done, success="", pitfall="")
    assert in_line() == []
    make_outcome(done, success="Ta med två skolor", pitfall="")
    assert in_line() == ["Ta med två skolor"]


@pytest.mark.parametrize("by_hand", [True, False])
def test_it_is_made_as_the_stage_begins_to_learn(by_hand: bool, cast: Cast) -> None:
    make_helpful(cast.bob, text="Ta med skolan")
    assert set_of(stage()) is None
    if by_hand:
        advance_stage(stage(), by=cast.lena, now=NOW, to=Phase.LEARN)
    else:
        begin_due_phases(LEARNING)
    db.session.commit()
    assert texts() == ["Ta med skolan"]


def test_untouched_it_is_made_anew(cast: Cast) -> None:
    make_helpful(cast.bob, 2, text="Först")
    draft()
    make_helpful(cast.charlie, 5, text="Sedan")
    draft()
    assert texts() == ["Sedan", "Först"]


def test_once_touched_what_is_new_stands_last_in_line(cast: Cast) -> None:
    make_helpful(cast.bob, 2, text="Först")
    draft()
    db.session.get_one(LessonSet, stage().id).changed_by_id = cast.cora.id
    make_helpful(cast.charlie, 5, text="Sedan")
    assert draft_lessons(stage(), LEARNING) == 1
    assert draft_lessons(stage(), LEARNING) == 0
    assert (texts(), in_line()) == (["Först"], ["Sedan"])


def test_it_takes_as_many_queries_however_much_there_is(cast: Cast, queries: list[str]) -> None:
    def asks() -> int:
        queries.clear()
        draft_lessons(stage(), LEARNING)
        return len(queries)

    make_helpful(cast.bob)
    draft()
    little = asks()
    for _ in range(8):
        make_helpful(make_person(), kind=TipKind.PITFALL)
        make_outcome(make_activity(make_person()))
    db.session.commit()
    assert asks() <= little + 1  # one more list of rows to write, if there was none


def test_numbers_have_no_gap_for_those_who_read(cast: Cast) -> None:
    for number in range(3):
        make_helpful(make_person(), 3 - number, text=f"Tips {number}")
    assert [lesson.place for lesson in draft()] == [1, 2, 3]
    assert all(lesson.works for lesson in chosen())


def test_a_draft_of_nothing_asks_nobody_to_choose(
    cast: Cast, as_: Callable[[Person], FlaskClient], learning: None
) -> None:
    draft()
    page = as_(cast.cora).get("/stages/2/lessons/edit").text
    assert "Det finns inget att välja än." in page
    assert "Ta med det som kommit sedan dess" in page
    for senseless in ("Välj minst en.", "Lyft en av dem", "0 av 0", "Se hela"):
        assert senseless not in page


def test_a_draft_that_has_some_in_line_asks_to_lift_one(
    cast: Cast, as_: Callable[[Person], FlaskClient], learning: None
) -> None:
    make_helpful(cast.bob, text="Ta med skolan")
    take_out(draft()[0], by=cast.cora, now=LEARNING, based_on=LEARNING)
    db.session.commit()
    page = as_(cast.cora).get("/stages/2/lessons/edit").text
    assert "Välj minst en." in page
    assert "Lyft en av dem" in page
    assert "Det fanns ingen att välja" in as_(cast.cora).get("/stages/2/lessons/edit?kind=pitfall").text
