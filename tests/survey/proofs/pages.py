"""All that can be fetched from the application, by people of every kind: for comparing two worlds, byte by byte."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.routing import BuildError, Rule

from app.extensions import Model, db
from tests.taken_back import taken_back

#: What stands for the parts of an address: they lead to something in the small programme, or to a 404, which is
#: compared as well.
_PARTS: Final = {"number": 2, "stage": 2, "slug": "bjuv", "role": "lead", "kind": "tip"}
#: Answers that differ each time, whatever is in the database; and what is not of the application's own data.
_LEFT_OUT: Final = {"static", "metrics", "healthz", "readyz"}
#: The key of a form that is sent once, however often it is tried.
_RANDOM: Final = re.compile(rb'value="[\w-]{16,}"')
_FROM_THE_FIRST: Final = """
    SELECT setval(pg_get_serial_sequence('notification', 'id'), coalesce(max(id), 0) + 1, false) FROM notification
"""
#: Tables that answering itself writes, and a device's last use.
BOX: Final = frozenset({"ballot", "survey_participation"})


def addresses(app: Flask) -> Iterator[tuple[str, str]]:
    """The endpoint and the address of every page that can be fetched."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint not in _LEFT_OUT:
            try:
                yield rule.endpoint, adapter.build(rule.endpoint, _values(rule))
            except (BuildError, ValueError):
                continue


def seen_by(app: Flask, browsers: dict[str, FlaskClient]) -> dict[tuple[str, str], bytes]:
    """What each of them is shown at each endpoint."""
    return {
        (who, endpoint): b"%d " % answer.status_code + _RANDOM.sub(b"", answer.data)
        for who, browser in browsers.items()
        for endpoint, address in addresses(app)
        for answer in [browser.get(address)]
    }


def rows(but: frozenset[str] = frozenset()) -> set[str]:
    """Every row but its own number, which PostgreSQL counts on when a test is taken back."""
    return {
        f"{table.name} {[value for column, value in zip(table.columns, row, strict=True) if _is_compared(column.name)]}"
        for table in Model.metadata.sorted_tables
        if table.name not in but
        for row in db.session.execute(select(table))
    }


def apart(step: Callable[[], None]) -> None:
    """Take the step, and take back what it has written."""
    with taken_back() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(_FROM_THE_FIRST))  # it counts on when what was counted is taken back
        step()


def _is_compared(column: str) -> bool:
    return column not in {"id", "seen_at", "notification_id"}


def _values(rule: Rule) -> dict[str, object]:
    return {name: _PARTS.get(name, 1) for name in rule.arguments}
