"""What was released of a stage's survey, as plain JSON values: None when nothing has been, and figures that may not be
shown are null with `suppressed: true` beside them."""

from collections.abc import Mapping
from typing import Any

from app.models.survey import Group, Sentiment
from app.services.survey.publication import Cell, Index, Published


def associations(released: Published | None) -> dict[str, Any] | None:
    """Shares from 0 to 1 and words, of the programme alone: a municipality has none."""
    if released is None:
        return None
    balance = released.balance or {}
    return {
        **{one.value: balance[one].value / 100 if one in balance else None for one in Sentiment},
        "words": released.words and [vars(word) for word in released.words],
        "others": released.others,
        "others_suppressed": released.others is None,
        "at_limit": _at_limit(balance),
        "suppressed": released.balance is None,
    }


def indices(released: Published | None) -> dict[str, Any] | None:
    """Those of all together, from 0 to 100, with the number of answers behind them."""
    if released is None:
        return None
    figures = released.indices or {}
    return _indices({group: Index(value) for group, value in figures.items()}, released.n)


def indices_in(released: Published | None, slug: str) -> dict[str, Any] | None:
    """Those of a municipality. They are withheld unless it stands alone; None when it had no part in the survey."""
    cell = released and released.cell_of(slug)
    if released is None or (released.cells and not cell):
        return None
    return _of_cell(cell) if cell and not cell.is_several else _indices({}, None)


def other_municipalities(released: Published | None) -> dict[str, Any] | None:
    """The cell of those that are shown together, if there is one."""
    cell = next((cell for cell in released.cells if cell.is_several), None) if released else None
    return {"municipalities": sorted(cell.slugs), "indices": _of_cell(cell)} if cell else None


def _of_cell(cell: Cell) -> dict[str, Any]:
    return _indices(cell.indices, cell.n)


def _indices(figures: Mapping[str, Index], n: int | None) -> dict[str, Any]:
    return {
        **{group.value: figures[group].value if group in figures else None for group in Group},
        "n": n,
        "at_limit": _at_limit(figures),
        "suppressed": not figures,
    }


def _at_limit(figures: Mapping[str, Index]) -> dict[str, str]:
    """Which of them are "or less" (`least`) or "or more" (`most`)."""
    return {name: figure.at for name, figure in figures.items() if figure.at}
