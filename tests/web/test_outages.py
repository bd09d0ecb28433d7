"""What is away is said by a page of ours; what needs it not goes on."""

import sqlite3
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg import errors as postgresql
from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import DatabaseError, InternalError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from app.extensions import db
from app.gateways.media import MediaAway
from app.models.person import Person
from app.web.assets import asset_url
from app.web.outages import what_is_away
from tests.cast import Cast
from tests.factories import make_activity
from tests.pictures import jpeg, photos_of, prepare_photos

As = Callable[[Person], FlaskClient]

_OUR_WORDS = "Något här svarar inte just nu"


def _sqlite(code: int, words: str) -> Exception:
    error = sqlite3.OperationalError(words)
    error.sqlite_errorcode = code
    return OperationalError("select 1", {}, error)


AWAY = {
    "refused": OperationalError("select 1", {}, psycopg.OperationalError("connection refused")),
    "shut down": OperationalError("select 1", {}, postgresql.AdminShutdown("terminating connection")),
    "too many": OperationalError(
        "select 1", {}, postgresql.TooManyConnections("sorry, too many clients already")
    ),
    "read only": InternalError("update x", {}, postgresql.ReadOnlySqlTransaction("cannot execute UPDATE")),
    "timeout": OperationalError("select 1", {}, postgresql.QueryCanceled("statement timeout")),
    "no database": ProgrammingError("select 1", {}, postgresql.InvalidCatalogName("does not exist")),
    "no table": ProgrammingError("select 1", {}, postgresql.UndefinedTable("relation does not exist")),
    "pool": NoFreeConnection("QueuePool limit of size 5 overflow 5 reached"),
    "locked": _sqlite(sqlite3.SQLITE_BUSY, "database is locked"),
    "snapshot": _sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT, "database is locked"),
    "table locked": _sqlite(sqlite3.SQLITE_LOCKED, "database table is locked"),
    "full": _sqlite(sqlite3.SQLITE_FULL, "database or disk is full"),
    "SQLite read only": _sqlite(sqlite3.SQLITE_READONLY, "attempt to write a readonly database"),
    "broken disk": _sqlite(sqlite3.SQLITE_IOERR_WRITE, "disk I/O error"),
    "locked, without a code": OperationalError("x", {}, sqlite3.OperationalError("database is locked")),
    "locked while connecting": sqlite3.OperationalError("database is locked"),
}
OURS = {
    "statement": _sqlite(sqlite3.SQLITE_ERROR, 'near "selec": syntax error'),
    "PostgreSQL's": ProgrammingError("selec", {}, postgresql.SyntaxError("syntax error")),
    "value": DatabaseError("x", {}, postgresql.NumericValueOutOfRange("out of range")),
    "swallowed": InternalError("x", {}, postgresql.InFailedSqlTransaction("commands ignored")),
    "other": KeyError("x"),
}


@pytest.mark.parametrize("name", AWAY)
def test_what_is_away_is_known(name: str) -> None:
    assert what_is_away(AWAY[name]).startswith("the database")


@pytest.mark.parametrize("name", OURS)
def test_our_own_fault_is_no_outage(name: str) -> None:
    assert what_is_away(OURS[name]) == ""


@pytest.fixture
def take_away(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Exception], None]]:
    """`take_away(error)`: from here on whatever asks the database gets that error."""
    with monkeypatch.context() as patch:

        def gone(error: Exception) -> None:
            app.extensions["caches"].clear()
            for name in ("execute", "scalar", "scalars", "get", "get_one", "connection", "commit", "flush"):
                patch.setattr(db.session, name, Failing(error).fail)
            patch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)

        yield gone


class Failing:
    def __init__(self, error: Exception) -> None:
        self._error = error

    def fail(self, *_: Any, **__: Any) -> Any:
        raise self._error


@pytest.mark.parametrize("name", AWAY)
def test_a_page_says_that_the_database_is_away(
    cast: Cast, as_: As, take_away: Callable[[Exception], None], name: str
) -> None:
    alice = as_(cast.alice)
    take_away(AWAY[name])
    for method, path in (("GET", "/"), ("GET", "/login"), ("POST", "/activities/new"), ("GET", "/nowhere")):
        answer = alice.open(path, method=method)
        assert answer.status_code == 503, path
        assert int(answer.headers["Retry-After"]) > 0
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Security-Policy"]
        assert _OUR_WORDS in answer.text


def test_the_page_is_in_the_language_that_the_browser_says(
    cast: Cast, as_: As, take_away: Callable[[Exception], None]
) -> None:
    alice = as_(cast.alice)
    take_away(AWAY["refused"])
    english = alice.get("/", headers={"Accept-Language": "en"})
    assert "It is us, not you" in english.text
    assert '<html lang="en"' in english.text
    alice.set_cookie("language", "sv")
    assert _OUR_WORDS in alice.get("/", headers={"Accept-Language": "en"}).text


def test_scripts_get_a_sentence(
    cast: Cast, as_: As, take_away: Callable[[Exception], None], hx: dict[str, str]
) -> None:
    alice = as_(cast.alice)
    take_away(AWAY["locked"])
    for headers in (hx, {"X-Requested-With": "fetch"}):
        answer = alice.get("/", headers=headers)
        assert (answer.status_code, answer.text[:14]) == (503, '<p class="err"')
    answer = alice.post("/push/subscriptions", json={})
    assert answer.status_code == 503
    assert answer.get_json()["error"].startswith(_OUR_WORDS)


