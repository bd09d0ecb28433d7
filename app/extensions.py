"""The unbound extensions; `create_app` binds them."""

import sqlite3
from datetime import UTC, datetime
from typing import Any

from flask_babel import Babel
from flask_compress import Compress
from flask_htmx import HTMX
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as BaseSession
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import JSON, DateTime, Dialect, Engine, MetaData, event
from sqlalchemy.orm import DeclarativeBase, SessionTransaction, registry
from sqlalchemy.types import TypeDecorator

from app.rate_limits import RouteLimiter


class UTCDateTime(TypeDecorator[datetime]):
    """A moment with a time zone, stored and read as UTC. One without a zone is refused, since SQLite stores no zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC))


class Model(DeclarativeBase):
    """The base of every table: named constraints, so that migrations can drop them on both engines."""

    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={
            datetime: UTCDateTime,
            dict[str, Any]: JSON,
            dict[str, str]: JSON,
            list[str]: JSON,
            list[int]: JSON,
        },
    )


class Session(BaseSession):
    """Begins a transaction before a savepoint. Python's sqlite3 begins one before a change only: the savepoint would be
    the outermost transaction itself, and releasing it would commit.

    Not by a listener for savepoints, which SQLAlchemy looks for at every statement.
    """

    def begin_nested(self) -> SessionTransaction:
        raw: Any = self.connection().connection.dbapi_connection
        if isinstance(raw, sqlite3.Connection) and not raw.in_transaction:
            # Immediate, because a transaction that begins by reading and writes later may find the database locked.
            raw.execute("BEGIN IMMEDIATE")
        return super().begin_nested()


db = SQLAlchemy(model_class=Model, session_options={"class_": Session})
migrate = Migrate(db=db, render_as_batch=True, compare_type=True)
login = LoginManager()
csrf = CSRFProtect()
babel = Babel()
htmx = HTMX()
limiter = RouteLimiter(key_func=get_remote_address)
compress = Compress()


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """WAL lets readers go on while somebody writes. SQLite checks foreign keys only when it is told to, and overwrites
    what is deleted."""
    if not isinstance(connection, sqlite3.Connection):
        return
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "busy_timeout=15000",
        "cache_size=-32000",
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
