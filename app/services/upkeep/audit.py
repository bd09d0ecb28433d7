"""Check every running figure against the rows that it is a sum or a count of, and rebuild those that differ.

A figure that is stored beside its rows can only be trusted if it can be computed again.
"""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from app.extensions import db
from app.services.upkeep import (
    running_adoptions,
    running_badges,
    running_boards,
    running_challenges,
    running_comments,
    running_corrections,
    running_credits,
    running_points,
    running_reports,
    running_search,
    running_squares,
    running_stages,
    running_tips,
)
from app.services.upkeep.running_figures import RunningFigure

#: Those that the analysis of a stage reads.
OF_STAGES: Final = (*running_stages.FIGURES, *running_squares.FIGURES)
FIGURES: Final = (
    *running_points.FIGURES,
    *running_boards.FIGURES,
    *OF_STAGES,
    *running_challenges.FIGURES,
    *running_adoptions.FIGURES,
    *running_tips.FIGURES,
    *running_credits.FIGURES,
    *running_comments.FIGURES,
    *running_reports.FIGURES,
    *running_corrections.FIGURES,
    *running_badges.FIGURES,
    *running_search.FIGURES,
)


class Difference(NamedTuple):
    """A figure that is not what its rows say. `of` names it: "municipality_total stage 2 municipality 5"."""

    of: str
    stored: int
    recomputed: int


def verify(figures: Iterable[RunningFigure] = FIGURES) -> list[Difference]:
    """Recompute those figures from their rows, or every one; those that differ."""
    differences = []
    for figure in figures:
        stored, recomputed = _by_key(figure.stored()), _by_key(figure.recomputed())
        differences += [
            Difference(_name_of(figure.name, key), stored.get(key, 0), recomputed.get(key, 0))
            for key in sorted(stored.keys() | recomputed.keys())
            if stored.get(key, 0) != recomputed.get(key, 0)
        ]
    return differences


def repair(figures: Iterable[RunningFigure] = FIGURES) -> None:
    """Write those figures again, or every one, computed from their rows."""
    db.session.flush()
    for figure in figures:
        figure.rebuild()
    db.session.expire_all()


def _by_key(figures: Any) -> dict[tuple[Any, ...], int]:
    """From a query, or from the rows themselves where no database can compute them."""
    rows = figures if isinstance(figures, list) else db.session.execute(figures)
    return {tuple(key): figure for *key, figure in rows}


def _name_of(name: tuple[str, ...], key: tuple[Any, ...]) -> str:
    table, *columns = name
    return " ".join([table, *(f"{column} {number}" for column, number in zip(columns, key, strict=True))])
