"""Importing people from a CSV file."""

import pytest
from flask import Flask

from app.extensions import db
from app.models.person import Person
from app.services.people.csv_import import import_people
from app.services.people.membership import leave
from app.services.programme.file_faults import FileError
from tests.cast import Cast
from tests.factories import NOW, municipality

HEAD = "email,name,municipality,role,title,language\n"


def faults(csv: str) -> list[str]:
    """Of the rows that were left out, or of the file as a whole."""
    try:
        return import_people(csv, NOW).faults
    except FileError as refused:
        return refused.faults


def test_people_come_in_with_role_title_and_language_and_are_counted(app: Flask) -> None:
    done = import_people(
        HEAD + "Lena@Helsingborg.se,Lena Lind,Helsingborg,lead,Chef,en\nbo@bjuv.se,Bo Ek,bjuv,,,\n", NOW
    )
    lena, bo = Person.by_email("lena@helsingborg.se"), Person.by_email("bo@bjuv.se")
    assert done.added == 2
    assert lena
    assert (lena.role, lena.title, lena.language) == ("lead", "Chef", "en")
    assert bo
    assert (bo.role, bo.language, bo.municipality.registered) == ("participant", "sv", 1)


def test_importing_again_updates_and_an_empty_cell_leaves_what_is_there(cast: Cast) -> None:
    cast.alice.title = "bibliotekarie"
    csv = f"email,name,municipality,title\n{cast.alice.email},Alice Berg,Klippan,\n"
    done = import_people(csv, NOW)
    assert (done.added, done.updated) == (0, 1)
    assert (cast.alice.name, cast.alice.title, cast.alice.municipality.slug) == (
        "Alice Berg",
        "bibliotekarie",
        "klippan",
    )
    assert [municipality(slug).registered for slug in ("bjuv", "klippan")] == [0, 1]


def test_a_coordinator_stays_one_when_the_file_names_no_role(cast: Cast) -> None:
    import_people(f"email,name,municipality\n{cast.cora.email},Cora Coster,bjuv\n", NOW)
    assert cast.cora.role == "coordinator"


def test_who_has_left_is_not_brought_back_by_a_list(cast: Cast) -> None:
    leave(cast.alice, now=NOW)
    done = import_people(HEAD + f"{cast.alice.email},Alice,bjuv,,,\n", NOW)
    assert done.skipped == 1
    assert cast.alice.left_at == NOW


def test_semicolons_a_byte_order_mark_and_empty_lines_are_fine(app: Flask) -> None:
    done = import_people("\ufeffE-mail;Name;Municipality\r\n\r\nbo@bjuv.se;Bo Ek;Bjuv\r\n;;\r\n", NOW)
    assert done.added == 1


def test_every_fault_names_line_and_column_and_the_right_row_is_taken(app: Flask) -> None:
    told = faults(HEAD + "bo@bjuv.se,Bo,bjuv,,,\nbo,,Bjuvv,leed,,de\nBO@bjuv.se,Bo,bjuv,,,\n")
    assert told == [
        'people.csv:3: email: must be an e-mail address, not "bo"',
        "people.csv:3: name: must not be empty",
        'people.csv:3: municipality: must be one of bjuv, helsingborg, klippan, not "Bjuvv" (did you mean bjuv?)',
        'people.csv:3: role: must be one of participant, coordinator, lead, steering, or empty, not "leed" '
        "(did you mean lead?)",
        'people.csv:3: language: must be one of sv, en, or empty, not "de"',
        "people.csv:4: email: bo@bjuv.se stands on line 2 already",
    ]
    assert Person.by_email("bo@bjuv.se") is not None


@pytest.mark.parametrize(
    ("csv", "said"),
    [
        ("email,name\nx@bjuv.se,X\n", "people.csv:1: column municipality is missing"),
        ("email,name,municipality,rol\n", 'people.csv:1: column "rol" is unknown'),
        ("", "people.csv:1: column email is missing"),
        (HEAD + "a@bjuv.se,A,bjuv,,,,extra\n", "people.csv:2: has 7 cells"),
    ],
)
def test_a_table_of_another_shape_is_refused(app: Flask, csv: str, said: str) -> None:
    assert faults(csv)[0].startswith(said)


