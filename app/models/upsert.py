"""`INSERT … ON CONFLICT` for both engines: how two requests at once write one row and not two."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from app.extensions import Model, db


def upsert(model: type[Model]) -> Any:
    """An insert that knows `on_conflict_do_nothing` and `on_conflict_do_update`; both engines spell them alike."""
    engine = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    return engine.insert(model)
