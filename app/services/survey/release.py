"""What may be shown of a closed survey: cells of at least six, indices without extremes. Made once, from all ballots.

The rules, and what they are against: docs/product.md, "The measurement's anonymity", point 5.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from app.models.survey import Group, Statement
from app.services.survey.ballot import Answers
from app.services.survey.limits import clamped, rounded
from app.services.survey.words import Review, word_figures

#: The fewest answers of a cell, so that somebody who knows one of them still faces five.
MIN: Final = 6

_Indices = dict[str, int]
#: By municipality, and then by group: the mean of each ballot that answered a statement of the group, from 0 to 100.
_Means = Mapping[int, Mapping[Group, Sequence[Fraction]]]


@dataclass(frozen=True)
class Cell:
    """A municipality that stands alone, or several together."""

    municipality_ids: tuple[int, ...]
    n: int
    indices: _Indices


def snapshot(
    ballots: Sequence[Answers],
    statements: Sequence[Statement],
    slugs: Mapping[int, str],
    review: Review,
) -> dict[str, Any]:
    """What is kept of the ballots, as plain JSON. `slugs` names every municipality of the programme by id; a ballot of
    another one counts for the words alone."""
    cells = cells_of(_means(ballots, statements, slugs))
    return {
        "cells": [
            {
                "municipalities": sorted(slugs[place] for place in cell.municipality_ids),
                "n": cell.n,
                "indices": cell.indices,
            }
            for cell in cells
        ],
        "indices": _of_all(cells),
        **word_figures([ballot.words for ballot in ballots], review),
    }


def cells_of(means: _Means) -> list[Cell]:
    """The cells that are published, the one of several municipalities last; none when that would be all of them."""
    counts = {place: _n([of_place]) for place, of_place in means.items()}
    together = _together(counts)
    if together and len(together) == len(counts):
        return []
    groups: list[tuple[int, ...]] = [(place,) for place in sorted(counts) if place not in together]
    groups += [tuple(sorted(together))] if together else []
    return [_cell(group, [means[place] for place in group]) for group in groups]


def _together(counts: Mapping[int, int]) -> set[int]:
    """The municipalities that are shown as one: those below the minimum, and the next smallest until nobody can compute
    what one of them alone would have shown."""
    by_size = sorted(counts, key=lambda place: (counts[place], place))
    below = sum(count < MIN for count in counts.values())
    if not below:
        return set()
    for size in range(below, len(by_size)):
        answers = [counts[place] for place in by_size[:size]]
        if sum(answers) >= MIN and sum(count > 0 for count in answers) >= 2:
            return set(by_size[:size])
    return set(by_size)


def _cell(places: tuple[int, ...], means: Sequence[Mapping[Group, Sequence[Fraction]]]) -> Cell:
    n = _n(means)
    return Cell(places, n, {group.value: _index(_of_group(group, means), n) for group in Group})


def _n(means: Iterable[Mapping[Group, Sequence[Fraction]]]) -> int:
    """The answers of the index with fewest: one number for a cell, since two would tell who left out what."""
    means = list(means)
    return min(len(_of_group(group, means)) for group in Group)


def _of_group(group: Group, means: Iterable[Mapping[Group, Sequence[Fraction]]]) -> list[Fraction]:
    return [mean for of_place in means for mean in of_place[group]]


def _index(means: Sequence[Fraction], n: int) -> int:
    return clamped(sum(means, start=Fraction()) / len(means), n)


def _of_all(cells: Sequence[Cell]) -> _Indices | None:
    """Computed from the published cells, so that it tells nothing that they do not."""
    total = sum(cell.n for cell in cells)
    if not total:
        return None
    return {
        group.value: rounded(Fraction(sum(cell.indices[group] * cell.n for cell in cells), total))
        for group in Group
    }


def _means(
    ballots: Iterable[Answers], statements: Sequence[Statement], slugs: Mapping[int, str]
) -> dict[int, dict[Group, list[Fraction]]]:
    means: dict[int, dict[Group, list[Fraction]]] = {place: {group: [] for group in Group} for place in slugs}
    for ballot in ballots:
        for group, mean in _own_means(ballot, statements).items():
            if ballot.municipality_id in means:
                means[ballot.municipality_id][group].append(mean)
    return means


def _own_means(ballot: Answers, statements: Sequence[Statement]) -> dict[Group, Fraction]:
    """The mean of the statements that were answered, from 0 to 100, in each group in which any was."""
    marks: dict[Group, list[int]] = defaultdict(list)
    for statement, mark in zip(statements, ballot.marks, strict=True):
        if mark is not None:
            marks[Group(statement["group"])].append(mark)
    return {group: (Fraction(sum(given), len(given)) - 1) * 25 for group, given in marks.items()}
