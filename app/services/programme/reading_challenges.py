"""Compares the challenges of a programme file with what they name, and their days with those of their stage."""

from datetime import date, timedelta
from typing import Any

from app.models.challenge import ChallengeKind
from app.services.programme.file_faults import did_you_mean
from app.services.programme.toml_file import TomlFile

_GROUPS = ("challenges", "challenge_templates")
#: The key of a challenge, and the entries and their key that it names one of.
_NAMED = (("value", "values"), ("focus_area", "focus_areas"), ("municipality", "municipalities"))


def compare_challenges(file: TomlFile) -> None:
    """What is wrong in itself has been found already, and is left out here."""
    for group in _GROUPS:
        for key, others in _NAMED:
            _demand_one_of(file, group, key, others)
        _demand_a_goal(file, group)
    _demand_a_stage(file)
    _demand_days_within_the_stage(file)


def days_of(opens_on: date | None, closes_on: date | None, stage: Any) -> tuple[date, date]:
    """First and last day; where the file has none, from when the stage acts until the day before it learns."""
    first = opens_on or stage.activate_on
    return first, closes_on or max(first, stage.learn_on - timedelta(days=1))


def _demand_one_of(file: TomlFile, group: str, key: str, others: str) -> None:
    slugs = list(file.column(others, "slug").values())
    if len(slugs) < len(file.data.get(others, ())):
        return  # a slug that is wrong itself may be the one that is meant
    for place, slug in file.column(group, key).items():
        if slug not in slugs:
            nearest = did_you_mean(slug, slugs)
            what = f'must be the slug of one of [[{others}]], not "{slug}"{nearest}'
            file.add((group, place, key), what)


def _demand_a_goal(file: TomlFile, group: str) -> None:
    goals = file.column(group, "goal")
    for place, kind in file.column(group, "kind").items():
        needs_one = kind == ChallengeKind.MUNICIPALITY
        if needs_one and "goal" not in file.data[group][place]:
            file.add((group, place, "goal"), f'is missing; the kind "{kind}" needs one')
        elif not needs_one and place in goals:
            file.add((group, place, "goal"), f'is for the kind "{ChallengeKind.MUNICIPALITY}" only')


def _demand_a_stage(file: TomlFile) -> None:
    numbers = set(file.column("stages", "number").values())
    for place, number in file.column("challenges", "stage").items():
        if number not in numbers and len(numbers) == len(file.data.get("stages", ())):
            what = f"must be the number of one of [[stages]], not {number}"
            file.add(("challenges", place, "stage"), what)


def _demand_days_within_the_stage(file: TomlFile) -> None:
    opens, closes = file.column("challenges", "opens_on"), file.column("challenges", "closes_on")
    stages = _stages(file)
    for place, number in file.column("challenges", "stage").items():
        if number not in stages:
            continue
        begins, ends = stages[number]
        for key, days in (("opens_on", opens), ("closes_on", closes)):
            if place in days and not begins <= days[place] < ends:
                what = f"must be within stage {number} ({begins} to {ends - timedelta(days=1)}), not {days[place]}"
                file.add(("challenges", place, key), what)
        if place in opens and place in closes and closes[place] < opens[place]:
            what = f"must be on or after opens_on ({opens[place]}), not {closes[place]}"
            file.add(("challenges", place, "closes_on"), what)


def _stages(file: TomlFile) -> dict[int, tuple[date, date]]:
    """First day, and first day after it, of the stages whose days are right, by number."""
    begins, ends = file.column("stages", "measure_on"), file.column("stages", "end_on")
    numbers = file.column("stages", "number")
    return {
        number: (begins[place], ends[place])
        for place, number in numbers.items()
        if place in begins and place in ends
    }
