"""That what was refused left no trace: no row of any table came, went or changed."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from sqlalchemy import Table, select

from app.extensions import Model, db


@contextmanager
def unchanged(*, but: Collection[str] = ()) -> Iterator[None]:
    """`with unchanged(): …` fails if what is done inside writes anything, except to the tables that `but` names.

    What was made before counts as committed; people sign in (`as_`) before it, since that begins a session.
    """
    db.session.commit()
    before = _rows(but)
    yield
    # As at the end of a request: what it did not commit has not happened.
    db.session.rollback()
    changes = sorted(before ^ _rows(but))
    assert changes == [], "\n".join(changes)


def _rows(but: Collection[str]) -> set[str]:
    """Every row as a line that names its table."""
    return {
        f"{table.name} {tuple(row)}"
        for table in Model.metadata.sorted_tables
        if table.name not in but
        for row in db.session.execute(_everything(table))
    }


def _everything(table: Table):  # type: ignore[no-untyped-def]
    # Any request, also one that is refused, may note that the device was seen.
    return select(*(column for column in table.columns if column.name != "seen_at"))
