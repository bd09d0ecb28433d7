"""The table of the playbook: what it says, and on which days of a stage."""

import re
from collections import defaultdict
from datetime import date, timedelta

import pytest
from flask_babel import force_locale

from app.models.person import Role
from app.models.stage import Phase
from app.services.notifications.kinds import words_of
from app.services.notifications.plan_sentence import plan_sentence
from app.services.notifications.playbook import PLAYBOOK, Reach, Step, step_named, steps
from app.services.stages.reach import _FINDERS
from tests.factories import stage

pytestmark = pytest.mark.usefixtures("app")

_ABOUT = {
    "number": 2, "name": {"sv": "Över gränsen", "en": "Across the border"}, "done": 3, "planned": 7, "days": 12,
    "next_name": {"sv": "Bli förebild", "en": "Be a role model"}, "next_day": "2027-02-01",
    "title": "Fika å sånt", "place": "Bjuv", "author": "Bob", "rank": 2, "score": 3.4, "quiet": 4, "waiting": 1,
    "value": {"sv": "Mänskligt", "en": "Human"}, "area": {"sv": "Lärande", "en": "Learning"},
    "day": "2026-12-01", "time": "14:30", "where": "biblioteket", "audience": "nyinflyttade", "sign": "tio kommer",
    "last_day": "2026-09-27",
}  # fmt: skip


def _days(step: Step, number: int = 2) -> list[str]:
    """The days of the stage on which it is due."""
    its_stage = stage(number)
    days = [its_stage.measure_on + timedelta(days=offset) for offset in range(-30, 140)]
    assert step.when
    return [day.isoformat() for day in days if step.when.is_due(its_stage, day)]


def test_each_role_is_told_once_in_each_phase() -> None:
    for phase in (Phase.MEASURE, Phase.ACTIVATE, Phase.LEARN, Phase.ENDED):
        reached = [role for step in steps(phase) for role in step.who]
        assert sorted(reached) == sorted(Role)


def test_each_reach_is_found_by_one_function_and_used() -> None:
    assert set(_FINDERS) == set(Reach) == {step.reach for step in PLAYBOOK}
    assert {step.name for step in PLAYBOOK if step.when is None} == {
        step.name for step in PLAYBOOK if step.reach == Reach.ELSEWHERE
    }


def test_nobody_is_told_how_many_of_no_plans_are_carried_out() -> None:
    with force_locale("en"):
        speaks_of_plans = [step for step in PLAYBOOK if "%(planned)s" in str(step.body)]
    assert speaks_of_plans
    for step in speaks_of_plans:
        for language in ("sv", "en"):
            words = words_of(step.kind, _ABOUT | {"step": step.name, "done": 0, "planned": 0}, language)
            assert words.body
            assert not re.search(r"\b0\b", words.body)


@pytest.mark.parametrize("step", PLAYBOOK, ids=[step.name for step in PLAYBOOK])
def test_a_row_has_words_in_both_languages(step: Step) -> None:
    event = step.name.partition("-")[2]
    swedish, english = (
        words_of(step.kind, _ABOUT | {"step": step.name, "event": event}, language)
        for language in ("sv", "en")
    )
    assert swedish.title != english.title
    texts = (swedish.title, swedish.body, english.title, english.body)
    assert "%" not in "".join(texts)
    assert all(texts)


def test_names_are_never_used_twice() -> None:
    assert len({step.name for step in PLAYBOOK}) == len(PLAYBOOK)


def test_a_step_has_its_days() -> None:
    assert _days(step_named("measure")) == [f"2026-09-{day:02}" for day in range(7, 15)]
    assert _days(step_named("halfway")) == ["2026-10-29", "2026-10-30", "2026-10-31"]
    assert _days(step_named("last-days")) == ["2026-11-27", "2026-11-28"]
    mondays = [date.fromisoformat(day).weekday() for day in _days(step_named("monday"))]
    assert set(mondays) == {0, 1}
    assert mondays.count(0) == 11


def test_a_step_follows_its_stage_when_that_is_moved() -> None:
    stage().learn_on = date(2026, 11, 20)
    assert _days(step_named("last-days")) == ["2026-11-17", "2026-11-18"]


def test_a_step_of_a_phase_that_is_passed_by_is_over() -> None:
    moved = stage()
    moved.learn_on = date(2026, 10, 1)
    halfway = step_named("halfway").when
    assert halfway
    assert not halfway.is_over(moved, date(2026, 9, 29))
    assert halfway.is_over(moved, date(2026, 10, 1))


def test_a_plan_is_read_back_as_a_sentence() -> None:
    told = defaultdict(str, _ABOUT | {"step": "eve"})
    assert words_of("plan", dict(told), "sv")[:2] == (
        "Snart: Fika å sånt",
        "Tisdag 1 december 14.30, biblioteket: Fika å sånt. För: nyinflyttade. Det märks på detta: tio kommer.",
    )
    asked = _ABOUT | {"step": "eve", "title": "Fika?", "sign": "Tio kommer!"}
    assert words_of("plan", asked, "en").body == (
        "Tuesday 1 December 14:30, biblioteket: Fika? For: nyinflyttade. You will know by this: Tio kommer!"
    )
    vague = dict.fromkeys(("time", "where", "audience", "sign"), "")
    assert words_of("plan", _ABOUT | {"step": "eve"} | vague, "en").body == "Tuesday 1 December: Fika å sånt."


@pytest.mark.parametrize(("language", "cue"), [("sv", "Någon dag snart"), ("en", "Some day soon")])
def test_without_a_day_it_is_some_day(language: str, cue: str) -> None:
    with force_locale(language):
        words = plan_sentence("Fika", day=None, starts_at=None, place="", audience="", sign="")
    assert words == f"{cue}: Fika."