def test_many_rows_are_taken(app: Flask) -> None:
    done = import_people(HEAD + "".join(f"p{n}@bjuv.se,Person {n},bjuv,,,\n" for n in range(3000)), NOW)
    assert done.added == 3000
    db.session.refresh(municipality("bjuv"))
    assert municipality("bjuv").registered == 3000


def test_a_name_is_one_line_that_fits(app: Flask) -> None:
    told = faults(
        HEAD + f'a@bjuv.se,{"x" * 121},bjuv,,,\nb@bjuv.se,"Bo\nEk",bjuv,,,\nc@bjuv.se,Bo\u00a0Ek,bjuv,,,\n'
    )
    hidden = "name: holds a character that cannot be seen"
    assert told == [
        "people.csv:2: name: must be one line of at most 120 characters",
        f'people.csv:4: {hidden}, U+000A after "Bo"; write it anew',
        f'people.csv:5: {hidden}, U+00A0 NO-BREAK SPACE after "Bo"; write it anew',
    ]


def test_composed_and_decomposed_letters_are_the_same_person(app: Flask) -> None:
    told = faults(HEAD + "bo@bjo\u0308rn.se,Bo,bjuv,,,\nbo@bj\u00f6rn.se,Bo,bjuv,,,\n")
    assert told == ["people.csv:3: email: bo@xn--bjrn-6qa.se stands on line 2 already"]


def test_an_address_in_two_spellings_of_its_domain_is_the_same_person(app: Flask) -> None:
    told = faults(HEAD + "bo@\u00e4ngelholm.se,Bo,bjuv,,,\nbo@xn--ngelholm-zza.se,Bo,bjuv,,,\n")
    assert told == ["people.csv:3: email: bo@xn--ngelholm-zza.se stands on line 2 already"]


def test_empty_lines_before_the_columns_and_empty_columns_after_them_are_fine(app: Flask) -> None:
    done = import_people("\r\n;;\r\nemail;name;municipality;;\r\nbo@bjuv.se;Bo Ek;bjuv;;\r\n;;;;\r\n", NOW)
    assert done.added == 1
    told = faults("\nemail,name,municipality,,\nbo@bjuv.se,Bo,bjuv,,more\nlena@bjuv.se,Lena,bjuvv\n")
    assert told == [
        "people.csv:3: has 5 cells; the first line names 3 columns",
        "people.csv:4: municipality: must be one of bjuv, helsingborg, klippan, "
        'not "bjuvv" (did you mean bjuv?)',
    ]


def test_a_name_whose_letters_were_lost_is_refused(app: Flask) -> None:
    told = faults(HEAD + "a@bjuv.se,\ufffdsa Berg,bjuv,,,\nb@bjuv.se,\u00c3\u2026sa Berg,bjuv,,,\n")
    assert told == [
        'people.csv:2: name: a letter of "\ufffdsa Berg" was lost when the list was saved; '
        "write it anew, and save the list as UTF-8",
        'people.csv:3: name: "\u00c3\u2026sa Berg" seems to mean "\u00c5sa Berg"; '
        "the list was saved with the wrong encoding: save it as UTF-8",
    ]
    assert Person.by_email("a@bjuv.se") is None


def test_names_of_many_languages_are_taken_as_they_are(app: Flask) -> None:
    for name in (
        "\u00c5sa \u00c4ng \u00d6berg",
        "Zo\u00eb",
        "\u0141ukasz",
        "\u674e\u660e",
        "\u00d8yvind",
        "Ren\u00e9e O\u2019Neil",
    ):
        import_people(HEAD + f"bo@bjuv.se,{name},bjuv,,,\n", NOW)
        person = Person.by_email("bo@bjuv.se")
        assert person is not None
        assert person.name == name
