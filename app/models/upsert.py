"""`INSERT … ON CONFLICT` for both engines, so that two simultaneous requests write one row and not two."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from app.extensions import Model, db


def upsert(model: type[Model]) -> Any:
    """An insert with `on_conflict_do_nothing` and `on_conflict_do_update`, which both engines spell alike."""
    engine = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    return engine.insert(model)
