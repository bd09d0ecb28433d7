"""What is away when a request fails, and what still works then.

Most failures get a page from errors.py, made without what is away. When that fails too, or something outside of it, the
answer is a page that was made at the start.
"""

import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from functools import wraps
from typing import TYPE_CHECKING, Any, Final

import psycopg
import structlog
from flask import Flask, g, render_template
from flask_babel import force_locale, gettext
from psycopg import errors as postgresql
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoFreeConnection
from werkzeug.wrappers import Response

from app.extensions import login
from app.gateways.media import MediaAway
from app.models.person import LANGUAGES
from app.web.access import View
from app.web.error_words import away
from app.web.identity import glance_or_none

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = structlog.get_logger()

#: After how many seconds to try again.
RETRY_AFTER: Final = 30

#: Whatever asking the database may raise; while connecting, also what SQLAlchemy does not wrap.
DATABASE_ERRORS: Final = (SQLAlchemyError, sqlite3.Error, psycopg.Error)

_POSTGRESQL_AWAY = (psycopg.OperationalError, psycopg.InterfaceError, psycopg.InternalError)
_POSTGRESQL_UNPREPARED = (
    postgresql.UndefinedTable,
    postgresql.UndefinedColumn,
    postgresql.InvalidCatalogName,
    postgresql.InsufficientPrivilege,
)
#: SQLite's codes (the lower byte) that tell of the file, the disk or who else is writing, and not of the statement.
_SQLITE_AWAY = frozenset(
    {
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_AUTH,
        sqlite3.SQLITE_NOTADB,
    }
)


def what_is_away(error: Exception) -> str:
    """What does not answer, in an operator's words; empty when the fault is ours."""
    if isinstance(error, MediaAway):
        return "the media store"
    if isinstance(error, NoFreeConnection):
        return "the database: all connections are in use"
    raw = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(raw, sqlite3.Error):
        return _of_sqlite(raw)
    if isinstance(raw, _POSTGRESQL_UNPREPARED):
        return _UNPREPARED
    # A statement after one that failed says only that: whoever swallowed the first error is at fault.
    if isinstance(raw, _POSTGRESQL_AWAY) and not isinstance(raw, postgresql.InFailedSqlTransaction):
        return "the database"
    return "the database" if isinstance(error, OperationalError) else ""


_UNPREPARED = "the database's tables: look at DATABASE_URL, and run: flask --app wsgi db upgrade"


def _of_sqlite(error: sqlite3.Error) -> str:
    # A file that is gone is made anew by SQLite, without tables.
    if str(error).startswith(("no such table", "no such column")):
        return _UNPREPARED
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_BUSY)
    return "the database" if code & 0xFF in _SQLITE_AWAY else ""


def without_viewer() -> None:
    """From here on the request takes whoever is not known yet for a stranger, since asking would fail again."""
    if "_login_user" not in g:
        g._login_user = login.anonymous_user()


def for_everybody(view: View) -> View:
    """The page is the same for everybody but for the language, so it is there also while the database is away."""

    @wraps(view)
    def answered(*args: Any, **kwargs: Any) -> Any:
        try:
            glance_or_none()
        except DATABASE_ERRORS as error:
            log.warning("not asked who is looking", what=what_is_away(error))
            without_viewer()
        return view(*args, **kwargs)

    return answered


def init_app(app: Flask) -> None:
    """Comes after everything that pages are made with."""
    app.wsgi_app = _LastResort(app, app.wsgi_app, _last_resort_page(app))  # type: ignore[method-assign]


def _last_resort_page(app: Flask) -> str:
    words = {}
    with app.app_context():
        for language in LANGUAGES:
            with force_locale(language):
                words[language] = (*away(), gettext("To the feed"))
        with force_locale("sv"):
            return render_template("errors/last_resort.html", words=words)


class _LastResort:
    """Around the whole application: whatever is raised in it, and in its error handlers, gets this page."""

    def __init__(self, app: Flask, inner: "WSGIApplication", page: str) -> None:
        self._app, self._inner, self._page = app, inner, page

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        try:
            return self._inner(environ, start_response)
        except Exception as error:
            what = what_is_away(error)
            if not what and (self._app.config["PROPAGATE_EXCEPTIONS"] or environ.get("werkzeug.debug")):
                raise
            # Logging must not be what makes this page fail (a full disk).
            with suppress(Exception):
                log.exception("no page could be made", what=what)
            return self._answer(503 if what else 500)(environ, start_response)

    def _answer(self, status: int) -> Response:
        response = Response(self._page, status, {"Cache-Control": "no-store"}, mimetype="text/html")
        if status == 503:
            response.headers["Retry-After"] = str(RETRY_AFTER)
        return response
