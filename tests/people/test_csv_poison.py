"""One row of a hundred is poisoned: the other ninety-nine arrive, once, and the row is named."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from app.extensions import db
from app.models.person import Person
from app.services.people import csv_import
from app.services.people.csv_import import import_people
from tests.factories import NOW, municipality

HEAD = "email;name;municipality;role;title;language"
GOOD = [f"p{number}@bjuv.se;Person {number};bjuv;;;" for number in range(100)]
#: Between others of one transaction, and the first and the last of the file.
PLACES = (0, 57, 99)


def table(place: int, row: str) -> str:
    return "\n".join([HEAD, *GOOD[:place], row, *GOOD[place + 1 :], ""])


def people() -> int:
    return db.session.scalar(select(func.count(Person.id))) or 0


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("x;Bo;bjuv;;;", 'email: must be an e-mail address, not "x"'),
        (";Bo;bjuv;;;", 'email: must be an e-mail address, not ""'),
        ("åsa@bjuv.se;Bo;bjuv;;;", "email: must have none but the letters a to z before the @"),
        ("b\u200bo@bjuv.se;Bo;bjuv;;;", 'email: holds a character that cannot be seen, U+200B ZERO WIDTH'),
        (f"{'x' * 65}@bjuv.se;Bo;bjuv;;;", "email: must have at most 254 characters, 64 of them"),
        ("bo@bjuv.se;;bjuv;;;", "name: must not be empty"),
        ("bo@bjuv.se;-;bjuv;;;", 'name: must have letters, not "-"'),
        (f"bo@bjuv.se;{'x' * 200_000};bjuv;;;", "this is not CSV: field larger than field limit"),
        (f"bo@bjuv.se;{'x' * 121};bjuv;;;", "name: must be one line of at most 120 characters"),
        ("bo@bjuv.se;Bo\u202eEk;bjuv;;;", 'name: holds a character that cannot be seen, U+202E RIGHT'),
        ("bo@bjuv.se;Bo\u2800Ek;bjuv;;;", "name: holds a character that cannot be seen, U+2800 BRAILLE PATTERN BLANK"),
        ("bo@bjuv.se;\u3164;bjuv;;;", "name: holds a character that cannot be seen, U+3164 HANGUL FILLER"),
        ("bo@bjuv.se;Bo\x00;bjuv;;;", "name: holds a character that cannot be seen, U+0000"),
        ("bo@bjuv.se;Bo\ud800;bjuv;;;", "name: holds a character that cannot be seen, U+D800"),
        ("bo@bjuv.se;Bo;bjuv;;\u200bChef;", "title: holds a character that cannot be seen, U+200B"),
        ("bo@bjuv.se;Z" + "\u0334" * 40 + "oe;bjuv;;;", 'name: "Z'),
        ("bo@bjuv.se;\ufffdsa;bjuv;;;", 'name: a letter of "\ufffdsa" was lost'),
        ("bo@bjuv.se;Ã…sa Ã–berg;bjuv;;;", 'name: "Ã…sa Ã–berg" seems to mean "Åsa Öberg"'),
        ("bo@bjuv.se;Ãƒâ€¦sa Ek;bjuv;;;", 'name: "Ãƒâ€¦sa Ek" seems to mean "Åsa Ek"'),
        ("bo@bjuv.se;√Ösa Ek;bjuv;;;", 'name: "√Ösa Ek" seems to mean "Åsa Ek"'),
        ("bo@bjuv.se;├àsa 李;bjuv;;;", 'name: "├àsa 李" seems to mean "Åsa 李"'),
        ("bo@bjuv.se;Bo;bjuv;;bitrÃ¤de;", 'title: "bitrÃ¤de" seems to mean "biträde"'),
        ("bo@bjuv.se;Bo;HÃ¶gbo;;;", 'municipality: "HÃ¶gbo" seems to mean "Högbo"'),
        ("bo@bjuv.se;Bo;paris;;;", "municipality: must be one of bjuv, helsingborg, klippan"),
        ("bo@bjuv.se;Bo;;;;", "municipality: must be one of"),
        ("bo@bjuv.se;Bo;bjuv;king;;", "role: must be one of"),
        ("bo@bjuv.se;Bo;bjuv;;;de", "language: must be one of"),
        ("bo@bjuv.se;Bo;bjuv;;;;more", "has 7 cells; the first line names 6 columns"),
        ('bo@bjuv.se;"Bo;bjuv;;;', "a quotation mark is not closed"),
        ('bo@bjuv.se;"Bo"Ek;bjuv;;;', "this is not CSV:"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_left_out_and_named(app: Flask, place: int, row: str, said: str) -> None:
    done = import_people(table(place, row), NOW)
    assert (done.added, done.left_out, people()) == (99, 1, 99)
    assert done.faults[0].startswith(f"people.csv:{place + 2}: {said}")
    assert municipality("bjuv").registered == 99
    mended = import_people(table(place, GOOD[place]), NOW)
    assert (mended.added, mended.updated, mended.faults, people()) == (1, 99, [], 100)


@pytest.mark.parametrize("spelling", ["P3@BJUV.SE", "p3@bjuv.se.", "\u200bp3@bjuv\uff0ese"])
def test_somebody_who_stands_there_twice_comes_in_once(app: Flask, spelling: str) -> None:
    done = import_people(table(57, f"{spelling};Other Name;klippan;;;"), NOW)
    assert done.faults == ["people.csv:59: email: p3@bjuv.se stands on line 5 already"]
    assert (done.added, people()) == (99, 99)


def test_a_wrong_row_does_not_stand_in_the_way_of_a_right_one_with_its_address(app: Flask) -> None:
    done = import_people(table(2, "p57@bjuv.se;;bjuv;;;"), NOW)
    assert (done.added, done.faults) == (99, ["people.csv:4: name: must not be empty"])


Poison = Callable[[Person], None]


def _unbindable(person: Person) -> None:
    person.title = object()  # type: ignore[assignment]


def _too_much_for_a_check(person: Person) -> None:
    person.language = "xx"


def _without_a_municipality(person: Person) -> None:
    person.municipality_id = 999_999


def _broken_code(_person: Person) -> None:
    raise RuntimeError("something nobody thought of")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "poison", [_unbindable, _too_much_for_a_check, _without_a_municipality, _broken_code]
)
def test_a_row_that_fails_at_the_database_is_left_out(
    app: Flask, monkeypatch: pytest.MonkeyPatch, poison: Poison, place: int
) -> None:
    make = csv_import._newcomer

    def poisoned(*row: Any) -> Person:
        person = make(*row)
        if person.email == f"p{place}@bjuv.se":
            poison(person)
        return person

    monkeypatch.setattr(csv_import, "_newcomer", poisoned)
    done = import_people(table(place, GOOD[place]), NOW)
    assert (done.added, done.left_out, people()) == (99, 1, 99)
    assert done.faults[0].startswith(f"people.csv:{place + 2}: could not be stored: ")
    monkeypatch.undo()
    assert import_people(table(place, GOOD[place]), NOW).added == 1
    assert people() == 100


def test_a_database_that_is_away_is_no_row_s_fault(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any) -> None:
        raise OperationalError("select", {}, Exception("gone"))

    monkeypatch.setattr(csv_import, "_import_rows", away)
    with pytest.raises(OperationalError):
        import_people("\n".join([HEAD, *GOOD]), NOW)


def test_the_command_says_how_many_were_left_out_and_takes_the_mended_file(
    app: Flask, tmp_path: Path
) -> None:
    file = tmp_path / "people.csv"
    run = app.test_cli_runner().invoke
    file.write_text(table(3, "x;Bo;bjuv;;;"), "utf-8")
    done = run(args=["people", "import", str(file)])
    assert done.exit_code == 1
    assert "99 added, 0 updated" in done.output
    assert "1 row was left out. Mend it and import the file again" in done.output
    assert f"{file}:5: email: must be an e-mail address" in done.output
    file.write_text(table(3, GOOD[3]), "utf-8")
    mended = run(args=["people", "import", str(file)])
    assert (mended.exit_code, mended.output.startswith("1 added, 99 updated")) == (0, True)
    assert people() == 100
