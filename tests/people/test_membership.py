"""People come, move, leave and are found; the counters of their municipalities follow."""

import time

from flask import Flask
from sqlalchemy import insert, select, text

from app.extensions import db
from app.models.person import NameWord, Person, Role
from app.models.sign_in import DeviceSession
from app.services.people.colleagues import find_colleagues
from app.services.people.membership import (
    Newcomer,
    first_with,
    join,
    leave,
    may_join,
    move,
    recount,
    set_role,
)
from app.text import search_words
from tests.cast import Cast
from tests.factories import NOW, make_person, municipality


def newcomer(email: str = "Karin.Lindqvist@bjuv.se", place: str = "bjuv") -> Newcomer:
    return Newcomer(email, "Karin Lindqvist", "bibliotekarie", municipality(place).id, "sv")


def test_who_joins_is_a_participant_and_is_counted(app: Flask) -> None:
    karin = join(newcomer(), now=NOW)
    db.session.refresh(karin.municipality)
    assert (karin.email, karin.role, karin.municipality.registered) == (
        "karin.lindqvist@bjuv.se",
        Role.PARTICIPANT,
        1,
    )


def test_joining_twice_makes_one_person(app: Flask) -> None:
    first = join(newcomer(), now=NOW)
    again = join(newcomer(place="klippan"), now=NOW)
    db.session.refresh(first.municipality)
    assert again is first
    assert (first.municipality.slug, first.municipality.registered) == ("bjuv", 1)


def test_who_had_left_is_welcomed_back(cast: Cast) -> None:
    set_role(cast.alice, Role.LEAD, now=NOW)
    leave(cast.alice, now=NOW)
    again = join(newcomer(cast.alice.email, "klippan"), now=NOW)
    assert again is cast.alice
    assert again.left_at is None
    assert again.role == Role.PARTICIPANT
    db.session.refresh(municipality("klippan"))
    assert municipality("klippan").registered == 1


def test_only_the_programme_s_domains_may_join(app: Flask) -> None:
    assert may_join("a@BJUV.se")
    assert not may_join("a@gmail.com")
    assert not may_join("a@bjuv.se.evil.org")
    assert not may_join("a@notbjuv.se")


def test_who_leaves_is_signed_out_and_no_longer_counted(cast: Cast) -> None:
    db.session.add(DeviceSession(person=cast.alice, token_hash="x", label="", created_at=NOW, seen_at=NOW))
    leave(cast.alice, now=NOW)
    leave(cast.alice, now=NOW)
    db.session.refresh(cast.alice.municipality)
    assert cast.alice.municipality.registered == 0
    assert db.session.scalars(select(DeviceSession.ended_at)).all() == [NOW]


def test_who_moves_is_counted_where_they_are(cast: Cast) -> None:
    move(cast.alice, municipality("klippan"), now=NOW)
    db.session.flush()
    places = (municipality("bjuv"), municipality("klippan"))
    for place in places:
        db.session.refresh(place)
    assert [place.registered for place in places] == [0, 1]


def test_recounting_gives_what_the_people_say(cast: Cast) -> None:
    assert cast.alice.municipality is cast.bob.municipality
    db.session.execute(text("update municipality set registered = 17"))
    recount()
    assert municipality("bjuv").registered == 2
    assert municipality("klippan").registered == 0


def test_roles_are_set(cast: Cast) -> None:
    set_role(cast.alice, Role.LEAD, now=NOW)
    db.session.flush()
    assert first_with(Role.LEAD) is cast.alice


def test_colleagues_are_found_by_the_beginning_of_the_name_whatever_its_case(cast: Cast) -> None:
    asa, other = make_person("Åsa Öberg"), make_person("Åse Ek", "klippan")
    assert find_colleagues("ås", cast.alice) == [asa, other]
    assert find_colleagues("ÅSA  Ö", cast.alice) == [asa]
    assert find_colleagues("%", cast.alice) == []
    assert find_colleagues("", cast.alice) == []


def test_neither_oneself_nor_who_has_left_is_found(cast: Cast) -> None:
    make_person("Alice Bo", left_at=NOW)
    assert find_colleagues("alice", cast.alice) == []


def test_a_renamed_person_is_found_by_the_new_name(cast: Cast) -> None:
    cast.bob.rename("Örjan Berg")
    db.session.flush()
    assert find_colleagues("örj", cast.alice) == [cast.bob]


def test_the_search_is_a_range_of_the_index_among_thirty_thousand(cast: Cast) -> None:
    bjuv = cast.alice.municipality_id
    rows = [
        {"email": f"p{n}@bjuv.se", "name": f"Namn{n} Efternamn", "municipality_id": bjuv, "joined_at": NOW}
        for n in range(30_000)
    ]
    ids = db.session.scalars(insert(Person).returning(Person.id), rows)
    words = [{"person_id": person_id, "word": word} for person_id, row in zip(ids, rows, strict=True)
             for word in search_words(str(row["name"]))]  # fmt: skip
    db.session.execute(insert(NameWord), words)
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("analyze"))  # as it does by itself after a while
    began = time.perf_counter()
    found = find_colleagues("namn2999", cast.alice)
    assert [person.name for person in found][:2] == ["Namn2999 Efternamn", "Namn29990 Efternamn"]
    assert len(found) == 8
    assert time.perf_counter() - began < 0.2
