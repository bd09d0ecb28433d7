"""A programme file: what a wrong one is told, and what loading it again does."""

import re
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.extensions import db
from app.models.programme import FocusArea, Municipality, Programme, Value, municipalities
from app.models.stage import Phase, Stage, StageEvent
from app.services.people.membership import may_join
from app.services.programme.file import FileError, load_programme
from app.services.programme.schema import ICONS
from tests.cast import Cast
from tests.factories import NOW, municipality, stage
from tests.house.tracked import ROOT

_SMALL = Path(__file__).with_name("small-programme.toml").read_text("utf-8")
SHIPPED = (ROOT / "programmes" / "familjen-helsingborg.toml").read_text("utf-8")


@pytest.fixture
def empty(app: Flask) -> None:
    """Nothing is loaded yet."""
    for model in (Stage, Municipality, FocusArea, Value, Programme):
        for row in db.session.scalars(select(model)):
            db.session.delete(row)
    db.session.flush()


def small(**changes: str) -> str:
    """The tests' own programme as a file; `changes` replace text in it."""
    text = _SMALL
    for old, new in changes.items():
        text = text.replace(f"<{old}>", new)
    return text.replace("<pool>", "4")


def faults(text: str) -> list[str]:
    with pytest.raises(FileError) as refused:
        load_programme(text, NOW, file_name="programmes/x.toml")
    return refused.value.faults


def line_of(text: str, needle: str) -> int:
    return text[: text.index(needle)].count("\n") + 1


@pytest.mark.usefixtures("empty")
def test_the_shipped_file_loads_and_its_pools_sum_to_300() -> None:
    load_programme(SHIPPED, NOW)
    places = {place.slug: place.pool for place in municipalities()}
    assert len(places) == 11
    assert sum(places.values()) == 300
    assert places["helsingborg"] > 2 * max(pool for slug, pool in places.items() if slug != "helsingborg")
    assert db.session.scalar(select(func.count()).select_from(Value)) == 4
    assert db.session.scalar(select(func.count()).select_from(FocusArea)) == 6


def test_the_shipped_file_speaks_both_languages(app: Flask) -> None:
    assert len(re.findall(r"\bsv = ", SHIPPED)) == len(re.findall(r"\ben = ", SHIPPED)) > 0


@pytest.mark.usefixtures("empty")
def test_join_codes_are_made_once_and_unguessable() -> None:
    load_programme(SHIPPED, NOW)
    codes = {place.slug: place.join_code for place in municipalities()}
    load_programme(SHIPPED, NOW)
    assert {place.slug: place.join_code for place in municipalities()} == codes
    assert len(set(codes.values())) == 11
    assert min(map(len, codes.values())) >= 12


def test_loading_again_updates_in_place_and_keeps_the_counters(cast: Cast) -> None:
    bjuv, registered = municipality("bjuv").id, cast.alice.municipality.registered
    load_programme(small(pool="7"), NOW)
    again = municipality("bjuv")
    assert (again.id, again.pool, again.registered, again.join_code) == (bjuv, 7, registered, "join-bjuv")


def test_a_wrong_file_says_line_key_what_is_wrong_and_what_is_allowed(app: Flask) -> None:
    text = small(pool='"fyra"')
    line = line_of(text, '"fyra"')
    assert faults(text) == [
        f'programmes/x.toml:{line}: municipalities[1].pool: must be a whole number from 1 to 100000, not "fyra"'
    ]


def test_all_faults_are_told_at_once_in_the_order_of_the_file(app: Flask) -> None:
    text = small(pool="0").replace('mark = "m"', 'mrak = "m"').replace("Europe/Stockholm", "Europe/Stokholm")
    told = faults(text)
    assert [fault.split(": ")[1] for fault in told] == [
        "timezone", "values[1].mark", "values[1].mrak", "municipalities[1].pool",
    ]  # fmt: skip
    assert "(did you mean Europe/Stockholm?)" in told[0]
    assert "(did you mean mark?)" in told[2]


