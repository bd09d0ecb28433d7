"""What the tests of the database share."""

import dataclasses
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import flask_migrate
import psycopg
import pytest
from alembic.script import ScriptDirectory
from flask import Flask

from app import create_app
from app.config import Settings
from app.extensions import db
from tests.conftest import ON_POSTGRESQL, _postgresql, _postgresql_server

#: The revision that all migrations lead to.
LATEST = str(ScriptDirectory(str(Path(__file__).parents[2] / "migrations")).get_current_head())
Migrate = Callable[[str], None]


@pytest.fixture
def empty_app(settings: Settings, tmp_path: Path, worker_id: str) -> Iterator[Flask]:
    """The application on a database that holds nothing at all."""
    url = _postgresql(f"{worker_id}_migrations") if ON_POSTGRESQL else f"sqlite:///{tmp_path / 'empty.db'}"
    app = create_app(dataclasses.replace(settings, database_url=_with_driver(url)))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def migrated() -> dict[str, str]:
    """By revision: a database without rows that has come to it, for `migrate` to begin with."""
    return {}


@pytest.fixture
def migrate(empty_app: Flask, migrated: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Migrate:
    """`migrate("0007")` brings the empty database there, from the nearest revision that a test before has come to: to
    begin with nothing every time would take longer with the square of their number."""

    def to(revision: str) -> None:
        name = str(db.engine.url.database)
        nearest = max((kept for kept in migrated if kept <= revision), default=None)
        if nearest:
            _copy(migrated[nearest], name)
        if nearest != revision:
            flask_migrate.upgrade(revision=revision)
            copy = f"{name}_{revision}" if ON_POSTGRESQL else str(tmp_path_factory.mktemp("kept") / "kept.db")
            _copy(name, copy)
            migrated[revision] = copy

    return to


def _copy(database: str, place: str) -> None:
    """The whole database; what is in that place is no more."""
    db.engine.dispose()
    if not ON_POSTGRESQL:
        with closing(sqlite3.connect(database)) as original, closing(sqlite3.connect(place)) as copy:
            original.backup(copy)
        return
    with psycopg.connect(_postgresql_server().get_uri(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {place} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {place} TEMPLATE {database}")


def _with_driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)
