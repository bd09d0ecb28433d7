"""Where a row of the programme is referred to: what is in use is not removed."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select

from app.extensions import Model, db


def uses_of(row: Any, but_for: Collection[str] = ()) -> str:
    """As `activity: 12, person: 4`; empty when nowhere, or only in those tables."""
    counts: dict[str, int] = {}
    for table in Model.metadata.sorted_tables:
        for column in table.columns if table.name not in but_for else ():
            if any(foreign.column.table is row.__table__ for foreign in column.foreign_keys):
                counts[table.name] = counts.get(table.name, 0) + (
                    db.session.scalar(select(func.count()).where(column == row.id)) or 0
                )
    return ", ".join(f"{name}: {count}" for name, count in counts.items() if count)
