"""The migrations and the models tell the same story, on either engine."""

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, inspect

from app.extensions import db

pytestmark = pytest.mark.usefixtures("empty_app")


def test_the_migrations_build_exactly_what_the_models_say() -> None:
    flask_migrate.upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_the_migrations_keep_every_check_of_the_models() -> None:
    """Alembic does not compare them, and a batch operation that renames a column has to make them anew."""
    flask_migrate.upgrade()
    inspector = inspect(db.engine)
    checks = {
        table.name: {str(check.name) for check in table.constraints if isinstance(check, CheckConstraint)}
        for table in db.metadata.tables.values()
    }
    assert {
        table: {str(check["name"]) for check in inspector.get_check_constraints(table)} for table in checks
    } == checks


def test_the_migrations_can_be_taken_back() -> None:
    flask_migrate.upgrade()
    flask_migrate.downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
