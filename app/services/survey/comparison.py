"""Figures of a survey beside those of the stage before, and what may be said about the difference (docs/product.md,
point 7)."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.models.survey import MOST_WORDS, Group, Sentiment
from app.services.survey.publication import Cell, Index, Published, direction, fewest
from app.services.survey.words import FEWEST_BALLOTS


@dataclass(frozen=True)
class Beside:
    """A figure, and the one before it, where there is one."""

    now: Index
    before: Index | None = None
    #: 1, 0 or -1: how it has changed for certain.
    change: int = 0


def indices_beside(now: Published | Cell, before: Published | Cell | None) -> dict[str, Beside]:
    """The indices by group; empty where they are withheld."""
    figures, earlier = _indices(now), _indices(before)
    n = fewest(now, before) if before else 0
    return {
        group.value: _beside(figures[group], earlier.get(group), n) for group in Group if group in figures
    }


def balance_beside(now: Published, before: Published | None) -> dict[str, Beside]:
    """The shares of words by sentiment; empty where they are withheld."""
    figures, earlier = now.balance or {}, (before and before.balance) or {}
    n = min(_writers_at_least(one) for one in (now, before or now))
    return {one.value: _beside(figures[one], earlier.get(one), n) for one in Sentiment if one in figures}


def certain_change(now: Index, before: Index, n: int) -> int:
    """1, 0 or -1. What is "or more" may be more than a greater figure, so that nothing can be said."""
    change = direction(now.value, before.value, n)
    too_low, too_high = ("least", "most") if change > 0 else ("most", "least")
    return 0 if now.at == too_low or before.at == too_high else change


def _beside(now: Index, before: Index | None, n: int) -> Beside:
    return Beside(now, before, certain_change(now, before, n)) if before else Beside(now)


def _indices(of: Published | Cell | None) -> Mapping[str, Index]:
    """The programme's are computed from those of the cells, so that none stands at a limit of its own."""
    if isinstance(of, Cell):
        return of.indices
    return {group: Index(value) for group, value in ((of and of.indices) or {}).items()}


def _writers_at_least(published: Published) -> int:
    """How many people wrote words is not published; at least so many did, since each wrote three at most."""
    counted = sum(word.count for word in published.words or ()) + (published.others or 0)
    return max(FEWEST_BALLOTS, -(-counted // MOST_WORDS))
