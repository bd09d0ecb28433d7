"""Lists of people as spreadsheets write them, and lists that are none."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.extensions import db
from app.models.person import Person
from app.services.people.csv_import import import_people
from app.services.programme.encoding import decoded
from app.services.programme.file_faults import FileError
from tests.factories import NOW

ROWS = "bo@bjuv.se;Bo Ek;Bjuv\r\n"


@pytest.mark.parametrize(
    "csv",
    [
        "sep=;\r\nemail;name;municipality\r\n" + ROWS,
        '"sep=;"\r\nemail;name;municipality\r\n' + ROWS,
        "\r\n \r\n;;;\r\nSEP=;\r\nemail;name;municipality\r\n" + ROWS,
        "sep=|\nemail|name|municipality\nbo@bjuv.se|Bo Ek|Bjuv\n",
        "sep=\t\nemail\tname\tmunicipality\nbo@bjuv.se\tBo Ek\tBjuv\n",
        "email\tname\tmunicipality\nbo@bjuv.se\tBo Ek\tBjuv\n",
        "\ufeffemail,name,municipality\rbo@bjuv.se,Bo Ek,Bjuv\r",
        'email;name;municipality\n"bo@bjuv.se";"Bo Ek";"Bjuv"',
        "E-post;Namn;Kommun\n" + ROWS,
        " EPOST ;namn;\u200bKOMMUN;Titel;Roll;Språk\nbo@bjuv.se;Bo Ek;Bjuv;;;\n",
        "E-postadress;Namn;Kommun;Spra\u030ak\nbo@bjuv.se;Bo Ek;Bjuv;sv\n",
        "email;name;municipality;;;\r\nbo@bjuv.se;Bo Ek;Bjuv;;;\r\n;;;;;\r\n\r\n",
        "email;;name;municipality\nbo@bjuv.se;;Bo Ek;Bjuv\n",
        ";email;name;municipality\n;bo@bjuv.se;Bo Ek;Bjuv;\n",
        "email;name;municipality\n bo@bjuv.se\u200b ;\u00a0Bo Ek ;  Bjuv\n",
    ],
)
def test_what_spreadsheets_write_is_taken(app: Flask, csv: str) -> None:
    done = import_people(csv, NOW)
    assert (done.added, done.faults) == (1, [])
    bo = Person.by_email("bo@bjuv.se")
    assert bo
    assert (bo.name, bo.municipality.slug) == ("Bo Ek", "bjuv")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_says_its_encoding_by_its_mark(encoding: str) -> None:
    mark = {"utf-16-le": "\ufeff", "utf-16-be": "\ufeff"}.get(encoding, "")
    assert decoded((mark + "Åsa;李").encode(encoding), "x.csv") == "Åsa;李"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            "email;name\nbo@bjuv.se;Åsa\n".encode("cp1252"),
            "x.csv:2: is not UTF-8 text (perhaps Windows-1252)",
        ),
        ("Åsa".encode("mac_roman"), "x.csv:1: is not UTF-8"),
        ("email;name\n".encode("utf-16-le"), "x.csv:1: is not UTF-8 text but UTF-16 without its mark"),
        (b"\xff\xfea", "x.csv:1: is not UTF-8"),
        (b"\x89PNG\r\n\x1a\n", "x.csv:1: is not UTF-8"),
        (b"PK\x03\x04\xf3\xff", "x.csv:1: is not UTF-8"),
        (b" " * 50_000_001, "x.csv: is larger than 50 MB; divide it"),
    ],
)
def test_another_encoding_is_said_with_what_to_do(data: bytes, said: str) -> None:
    with pytest.raises(FileError) as refused:
        decoded(data, "x.csv")
    assert refused.value.faults[0].startswith(said)


@pytest.mark.parametrize(
    ("csv", "said"),
    [
        ("\n\n", "people.csv:1: column email is missing"),
        ("sep=;", "people.csv:1: column email is missing"),
        ("name;kommun\nBo;Bjuv\n", "people.csv:1: column email is missing"),
        ("email;e-post;name;municipality\n", 'people.csv:1: column "email" stands there twice'),
        ('email;"name;municipality\nbo@bjuv.se;Bo;Bjuv\n', "people.csv:1: a quotation mark is not closed"),
        ("e\x00m\x00a;name;municipality\n", "people.csv:1: column email is missing"),
        (
            "email;name;municipality\n" + "a@bjuv.se;A;Bjuv\n" * 100_001,
            "people.csv:100002: has more than 100000 rows; divide the file",
        ),
    ],
)
def test_a_file_that_is_no_list_of_people_changes_nothing(app: Flask, csv: str, said: str) -> None:
    with pytest.raises(FileError) as refused:
        import_people(csv, NOW)
    assert refused.value.faults[0].startswith(said)
    assert db.session.scalar(select(func.count(Person.id))) == 0


def test_a_list_that_is_imported_again_takes_few_queries(app: Flask, queries: list[str]) -> None:
    csv = "email;name;municipality\n" + "".join(f"p{n}@bjuv.se;Person {n};Bjuv\n" for n in range(1000))
    import_people(csv, NOW)
    del queries[:]
    assert import_people(csv, NOW).updated == 1000
    assert len(queries) < 15