def test_whoever_is_signed_in_stays_so(cast: Cast, as_: As, take_away: Callable[[Exception], None]) -> None:
    alice = as_(cast.alice)
    take_away(AWAY["refused"])
    alice.get("/")
    with alice.session_transaction() as session:
        assert session["_user_id"]


@pytest.mark.parametrize(
    "path", ["/offline", "/service-worker.js", "/manifest.webmanifest", "/healthz", "/static/css/app.css"]
)
def test_what_the_app_needs_offline_is_served(
    app: Flask, cast: Cast, as_: As, take_away: Callable[[Exception], None], path: str
) -> None:
    path = asset_url(app, path.removeprefix("/static/")) if path.startswith("/static/") else path
    alice, stranger = as_(cast.alice), app.test_client()
    take_away(AWAY["refused"])
    assert alice.get(path).status_code == stranger.get(path).status_code == 200


def test_a_load_balancer_is_told(client: FlaskClient, take_away: Callable[[Exception], None]) -> None:
    for name in ("refused", "pool", "locked while connecting"):
        take_away(AWAY[name])
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert "the database does not answer" in answer.text


@pytest.mark.parametrize("name", OURS)
def test_our_own_fault_is_a_page_too_and_no_503(
    cast: Cast, as_: As, take_away: Callable[[Exception], None], name: str
) -> None:
    alice = as_(cast.alice)
    take_away(OURS[name])
    answer = alice.get("/")
    assert answer.status_code == 500
    assert "Det är vi som strular" in answer.text
    assert "Retry-After" not in answer.headers


@pytest.mark.parametrize("broken", ["theme", "page_language", "form_token", "get_flashed_messages", "icon"])
@pytest.mark.parametrize(("error", "status"), [(AWAY["refused"], 503), (RuntimeError("broken"), 500)])
def test_when_even_the_error_page_fails_there_is_another(
    app: Flask,
    client: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    broken: str,
    error: Exception,
    status: int,
) -> None:
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setitem(app.jinja_env.globals, broken, Failing(error).fail)
    app.extensions["caches"].clear()
    answer = client.get("/nowhere")
    assert answer.status_code in {status, 404}
    if answer.status_code != 404:
        assert _OUR_WORDS in answer.text
        assert "It is us, not you" in answer.text
        assert answer.headers["Content-Security-Policy"]
        assert ("Retry-After" in answer.headers) == (status == 503)


@pytest.mark.parametrize("ending", ["after_request", "teardown_request"])
def test_what_fails_after_the_answer_was_made_gets_a_page(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    functions: dict[str | None, list[Any]] = getattr(app, f"{ending}_funcs")
    monkeypatch.setitem(functions, None, [*functions.get(None, []), Failing(AWAY["refused"]).fail])
    answer = client.get("/privacy")
    assert answer.status_code == 503
    assert _OUR_WORDS in answer.text


@pytest.mark.sqlite
@pytest.mark.parametrize("harm", ["missing folder", "missing file", "garbage", "locked", "a folder"])
def test_files_of_sqlite_that_cannot_be_used(tmp_path: Path, harm: str) -> None:
    file = tmp_path / "x.db"
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        connection.execute(text("create table person (id integer)"))
    engine.dispose()
    other = sqlite3.connect(file)
    if harm == "missing folder":
        engine = create_engine(f"sqlite:///{tmp_path}/none/x.db")
    elif harm == "garbage":
        file.write_bytes(b"garbage " * 1000)
    elif harm == "locked":
        event.listen(engine, "connect", _impatient)
        other.execute("BEGIN EXCLUSIVE")
    else:
        file.unlink()
        if harm == "a folder":
            file.mkdir()
    with pytest.raises(Exception) as raised, engine.begin() as connection:
        connection.execute(text("insert into person values (1)"))
    other.close()
    assert what_is_away(raised.value).startswith("the database")


class NoStore:
    """Stands in for a bucket that nobody answers for."""

    def __getattr__(self, _name: str) -> Any:
        raise MediaAway("no answer")


def test_a_media_store_that_is_away_is_a_503(
    app: Flask, cast: Cast, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    activity, alice = make_activity(cast.alice), as_(cast.alice)
    path = f"/activities/{activity.id}/photos"
    assert alice.post(path, data={"photos": (BytesIO(jpeg()), "a.jpg")}).status_code == 303
    prepare_photos()
    name = f"{photos_of(activity)[0].key}-m.avif"
    monkeypatch.setattr("app.web.media.media_store", NoStore)
    monkeypatch.setattr("app.blueprints.activities.photo_routes.media_store", NoStore)
    other = {"photos": (BytesIO(jpeg("blue")), "b.jpg")}
    for answer in (
        alice.get(f"/media/{name}"),
        alice.post(path, data=other, headers={"X-Requested-With": "fetch"}),
    ):
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        assert _OUR_WORDS in answer.text
    assert len(photos_of(activity)) == 1


def _impatient(connection: sqlite3.Connection, _record: object) -> None:
    """After the application's own word on it, which is to wait a quarter of a minute."""
    connection.execute("PRAGMA busy_timeout=10")
