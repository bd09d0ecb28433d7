"""What the tests of the database share."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

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


def _with_driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)
