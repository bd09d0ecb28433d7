"""A ballot: always as many bytes, whatever is in it; opened by its key alone."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from app.gateways.sealing import OVERHEAD, UnreadableError, seal, unseal
from app.models.survey import ANSWERS, MOST_STATEMENTS, Sentiment
from app.services.survey.ballot import SIZE, Answers, Association, association, opened, sealed

_KEY = X25519PrivateKey.from_private_bytes(bytes(range(32)))
_PUBLIC = _KEY.public_key().public_bytes_raw()
_WIDEST = "\N{OLD PERSIAN SIGN A}"

_WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=30)
_ASSOCIATIONS = st.builds(Association, _WORDS, st.sampled_from(Sentiment))
_ANSWERS = st.builds(
    Answers,
    st.integers(1, 10**6),
    st.lists(_ASSOCIATIONS, max_size=3).map(tuple),
    st.lists(st.sampled_from([None, *ANSWERS]), max_size=MOST_STATEMENTS).map(tuple),
)


def _sealed(plain: Any, purpose: str = "eldsjal survey of stage 2") -> bytes:
    """As somebody would who does not go through the form."""
    return seal(json.dumps(plain).encode().ljust(SIZE - OVERHEAD), _PUBLIC, purpose)


def _opened(*ballots: bytes, statements: int = 1) -> list[Answers]:
    return opened(ballots, _KEY, 2, statements)


@pytest.mark.parametrize("count", range(4))
def test_every_ballot_has_900_bytes(count: int) -> None:
    words = (Association(_WIDEST * 30, Sentiment.POSITIVE),) * count
    for marks in ((), (None,) * MOST_STATEMENTS, (5,) * MOST_STATEMENTS):
        assert len(sealed(Answers(2**31, words, marks), _PUBLIC, 2)) == SIZE == 900


def test_the_same_answers_never_look_the_same() -> None:
    answers = Answers(1, (), (4,))
    assert sealed(answers, _PUBLIC, 2) != sealed(answers, _PUBLIC, 2)


@pytest.mark.parametrize(
    "answers",
    [
        Answers(1, (Association("a", Sentiment.NEUTRAL),) * 4, (4,)),
        Answers(1, (Association("a" * 31, Sentiment.NEUTRAL),), (4,)),
        Answers(1, (Association(_WIDEST * 31, Sentiment.NEUTRAL),), (4,)),
        Answers(1, (Association("", Sentiment.NEUTRAL),), (4,)),
        Answers(1, (), (4,) * (MOST_STATEMENTS + 1)),
        Answers(1, (), (0,)),
        Answers(1, (), (6,)),
    ],
)
def test_what_the_form_does_not_allow_is_refused(answers: Answers) -> None:
    with pytest.raises(ValueError):
        sealed(answers, _PUBLIC, 2)


@given(_ANSWERS)
@settings(max_examples=60)
def test_whatever_is_in_it_it_has_900_bytes_and_comes_back(answers: Answers) -> None:
    ballot = sealed(answers, _PUBLIC, 2)
    assert len(ballot) == SIZE
    back = _opened(ballot, statements=len(answers.marks))
    assert [(one.municipality_id, one.marks) for one in back] == [(answers.municipality_id, answers.marks)]
    assert back[0].words == tuple(association(one.word, one.sentiment) for one in answers.words)


def test_for_another_stage_it_cannot_be_opened() -> None:
    assert opened([sealed(Answers(1, (), (4,)), _PUBLIC, 1)], _KEY, 2, 1) == []


def test_with_another_key_it_cannot_be_opened() -> None:
    with pytest.raises(UnreadableError):
        unseal(_sealed([1, [], [4]]), X25519PrivateKey.generate(), "eldsjal survey of stage 2")


@pytest.mark.parametrize(
    "plain",
    [
        None,
        [],
        [1, [], [4, 4]],
        [1, [], [6]],
        [1, [], ["4"]],
        ["somewhere", [], [4]],
        [1, [["a", "angry"]], [4]],
        [1, [["a"]], [4]],
        [1, 7, [4]],
        {"a": 1},
    ],
)
def test_a_ballot_that_is_none_is_left_out_and_counted(plain: Any) -> None:
    with capture_logs() as lines:
        assert len(_opened(_sealed([1, [], [4]]), _sealed(plain), _sealed([2, [], [None]]))) == 2
    assert [line["left_out"] for line in lines] == [1]
    assert 3 not in lines[0].values(), "the log is kept, and may not tell how many answered"


@pytest.mark.parametrize("ballot", [b"", b"x" * 900, bytes(900), b"[" * 900])
def test_bytes_that_nobody_sealed_are_left_out(ballot: bytes) -> None:
    assert len(_opened(ballot, _sealed([1, [], [4]]))) == 1


def test_nesting_without_end_is_left_out() -> None:
    deep = seal(b"[" * (SIZE - OVERHEAD), _PUBLIC, "eldsjal survey of stage 2")
    assert len(_opened(deep, _sealed([1, [], [4]]))) == 1


def test_more_words_than_three_are_not_read() -> None:
    (answers,) = _opened(_sealed([1, [["a", "neutral"]] * 5, [4]]))
    assert len(answers.words) == 3
