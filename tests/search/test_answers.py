"""The same answers in the same order, whichever engine: the table of tests/search/documents.py runs on both."""

import pytest

from app.models.search import SearchKind
from app.services.moderation.decide import hide
from app.services.search import index
from app.services.search.find import MOST_LOOKED_AT, MOST_OF_ONE_WORD, Place, Results, search
from app.services.search.vocabulary import nearest
from app.services.search.words import TypedWord
from tests.cast import Cast
from tests.challenge_makers import make_challenge
from tests.factories import NOW, make_activity, make_person
from tests.search.documents import ANSWERS, make_documents


def test_every_query_of_the_table_finds_what_it_should(cast: Cast) -> None:
    """One test for all of them, since the documents take longer to make than the queries to ask."""
    names = make_documents(cast)
    answers = {q: " ".join(names[place] for place in _places(search(q, cast.alice))) for q, _names in ANSWERS}
    assert len(ANSWERS) >= 60
    assert answers == dict(ANSWERS)


def test_the_index_that_grew_answers_like_one_made_anew(cast: Cast) -> None:
    make_documents(cast)
    before = {q: _places(search(q, cast.alice)) for q, _names in ANSWERS}
    index.rebuild()
    assert {q: _places(search(q, cast.alice)) for q, _names in ANSWERS} == before


def test_a_challenge_for_one_municipality_is_found_there_and_by_leads(cast: Cast) -> None:
    make_documents(cast)
    found = {
        who.name: len(search("luften", who).hits[SearchKind.CHALLENGE].places)
        for who in (cast.alice, cast.charlie, cast.cora, cast.kim, cast.lena)
    }
    assert found == {"Alice Ahl": 1, "Charlie Ceder": 0, "Cora Coster": 1, "Kim Krook": 0, "Lena Lind": 1}


def test_a_word_that_nothing_has_any_more_finds_nothing(cast: Cast) -> None:
    activity = make_activity(cast.alice, title="Xylofonkonsert")
    hide(activity, cast.cora, "tone", "", NOW)
    assert search("xylofon", cast.alice).total == 0


@pytest.mark.parametrize(
    "q", ["fika " * 2000, "a" * 10_000, "å" * 10_000, "' or 1=1 " * 1000, "fika\x00" * 2000]
)
def test_only_the_beginning_of_an_endless_query_is_read(q: str, cast: Cast) -> None:
    make_activity(cast.alice, title="Fika")
    assert len(search(q, cast.alice).typed) <= 8


def test_a_word_without_end_is_stored_and_found_by_its_beginning(cast: Cast) -> None:
    make_activity(cast.alice, title="s" + "a" * 150)
    assert search("saaa", cast.alice).total == 1


def test_many_are_said_to_be_the_latest_of_more(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_OF_ONE_WORD >= 100
    monkeypatch.setattr("app.services.search.find.MOST_OF_ONE_WORD", 3)
    numbers = [make_activity(cast.alice, title="Fika").id for _ in range(4)]
    hits = search("fika", cast.alice).hits[SearchKind.ACTIVITY]
    assert [place.number for place in hits.places] == numbers[:0:-1]
    assert hits.has_older


def test_pages_follow_each_other_by_the_place_of_the_last(cast: Cast) -> None:
    names = make_documents(cast)
    hits = search("bibliotek", cast.alice).hits[SearchKind.ACTIVITY]
    first = hits.page(None, 2)
    second = hits.page(first.last, 2)
    assert [names[SearchKind.ACTIVITY, place.number] for place in first.items + second.items] == [
        "sago",
        "fika",
        "lax",
    ]
    assert not second.has_more
    assert hits.page(Place(99, 1)).items == []


def test_what_is_near_is_a_word_that_is_there(cast: Cast) -> None:
    make_documents(cast)
    assert nearest(TypedWord("motesplats", True), 3)[0] in {"möte", "möten"}
    assert nearest(TypedWord("bibliobuss", True), 1) == ["biblioteken"]
    assert nearest(TypedWord("xylofon", True), 3) == []


def test_people_are_found_by_what_they_do(cast: Cast) -> None:
    person = make_person("Sara Ek", "klippan", title="Sjuksköterska")
    assert _places(search("sjukskoterska", cast.alice)) == [(SearchKind.PERSON, person.id)]


def test_a_rare_word_finds_what_is_old_beside_a_common_one(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MOST_LOOKED_AT >= 500
    monkeypatch.setattr("app.services.search.find.MOST_LOOKED_AT", 3)
    old = make_activity(cast.alice, title="Fika med dromedar")
    for _ in range(5):
        make_activity(cast.alice, title="Fika")
    assert _places(search("fika dromedar", cast.alice)) == [(SearchKind.ACTIVITY, old.id)]


def test_an_older_challenge_of_ones_own_is_found_beside_those_of_others(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.search.find.MOST_OF_ONE_WORD", 3)
    own = make_challenge(title="Orientering", municipality_id=cast.alice.municipality_id)
    for _ in range(4):
        make_challenge(title="Orientering", municipality_id=cast.charlie.municipality_id)
    assert _places(search("orientering", cast.alice)) == [(SearchKind.CHALLENGE, own.id)]


def _places(results: Results) -> list[tuple[SearchKind, int]]:
    return [(kind, place.number) for kind in SearchKind for place in results.hits[kind].places]
