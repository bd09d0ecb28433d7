"""Ballots in hand, as closing has them for a moment: what is released of them, without a database."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from app.models.survey import Sentiment, Statement
from app.services.survey import release
from app.services.survey.ballot import Answers, Association
from app.services.survey.words import Review

#: One statement of each group, so that a mark is the whole index.
ONE_EACH: Final[list[Statement]] = [
    {"slug": group, "group": group, "text": {"sv": group}} for group in ("engagement", "understanding", "use")
]
_FEELINGS: Final = {"+": Sentiment.POSITIVE, "0": Sentiment.NEUTRAL, "-": Sentiment.NEGATIVE}


def ballot(place: int, *marks: int | None, words: str = "") -> Answers:
    return Answers(place, written(words), marks)


def written(words: str) -> tuple[Association, ...]:
    """`"Gemenskap+ Otydligt-"` is one word that was meant well, and one that was not; `0` is neither."""
    return tuple(Association(word[:-1], _FEELINGS[word[-1]]) for word in words.split())


def same(count: int, place: int, mark: int | None = 4, statements: int = 3) -> list[Answers]:
    """So many who answer that mark to everything."""
    return [ballot(place, *[mark] * statements)] * count


def released(
    ballots: Iterable[Answers],
    places: int | Mapping[int, str] = 3,
    statements: Sequence[Statement] = ONE_EACH,
    review: Review | None = None,
) -> dict[str, Any]:
    """The snapshot, in a programme of so many municipalities, called `1`, `2`, …"""
    slugs = places if isinstance(places, Mapping) else {place: str(place) for place in range(1, places + 1)}
    return release.snapshot(list(ballots), statements, slugs, review or Review())


def cells(*counts: int) -> list[tuple[str, int]]:
    """The municipalities of each cell that is released when so many answer in each, and its n: `("1 2", 9)`."""
    everybody = [one for place, count in enumerate(counts, 1) for one in same(count, place)]
    return [
        (" ".join(cell["municipalities"]), cell["n"]) for cell in released(everybody, len(counts))["cells"]
    ]