@pytest.mark.parametrize(
    ("old", "new", "key", "said"),
    [
        ('slug = "bjuv"', 'slug = "Bjuv!"', "municipalities[1].slug", "small letters a-z"),
        ('slug = "klippan"', 'slug = "bjuv"', "municipalities[2].slug", "already used on line"),
        ('name = "Klippan"', 'name = "Bjuv"', "municipalities[2].name", "already used on line"),
        ("tile = [3, 3]", "tile = [4, 2]", "municipalities[2].tile", "already the tile of Bjuv"),
        ("tile = [3, 3]", "tile = [3]", "municipalities[2].tile", "two whole numbers from 1 to 8"),
        ("tile = [3, 3]", "tile = [0, 3]", "municipalities[2].tile", "two whole numbers from 1 to 8"),
        ('icon = "f-mil"', 'icon = "f-miljo"', "focus_areas[5].icon", "did you mean f-mil?"),
        ('"klippan.se"', '"@klippan.se"', "email_domains[2]", "a domain in small letters"),
        ('"klippan.se"', '"klip\u200bpan.se"', "email_domains[2]", "a domain in small letters"),
        ('"klippan.se"', '"klippan"', "email_domains[2]", "a domain in small letters"),
        (
            '"Klippan"',
            '"Klip\u200bpan"',
            "municipalities[2].name",
            "cannot be seen, such as U+200B ZERO WIDTH",
        ),
        ('welcome.sv = "Hej"', 'welcome.sv = "\u3164"', "texts.welcome.sv", "such as U+3164 HANGUL FILLER"),
        ("email_domains = [", "email_domains = []\nx = [", "email_domains", "at least one text"),
        ("joint_factor = 2", "joint_factor = true", "points.joint_factor", "not true"),
        ("daily = 3", "dialy = 3", "points.plan.dialy", "did you mean daily?"),
        ("daily = 3", "daily = 3, weekly = 2", "points.plan.weekly", "must be at least `daily` (3), not 2"),
        ("daily = 3", "daily = 3, weekly = 501", "points.plan.weekly", "a whole number from 1 to 500"),
        (
            "learn_on = 2026-11-30",
            "learn_on = 2026-01-30",
            "stages[2].learn_on",
            "on or after activate_on (2026-09-28)",
        ),
        ("learn_on = 2026-11-30", 'learn_on = "2026-11-30"', "stages[2].learn_on", "without quotes"),
        ("measure_on = 2026-09-07", "measure_on = 0001-01-01", "stages[2].measure_on", "from 2000 to 2100"),
        ("measure_on = 2026-09-07", "measure_on = 9999-12-31", "stages[2].measure_on", "from 2000 to 2100"),
        (
            "measure_on = 2026-09-07",
            "measure_on = 2026-03-01",
            "stages[2].measure_on",
            "after the end of stage 1",
        ),
        ('name.sv = "Testresan"', 'name = "Testresan"', "name", 'name.sv = "…"'),
        ('name.sv = "Testresan"', 'name.en = "Test"', "name.sv", "is missing"),
        ('name.sv = "Testresan"', 'name.sv = "T"\nname.de = "T"', "name.de", "allowed here: sv, en"),
        ('welcome.sv = "Hej"', 'welcom.sv = "Hej"', "texts.welcom", "did you mean welcome?"),
    ],
)
def test_each_kind_of_fault_is_found(app: Flask, old: str, new: str, key: str, said: str) -> None:
    text = small()
    assert old in text
    told = faults(text.replace(old, new))
    assert any(f": {key}: " in fault and said in fault for fault in told), told


def test_what_is_no_toml_names_the_line(app: Flask) -> None:
    assert faults('slug = "x"\nname = \n')[0].startswith("programmes/x.toml:2: this is not TOML")


def test_a_wrong_file_changes_nothing(app: Flask) -> None:
    faults(small(pool="9").replace('mark = "m"', 'mark = "q"'))
    assert municipality("bjuv").pool == 4


def test_what_is_in_use_is_not_removed(cast: Cast) -> None:
    assert cast.charlie.municipality.slug == "klippan"
    text = small()
    without = text.replace(
        text[text.index('[[municipalities]]\nslug = "klippan"') : text.index("# after klippan")], ""
    )
    told = faults(without)
    assert len(told) == 1
    assert 'municipalities: "klippan" is missing but in use (person: 1)' in told[0]
    assert municipality("klippan").pool == 5


