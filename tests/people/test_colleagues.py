"""Colleagues are found by any word of the name."""

from dataclasses import replace

import pytest
from flask import Flask

from app.models.person import Person
from app.services.people.colleagues import entries, find_colleagues, search
from app.services.people.csv_import import import_people
from app.services.people.membership import Newcomer, join, leave
from tests.cast import Cast
from tests.factories import NOW, make_person, municipality

KARIN = "Anna-Karin Lindqvist"


@pytest.mark.parametrize(
    "words",
    ["lindqvist", "LIND", "anna li", "li anna", "karin", "Karin Lindqvist", "anna-karin", "annakarin", "a k l",
     "lindqvist, anna", "anna\u200b-karin", "ＡＮＮＡ", "Lindqvist  Anna"],
)  # fmt: skip
def test_any_words_of_the_name_find_the_person(cast: Cast, words: str) -> None:
    karin = make_person(KARIN)
    make_person("Bo Ek")
    assert find_colleagues(words, cast.alice) == [karin]


@pytest.mark.parametrize(
    "words", ["indqvist", "anna x", "karin karinsson", "lindqvists", "", " ", "%", "_", "'", "\x00"]
)
def test_what_begins_no_word_finds_nobody(cast: Cast, words: str) -> None:
    make_person(KARIN)
    assert find_colleagues(words, cast.alice) == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Åsa Öberg", "A\u030asa"), ("Åsa Öberg", "O\u0308BERG"), ("Zoë Ek", "zoe"), ("Zoe Ek", "zoë"),
        ("René Ek", "RENE"), ("Øyvind Ek", "öyv"), ("Łukasz Ek", "luk"),
        ("Sean O’Neil", "o'neil"), ("Sean O’Neil", "oneil"),
        ("Sean O’Neil", "neil"), ("İpek Ek", "ipek"), ("Jürgen Straße", "jurgen strasse"), ("李明 Ek", "李"),
    ],
)  # fmt: skip
def test_case_accents_and_ways_of_writing_do_not_matter(cast: Cast, name: str, words: str) -> None:
    person = make_person(name)
    assert find_colleagues(words, cast.alice) == [person]


def test_a_search_for_a_whole_book_is_answered(cast: Cast) -> None:
    karin = make_person(KARIN)
    assert find_colleagues("anna karin " * 5000, cast.alice) == [karin]
    assert find_colleagues(" ".join(f"w{number}" for number in range(5000)), cast.alice) == []
    assert len(entries("a" * 200_000 + "@" + " b" * 100_000)) == 2


def test_å_is_no_a_and_ö_is_no_o(cast: Cast) -> None:
    make_person("Åsa Öberg")
    assert find_colleagues("asa", cast.alice) == []
    assert find_colleagues("oberg", cast.alice) == []


def test_who_has_two_such_words_is_found_once(cast: Cast) -> None:
    people = [make_person(f"Anna Andersson Anderberg {letter}") for letter in "cd"]
    assert find_colleagues("an", cast.alice) == people


def test_whoever_joins_or_is_imported_or_renamed_is_found(cast: Cast) -> None:
    newcomer = Newcomer("ny@bjuv.se", "Ny Nilsson", "", municipality("bjuv").id, "sv")
    joined = join(newcomer, now=NOW)
    import_people("email,name,municipality\nin@bjuv.se,In Nilsson,bjuv\n", NOW)
    assert {person.email for person in find_colleagues("nilsson", cast.alice)} == {"ny@bjuv.se", "in@bjuv.se"}
    import_people("email,name,municipality\nin@bjuv.se,In Ek,bjuv\n", NOW)
    assert find_colleagues("nilsson", cast.alice) == [joined]
    leave(joined, now=NOW)
    join(replace(newcomer, name="Ny Berg"), now=NOW)
    assert find_colleagues("nilsson", cast.alice) == []
    assert find_colleagues("berg ny", cast.alice) == [joined]


@pytest.mark.parametrize(
    "spelling",
    ["bo@ÄNGELHOLM.se", "BO@xn--ngelholm-zza.se", " bo@a\u0308ngelholm.se\u200b", "bo@ängelholm\uff0ese."],
)
def test_the_same_person_is_never_two(app: Flask, spelling: str) -> None:
    import_people("email,name,municipality\nbo@ängelholm.se,Bo Ek,bjuv\n", NOW)
    bo = Person.by_email("bo@ängelholm.se")
    assert bo
    assert Person.by_email(spelling) is bo
    assert join(Newcomer(spelling, "Bo", "", municipality("bjuv").id, "sv"), now=NOW) is bo
    again = import_people(f"email,name,municipality\n{spelling},Bo Ek,bjuv\n", NOW)
    assert (again.added, again.updated, again.faults) == (0, 1, [])


@pytest.mark.parametrize(
    "address", ["", "bo", "bö@bjuv.se", "bo@[127.0.0.1]", "b\x00o@bjuv.se", "bo@" + "x" * 300]
)
def test_nobody_has_what_is_no_address(app: Flask, address: str) -> None:
    assert Person.by_email(address) is None


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Anna Ek, Bo Berg", ["Anna Ek", "Bo Berg"]),
        ("Anna Ek <anna@bjuv.se>; Bo", ["anna@bjuv.se", "Bo"]),
        ("anna@bjuv.se bo@bjuv.se Cia Ek", ["anna@bjuv.se", "bo@bjuv.se", "Cia Ek"]),
        ("Anna,,; Anna,", ["Anna"]),
        ('"Ek, Anna"; Anna<anna@bjuv.se>', ["Ek", "Anna", "anna@bjuv.se"]),
        ("[anna@bjuv.se], (Bo)", ["anna@bjuv.se", "Bo"]),
        (" ; ", []),
    ],
)
def test_a_list_of_colleagues_comes_apart(text: str, parts: list[str]) -> None:
    assert entries(text) == parts


def test_a_search_looks_for_the_name_that_is_being_written(cast: Cast) -> None:
    bob = cast.bob
    assert search("Anna Ek, bob", cast.alice).found == [bob]
    assert not search("bob, b", cast.alice).asked
    assert not search("bob@bjuv.se", cast.alice).asked
