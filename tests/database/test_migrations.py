"""The migrations and the models tell the same story, on either engine."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import inspect

from app import create_app
from app.config import Settings
from app.extensions import db
from tests.conftest import ON_POSTGRESQL, _postgresql


@pytest.fixture
def empty_app(settings: Settings, tmp_path: Path, worker_id: str) -> Iterator[Flask]:
    """The application on a database that holds nothing at all."""
    url = _postgresql(f"{worker_id}_migrations") if ON_POSTGRESQL else f"sqlite:///{tmp_path / 'empty.db'}"
    app = create_app(dataclasses.replace(settings, database_url=_with_driver(url)))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_the_migrations_build_exactly_what_the_models_say(empty_app: Flask) -> None:
    flask_migrate.upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_the_migrations_can_be_taken_back(empty_app: Flask) -> None:
    flask_migrate.upgrade()
    flask_migrate.downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}


def _with_driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)
