"""What a running figure is: stored beside the rows that it is a sum or a count of, and so computable again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, update

from app.extensions import Model, db

_UNSYNCHRONIZED = {"synchronize_session": False}


@dataclass(frozen=True)
class RunningFigure:
    """`name` is the table and what each part of its key is called. Both queries (or lists of rows) give the key's
    columns and then the figure; a key that is missing has the figure 0. `rebuild` writes all of them again, from the
    rows."""

    name: tuple[str, ...]
    stored: Callable[[], Any]
    recomputed: Callable[[], Any]
    rebuild: Callable[[], None]


def in_table(
    table: type[Model], key: tuple[str, ...], column: str, recomputed: Callable[[], Any]
) -> Callable[[], None]:
    """How a table that holds nothing but the figure is rebuilt: emptied, and filled from the query."""

    def rebuild() -> None:
        rows = [dict(zip((*key, column), row, strict=True)) for row in db.session.execute(recomputed()).all()]
        db.session.execute(delete(table), execution_options=_UNSYNCHRONIZED)
        if rows:
            db.session.execute(insert(table), rows)

    return rebuild


def in_column(model: type[Model], column: Any, recomputed: Callable[[], Any]) -> Callable[[], None]:
    """How a column is rebuilt: each row's figure is set to what the scalar query, correlated with it, gives."""

    def rebuild() -> None:
        figure = recomputed().scalar_subquery()
        correction = update(model).where(column != figure).values({column: figure})
        db.session.execute(correction, execution_options=_UNSYNCHRONIZED)

    return rebuild
