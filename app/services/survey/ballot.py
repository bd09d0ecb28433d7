"""What is in a ballot: the municipality, words, and answers; sealed so that all ballots look alike from outside."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import structlog
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app.gateways.sealing import OVERHEAD, UnreadableError, seal, unseal
from app.models.survey import ANSWERS, MOST_STATEMENTS, MOST_WORDS, Sentiment
from app.text import one_line

#: Every sealed ballot has this many bytes: its length tells nothing about the words.
SIZE: Final = 900
#: The longest word, in characters. Three of them fit into a ballot, in any script.
LONGEST_WORD: Final = 30

log = structlog.get_logger()


@dataclass(frozen=True)
class Association:
    """A word, and what whoever wrote it feels about it."""

    word: str
    sentiment: Sentiment


@dataclass(frozen=True)
class Answers:
    """What somebody answered: at most three words, and 1 to 5, or None, for each statement in the survey's order."""

    municipality_id: int
    words: tuple[Association, ...]
    marks: tuple[int | None, ...]

    @property
    def is_empty(self) -> bool:
        return not self.words and not any(self.marks)


def association(word: str, sentiment: Sentiment) -> Association:
    return Association(one_line(word)[:LONGEST_WORD].strip(), sentiment)


def sealed(answers: Answers, public_key: bytes, stage_number: int) -> bytes:
    """The ballot for the box: `SIZE` bytes.

    Raises:
        ValueError: when it is none that the form allows; it would be opened by nobody.
    """
    if len(answers.words) > MOST_WORDS or len(answers.marks) > MOST_STATEMENTS:
        raise ValueError("more than a ballot holds")
    if any(len(one.word) > LONGEST_WORD or not one.word for one in answers.words):
        raise ValueError("a word that is empty or too long")
    if any(mark is not None and mark not in ANSWERS for mark in answers.marks):
        raise ValueError("an answer outside 1 to 5")
    plain = [answers.municipality_id, [[one.word, one.sentiment] for one in answers.words], answers.marks]
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()
    return seal(text.ljust(SIZE - OVERHEAD), public_key, _purpose(stage_number))


def opened(
    ballots: Sequence[bytes], private_key: X25519PrivateKey, stage_number: int, statements: int
) -> list[Answers]:
    """The answers in the box, in any order. A ballot that cannot be opened is counted, in the log, and left out."""
    answers = list(_opened(ballots, private_key, stage_number, statements))
    if len(answers) < len(ballots):
        # Not of how many: the log is kept, and all that the result says of how many answered is in its cells.
        log.error("ballots could not be opened", stage=stage_number, left_out=len(ballots) - len(answers))
    return answers


def _opened(
    ballots: Sequence[bytes], private_key: X25519PrivateKey, stage_number: int, statements: int
) -> Iterator[Answers]:
    purpose = _purpose(stage_number)
    for ballot in ballots:
        try:
            answers = _read(unseal(ballot, private_key, purpose))
            if len(answers.marks) == statements:
                yield answers
        except (UnreadableError, ValueError, TypeError, RecursionError):
            continue


def _read(text: bytes) -> Answers:
    municipality_id, words, marks = json.loads(text)
    return Answers(
        int(municipality_id),
        tuple(association(str(word), Sentiment(sentiment)) for word, sentiment in words)[:MOST_WORDS],
        tuple(None if mark is None else _mark(mark) for mark in marks),
    )


def _mark(mark: object) -> int:
    if not isinstance(mark, int) or mark not in ANSWERS:
        raise ValueError("an answer outside 1 to 5")
    return mark


def _purpose(stage_number: int) -> str:
    return f"eldsjal survey of stage {stage_number}"
