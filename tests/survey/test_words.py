"""Words: counted once a ballot, shown when five wrote them, with the feeling of the most."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.models.survey import Sentiment
from app.services.survey.words import Review, key_of, word_figures, words_to_read
from tests.survey.ballots import written


def _figures(*groups: tuple[int, str], review: Review | None = None) -> dict[str, Any]:
    """`(5, "Trygg+")`: five ballots with that."""
    return word_figures([written(words) for count, words in groups for _ in range(count)], review or Review())


def _shown(*groups: tuple[int, str], review: Review | None = None) -> list[tuple[str, int, str]]:
    return [tuple(one.values()) for one in _figures(*groups, review=review)["words"]]


def test_from_thirty_who_wrote_any() -> None:
    assert _figures((29, "Trygg+"), (50, "")) == {"words": None, "others": None, "balance": None}
    assert _shown((20, "Trygg+"), (10, "Stolt+")) == [("Trygg", 20, "positive"), ("Stolt", 10, "positive")]


def test_a_lead_reads_none_before_thirty() -> None:
    assert words_to_read([written("Trygg+")] * 29) == []
    assert words_to_read([written("Trygg+")] * 30) == [
        {"key": "trygg", "word": "Trygg", "count": 30, "sentiment": "positive"}
    ]


def test_five_must_have_written_it() -> None:
    assert _shown((25, "Trygg+"), (5, "Stolt+"), (4, "Trött-")) == [
        ("Trygg", 25, "positive"),
        ("Stolt", 5, "positive"),
    ]


def test_five_must_not_have_written_it() -> None:
    assert _shown((40, "Trygg+")) == [("Trygg", 35, "positive")]
    assert _shown((36, "Trygg+"), (4, "Annat0")) == [("Trygg", 35, "positive")]
    assert _shown((34, "Trygg+"), (6, "Annat0"))[0] == ("Trygg", 34, "positive")


def test_once_a_ballot() -> None:
    assert _shown((20, "Trygg+ trygg- TRYGG+"), (12, "Stolt+")) == [
        ("Trygg", 20, "positive"),
        ("Stolt", 12, "positive"),
    ]


@pytest.mark.parametrize(
    ("groups", "feeling"),
    [
        (((3, "Nytt+"), (2, "Nytt-")), "positive"),
        (((3, "Nytt+"), (3, "Nytt-")), "neutral"),
        (((2, "Nytt+"), (2, "Nytt-"), (3, "Nytt0")), "neutral"),
        (((1, "Nytt+"), (1, "Nytt0"), (4, "Nytt-")), "negative"),
    ],
)
def test_the_feeling_of_the_most(groups: tuple[tuple[int, str], ...], feeling: str) -> None:
    assert _shown((30, "Trygg+"), *groups)[1][2] == feeling


def test_spellings_are_one_word_and_the_most_frequent_is_shown() -> None:
    assert key_of("  Vi   är ") == "vi är"
    assert _shown((6, "trygg+"), (9, "Trygg+"), (15, "Stolt+")) == [
        ("Stolt", 15, "positive"),
        ("Trygg", 15, "positive"),
    ]


def test_words_that_a_lead_joined_are_one() -> None:
    review = Review(same_as={"gemensamhet": "gemenskap", "gemenskp": "gemensamhet"})
    groups = (20, "Gemenskap+"), (3, "Gemensamhet+"), (2, "Gemenskp-"), (10, "Stolt+")
    assert _shown(*groups, review=review)[0] == ("Gemenskap", 25, "positive")


def test_words_joined_in_a_ballot_count_once() -> None:
    review = Review(same_as={"ihop": "gemenskap"})
    assert _shown((20, "Gemenskap+ Ihop-"), (15, "Stolt+"), review=review)[0] == ("Gemenskap", 20, "positive")


def test_joining_in_a_circle_ends() -> None:
    review = Review(same_as={"a": "b", "b": "a"})
    assert _shown((16, "A+"), (16, "B+"), review=review) == [("A", 27, "positive")]


def test_a_word_that_a_lead_blanked_is_among_the_rest() -> None:
    figures = _figures((30, "Trygg+"), (12, "Kalle-"), review=Review(blanked=frozenset({"kalle"})))
    assert [one["word"] for one in figures["words"]] == ["Trygg"]
    assert figures["others"] == 12


def test_a_review_comes_back_from_its_file() -> None:
    review = Review({"a": "b"}, frozenset({"c"}))
    assert Review.from_json(review.as_json()) == review
    assert Review.from_json(None) == Review()


@pytest.mark.parametrize(("rest", "shown"), [(0, None), (4, None), (6, None), (7, 7), (30, 30)])
def test_the_rest_is_a_number_when_two_people_cannot_have_written_it(rest: int, shown: int | None) -> None:
    rare = [(1, f"Ord{number}+") for number in range(rest)]
    assert _figures((40, "Trygg+"), *rare)["others"] == shown


def test_the_balance_is_that_of_all_words() -> None:
    """Sixty, twenty and twenty."""
    assert _figures((60, "Trygg+"), (20, "Varken0"), (20, "Trött-"))["balance"] == {
        "positive": {"value": 60, "at": ""},
        "neutral": {"value": 20, "at": ""},
        "negative": {"value": 20, "at": ""},
    }


def test_no_share_of_the_balance_can_be_computed_from_the_others() -> None:
    """Nobody meant anything well, and half of them ill; it is what it would be if two people had meant all well."""
    nobody = _figures((25, "Möten0"), (25, "Trött-"))
    two_people = _figures((22, "Möten0"), (3, "Möten+"), (22, "Trött-"), (3, "Trött+"))
    assert nobody == two_people
    assert nobody["balance"]["positive"] == {"value": 12, "at": "least"}


def test_a_share_leaves_room_for_those_who_felt_otherwise() -> None:
    """Of fifty who all meant the same well, 45 are counted, and of these not more than 33: six may have meant it ill,
    six neither."""
    assert _figures((50, "Trygg+"))["balance"] == {
        "positive": {"value": 73, "at": "most"},
        "neutral": {"value": 13, "at": "least"},
        "negative": {"value": 13, "at": "least"},
    }


def test_of_too_few_words_there_is_no_balance() -> None:
    few = _figures((30, "Trygg+"))
    assert few["balance"] is None
    assert few["words"]


def test_the_balance_does_not_tell_how_many_more_wrote_a_word_than_is_said() -> None:
    all_of_them = _figures((40, "Trygg+"))
    assert all_of_them == _figures((35, "Trygg+"), *[(1, f"Ord{number}-") for number in range(5)])


@settings(max_examples=40)
@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from("ABCDEFGHIJ"), st.sampled_from("+0-")), min_size=1, max_size=3),
        min_size=30,
        max_size=60,
    )
)
def test_whatever_is_written(answers: list[list[tuple[str, str]]]) -> None:
    ballots = [written(" ".join(word + feeling for word, feeling in one)) for one in answers]
    figures = word_figures(ballots, Review())
    for one in figures["words"]:
        writers = sum(one["word"].casefold() in {w.word.casefold() for w in words} for words in ballots)
        assert 5 <= one["count"] <= len(ballots) - 5
        assert one["count"] == min(writers, len(ballots) - 5)
    assert figures["others"] is None or figures["others"] > 6
    balance = figures["balance"] or {}
    values = [balance[one.value]["value"] for one in Sentiment if balance]
    published = sum(one["count"] for one in figures["words"]) + (figures["others"] or 0)
    assert all(value * published >= 600 - published / 2 for value in values), "six words of each, rounded"
    assert not balance or 98 <= sum(values) <= 102
