"""What was released of a stage's survey, as plain JSON values.

A figure that may not be shown is null, and in the same object `suppressed` is true; what is not null beside it may be
read. Where there is nothing to hide (nothing has been released, a municipality had no part in it) the whole is null.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from app.models.survey import Group, Sentiment
from app.services.survey.publication import Cell, Index, Published, Word


def associations(released: Published | None) -> dict[str, Any] | None:
    """Shares from 0 to 1 and words, of all together."""
    if released is None:
        return None
    return _associations(released.balance or {}, released.words, released.others)


def associations_in(released: Published | None, slug: str) -> dict[str, Any] | None:
    """Those of a municipality: never shown, however many answered there (docs/product.md, point 6)."""
    return _associations({}, None, None) if _took_part(released, slug) else None


def indices(released: Published | None) -> dict[str, Any] | None:
    """Those of all together, from 0 to 100, with the number of answers behind them."""
    if released is None:
        return None
    figures = released.indices or {}
    return _indices({group: Index(value) for group, value in figures.items()}, released.n)


def indices_in(released: Published | None, slug: str) -> dict[str, Any] | None:
    """Those of a municipality. They are withheld unless it stands alone; None when it had no part in the survey."""
    if released is None or not _took_part(released, slug):
        return None
    cell = released.cell_of(slug)
    return _of_cell(cell) if cell and not cell.is_several else _indices({}, None)


def other_municipalities(released: Published | None) -> dict[str, Any] | None:
    """The cell of those that are shown together, if there is one."""
    cell = next((cell for cell in released.cells if cell.is_several), None) if released else None
    return {"municipalities": sorted(cell.slugs), "indices": _of_cell(cell)} if cell else None


def _took_part(released: Published | None, slug: str) -> bool:
    """Where all is withheld, nothing says who did."""
    return released is not None and (not released.cells or released.cell_of(slug) is not None)


def _associations(
    balance: Mapping[str, Index], words: Sequence[Word] | None, others: int | None
) -> dict[str, Any]:
    return {
        **{one.value: balance[one].value / 100 if one in balance else None for one in Sentiment},
        "words": None if words is None else [vars(word) for word in words],
        "others": {"count": others, "suppressed": others is None},
        "at_limit": _at_limit(balance),
        "suppressed": not balance or words is None,
    }


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
