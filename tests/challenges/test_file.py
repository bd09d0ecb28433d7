"""Challenges and templates in a programme file."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.extensions import db
from app.models.challenge import Challenge
from app.models.challenge_template import ChallengeTemplate, challenge_templates
from app.models.contribution import Contribution
from app.services.challenges.make import close_challenge
from app.services.challenges.visibility import whole_challenges
from app.services.moderation.flags import flag
from app.services.programme.file import LoadResult, load_programme
from tests.cast import Cast
from tests.challenge_makers import make_open, take_on
from tests.factories import NOW, make_activity, stage
from tests.programme.test_file import SHIPPED, faults, line_of, small

_CHALLENGE = """
[[challenges]]
slug = "granne"
stage = 2
value = "valkomnande"
focus_area = "larande"
kind = "individual"
title = "Bjud in en granne"
why = "Det är roligare så."
done_when = ["någon har varit hos er"]
points = 40
"""
_TEMPLATE = """
[[challenge_templates]]
slug = "mall"
kind = "municipality"
goal = 5
title = "Nå målet"
why = "Tillsammans syns det."
done_when = ["ett", "två"]
points = 30
"""


def load(more: str = _CHALLENGE + _TEMPLATE, **replaced: str) -> LoadResult:
    return load_programme(with_challenges(more, **replaced), NOW)


def with_challenges(more: str = _CHALLENGE + _TEMPLATE, **replaced: str) -> str:
    """The small programme with these; `replaced` are the values of keys, as they stand in the file."""
    for key, written in replaced.items():
        lines = more.splitlines()
        given = next((line for line in lines if line.startswith(f"{key} =")), None)
        new = f"{key} = {written}"
        more = "\n".join(new if line == given else line for line in lines) if given else f"{more}\n{new}\n"
    return small() + more


def the_challenge() -> Challenge:
    number = db.session.scalar(select(Challenge.id).where(Challenge.slug == "granne"))
    return whole_challenges([number or 0])[0]


def test_they_come_open_for_all_from_acting_until_the_day_before_learning(app: Flask) -> None:
    loaded = load()
    challenge = the_challenge()
    assert (loaded.added, loaded.removed) == (2, 0)
    assert (challenge.owner_id, challenge.municipality_id, challenge.is_draft) == (None, None, False)
    assert (challenge.opens_on, challenge.closes_on) == (date(2026, 9, 28), date(2026, 11, 29))
    assert [template.title for template in challenge_templates()] == ["Nå målet"]


def test_loading_again_changes_them_in_place_and_leaves_others_alone(cast: Cast) -> None:
    load()
    number, at = the_challenge().id, the_challenge().changed_at
    made_here = make_open(cast.lena).id
    load()
    assert the_challenge().changed_at == at
    loaded = load(_CHALLENGE, title='"Bjud in två"', closes_on="2026-11-20", municipality='"klippan"')
    challenge = the_challenge()
    assert (challenge.id, challenge.title, challenge.closes_on) == (number, "Bjud in två", date(2026, 11, 20))
    assert challenge.municipality_id == cast.charlie.municipality_id
    assert (loaded.added, loaded.removed) == (0, 1)
    assert db.session.scalar(select(func.count()).select_from(ChallengeTemplate)) == 0
    assert db.session.get(Challenge, made_here)


def test_what_people_did_to_it_stays(cast: Cast) -> None:
    load()
    close_challenge(the_challenge(), by=cast.lena, now=NOW)
    load(title='"Bjud in två"')
    assert the_challenge().closed_by_id == cast.lena.id


def test_one_that_nobody_uses_is_removed_with_its_number(cast: Cast) -> None:
    load()
    loaded = load("")
    assert loaded.removed == 2
    assert db.session.scalar(select(func.count()).select_from(Contribution)) == 0


def test_one_that_somebody_has_taken_on_or_flagged_is_not_removed(cast: Cast) -> None:
    load()
    take_on(the_challenge(), make_activity(cast.alice))
    assert faults(small()) == [
        'programmes/x.toml:1: challenges: "granne" is missing but in use (undertaking: 1); keep it in the file'
    ]
    load(_CHALLENGE + _CHALLENGE.replace("granne", "annan"))
    other = db.session.scalars(select(Challenge).where(Challenge.slug == "annan")).one()
    flag(whole_challenges([other.id])[0], cast.alice, "tone", "", NOW)
    assert "in use (flag: 1)" in faults(with_challenges(_CHALLENGE))[0]


def test_a_value_that_a_challenge_is_about_is_in_use(app: Flask) -> None:
    load(_CHALLENGE, value='"kreativt"')
    text = small()
    without = text.replace('[[values]]\nslug = "kreativt"\nname.sv = "kreativt"\nmark = "k"\n', "")
    assert without != text
    told = faults(without + _CHALLENGE)
    assert told == [
        'programmes/x.toml:22: values: "kreativt" is missing but in use (challenge: 1); keep it in the file'
    ]


@pytest.mark.parametrize(
    ("key", "written", "told"),
    [
        ("slug", '"Granne!"', "small letters a-z"),
        ("stage", "7", "must be the number of one of [[stages]], not 7"),
        ("stage", '"två"', 'must be a whole number from 1 to 1000, not "två"'),
        ("value", '"valkommande"', 'not "valkommande" (did you mean valkomnande?)'),
        ("focus_area", '"mars"', 'must be the slug of one of [[focus_areas]], not "mars"'),
        ("municipality", '"mars"', "must be the slug of one of [[municipalities]]"),
        ("kind", '"joined"', "must be one of individual, municipality, joint"),
        ("kind", '"municipality"', "goal: is missing; the kind \"municipality\" needs one"),
        ("goal", "3", 'is for the kind "municipality" only'),
        ("goal", "0", "must be a whole number from 1 to 1000, not 0"),
        ("title", '" "', "of at most 120 characters"),
        ("title", f'"{"x" * 121}"', "of at most 120 characters"),
        ("why", "7", "of at most 1000 characters"),
        ("done_when", "[]", "a list of one to 6 texts"),
        ("done_when", '["a", "b", "c", "d", "e", "f", "g"]', "a list of one to 6 texts"),
        ("done_when", '["a", ""]', "a list of one to 6 texts"),
        ("points", "1001", "must be a whole number from 1 to 1000"),
        ("needs_photo", '"ja"', 'must be true or false, not "ja"'),
        ("opens_on", '"2026-10-01"', "without quotes"),
        ("opens_on", "2026-01-01", "must be within stage 2 (2026-09-07 to 2026-12-13), not 2026-01-01"),
        ("closes_on", "2026-12-14", "must be within stage 2"),
        ("tittle", '"x"', "did you mean title?"),
    ],
)  # fmt: skip
def test_each_kind_of_fault_names_line_and_key(app: Flask, key: str, written: str, told: str) -> None:
    text = with_challenges(_CHALLENGE, **{key: written})
    (fault,) = faults(text)
    assert told in fault
    assert fault.startswith("programmes/x.toml:")
    if f"challenges[1].{key}:" in fault:
        assert fault.startswith(f"programmes/x.toml:{line_of(text, f'{key} = {written}')}:")


def test_days_in_the_wrong_order_and_a_slug_twice_are_faults(app: Flask) -> None:
    twice = _CHALLENGE + "opens_on = 2026-10-10\ncloses_on = 2026-10-01\n" + _CHALLENGE
    told, line = faults(with_challenges(twice)), line_of(small() + twice, "granne")
    assert [fault.split(": ", 1)[1] for fault in told] == [
        "challenges[1].closes_on: must be on or after opens_on (2026-10-10), not 2026-10-01",
        f'challenges[2].slug: "granne" is already used on line {line}; each needs its own',
    ]  # fmt: skip


def test_templates_are_checked_too(app: Flask) -> None:
    (fault,) = faults(with_challenges(_TEMPLATE, value='"mars"'))
    assert "challenge_templates[1].value: must be the slug of one of [[values]]" in fault


def test_a_stage_that_learns_as_soon_as_it_acts_gives_them_one_day(app: Flask) -> None:
    load_programme(small().replace("learn_on = 2026-11-30", "learn_on = 2026-09-28") + _CHALLENGE, NOW)
    assert the_challenge().closes_on == the_challenge().opens_on == stage().activate_on


def test_the_shipped_programme_brings_some_of_each_kind() -> None:
    assert SHIPPED.count("[[challenges]]") >= 12
    assert SHIPPED.count("[[challenge_templates]]") >= 5
    for line in ("needs_photo = true", "needs_approval = true", 'kind = "joint"', 'kind = "municipality"'):
        assert line in SHIPPED