def test_what_is_not_in_use_is_removed_and_what_is_new_is_added(app: Flask) -> None:
    text = small()
    without = text.replace(
        text[text.index('[[municipalities]]\nslug = "klippan"') : text.index("# after klippan")], _PERSTORP
    )
    loaded = load_programme(without, NOW)
    assert (loaded.added, loaded.removed) == (1, 1)
    assert {place.slug for place in municipalities()} == {"bjuv", "perstorp", "helsingborg"}


def test_another_programme_than_the_loaded_one_is_refused(app: Flask) -> None:
    told = faults(small().replace('slug = "test"', 'slug = "annat"'))
    assert len(told) == 1
    assert 'slug: must be "test"' in told[0]


def test_an_announced_phase_keeps_its_date_and_the_loader_is_told(app: Flask) -> None:
    running = stage(2)
    running.learn_on = date(2026, 11, 9)
    db.session.add(StageEvent(stage_id=running.id, phase=Phase.LEARN.value, at=NOW))
    db.session.flush()
    loaded = load_programme(small(), NOW)
    assert running.learn_on == date(2026, 11, 9)
    assert loaded.notes == [
        "Stage 2: learn_on stays 2026-11-09, not 2026-11-30: the phase has been announced."
    ]


def test_the_dates_that_are_left_must_follow_the_announced_ones(app: Flask) -> None:
    running = stage(2)
    running.learn_on = date(2026, 12, 10)
    db.session.add(StageEvent(stage_id=running.id, phase=Phase.LEARN.value, at=NOW))
    db.session.flush()
    told = faults(small().replace("end_on = 2026-12-14", "end_on = 2026-12-01"))
    assert "stages[2].end_on: must be on or after learn_on (2026-12-10)" in told[0]


def test_the_icons_that_a_file_may_name_are_in_the_sprite() -> None:
    sprite = Path(ROOT / "app" / "static" / "icons" / "sprite.svg").read_text("utf-8")
    assert [icon for icon in ICONS if f'id="{icon}"' not in sprite] == []


_PERSTORP = """[[municipalities]]
slug = "perstorp"
name = "Perstorp"
pool = 3
tile = [3, 4]
"""


@pytest.mark.parametrize("text", ["x = " + "9" * 5000, "x = " + "[" * 5000])
def test_what_no_reader_of_toml_takes_is_a_fault_too(app: Flask, text: str) -> None:
    assert "this is not TOML" in faults(text)[0]


def test_a_mark_of_the_encoding_is_no_fault(app: Flask) -> None:
    load_programme("\ufeff" + small(), NOW)
    assert municipality("bjuv").pool == 4


def test_two_municipalities_may_change_names(app: Flask) -> None:
    load_programme(small(), NOW)
    text = small().replace('name = "Klippan"', 'name = "X"').replace('name = "Bjuv"', 'name = "Klippan"')
    load_programme(text.replace('name = "X"', 'name = "Bjuv"'), NOW)
    db.session.expire_all()
    assert (municipality("bjuv").name, municipality("klippan").name) == ("Klippan", "Bjuv")


@pytest.mark.parametrize(
    ("written", "domain"),
    [("Ängelholm.se", "xn--ngelholm-zza.se"), ("XN--NGELHOLM-ZZA.SE", "xn--ngelholm-zza.se"),
     ("Klippan.SE", "klippan.se"), ("a\\u030Astorp.se", "xn--storp-lra.se"), ("straße.de.", "xn--strae-oqa.de")],
)  # fmt: skip
def test_a_domain_has_one_spelling_and_stands_there_once(app: Flask, written: str, domain: str) -> None:
    doubled = small().replace('"klippan.se"', f'"{written}", "{written}"')
    programme = load_programme(doubled, NOW).programme
    assert [known for known in programme.email_domains if known not in ("bjuv.se", "helsingborg.se")] == [
        domain
    ]
    assert may_join(f"anna@{domain}")


def test_names_in_the_file_are_composed(app: Flask) -> None:
    load_programme(small().replace('name = "Klippan"', 'name = "A\\u030Astorp"'), NOW)
    assert municipality("klippan").name == "Åstorp"
