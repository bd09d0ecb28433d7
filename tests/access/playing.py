"""One cell after the other: the request is made, the answer put into the table's words, and all of it taken back."""

from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection
from werkzeug.test import TestResponse

from app.extensions import Model
from tests.access.forms import BEFORE, body
from tests.access.people import COLUMNS
from tests.taken_back import taken_back

_TABLES: Final = Path(__file__).with_name("matrix")
_REFUSALS: Final = {401: "sign in", 403: "refused", 404: "nowhere", 410: "gone", 422: "told why"}
#: What reading one's inbox writes, and a moderator who reads something that waits; nothing else that is read.
_MARKED_AS_READ: Final = {"notification", "playbook_run", "reading"}
#: Stands above the form of whoever is limited, and on the page that they get where there is none.
_UNTIL_WHEN: Final = "Du kan läsa men inte skriva till".encode()
_PAGE_OF_REFUSAL: Final = b"<h1>Du kan l\xc3\xa4sa men inte skriva</h1>"
#: What a refusal may write: a wrong code is a try.
_COUNTED: Final = {"sign_in_code"}


class Row(NamedTuple):
    #: As in "GET /tips"; "GET+HX" asks for the fragment.
    request: str
    #: A word that stands on the page where the thing is shown; empty: the page itself.
    mark: str
    #: What is expected, by column.
    words: dict[str, str]

    @property
    def reads(self) -> bool:
        return self.request.startswith("GET")


def table() -> list[Row]:
    """The rows of all parts; what stands between them is for their readers."""
    text = "".join(path.read_text("utf-8") for path in sorted(_TABLES.glob("*.md")))
    lines = [line for line in text.splitlines() if line.startswith("| `")]
    cells = [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines]
    return [Row(request, mark, dict(zip(COLUMNS, words, strict=True))) for request, mark, *words in cells]


class Play:
    """`cookies` are those of each column's browser, `world` what the addresses name."""

    def __init__(self, app: Flask, cookies: dict[str, dict[str, Any]], world: dict[str, Any]) -> None:
        self._app, self._cookies, self._world = app, cookies, world
        with taken_back() as connection:
            self._rows_before = _rows(connection)

    def rule(self, row: Row) -> tuple[str, str]:
        """The route, by its address and method; fails when there is none."""
        method, address, _headers = self._asked(row)
        rule, _arguments = self._app.url_map.bind("localhost").match(
            urlsplit(address).path, method, return_rule=True
        )
        return rule.rule, method

    def word(self, row: Row, column: str) -> str:
        """What the table must say of it."""
        for limit in self._app.extensions["limiter"]:
            limit.reset()
        with taken_back() as connection:
            browser = self._browser(column)
            before = self._rows_before
            if prepare := BEFORE.get(row.request):
                prepare(self._world, browser, column)
                before = _rows(connection)
            changes = _changes(connection)
            response = self._answer(row, browser)
            written = set()
            if (
                _changes(connection) != changes
            ):  # most cells write nothing, and comparing everything takes its time
                written = {name for name, rows in _rows(connection).items() if rows != before[name]}
            return self._word(row, response, written)

    def _word(self, row: Row, response: TestResponse, written: set[str]) -> str:
        if row.reads:
            word, unexpected = self._of_what_is_read(row, response), written - _MARKED_AS_READ
        else:
            word = _of_what_is_done(response, bool(written))
            unexpected = set() if word == "does" else written - _COUNTED
        return f"{word}, and writes {', '.join(sorted(unexpected))}" if unexpected else word

    def _of_what_is_read(self, row: Row, response: TestResponse) -> str:
        if response.status_code == 200:
            return "sees" if row.mark.format(**self._world).encode() in response.data else "lacks"
        return _refusal(response) or ("led on" if response.location else str(response.status_code))

    def _answer(self, row: Row, browser: FlaskClient) -> TestResponse:
        method, address, headers = self._asked(row)
        sent = {} if row.reads else body(row.request, self._world)
        return browser.open(address, method=method, headers=headers, **sent)

    def _asked(self, row: Row) -> tuple[str, str, dict[str, str]]:
        method, _space, address = row.request.partition(" ")
        headers = {"HX-Request": "true"} if method.endswith("+HX") else {}
        return method.removesuffix("+HX"), address.format(**self._world), headers

    def _browser(self, column: str) -> FlaskClient:
        browser = self._app.test_client()
        with browser.session_transaction() as cookie:
            cookie.update(self._cookies[column])
        return browser


def _changes(connection: Connection) -> int:
    """How many rows have been written on it so far, also those that were taken back."""
    driver = connection.connection.driver_connection
    assert driver
    changes: int = driver.total_changes
    return changes


def _rows(connection: Connection) -> dict[str, list[Any]]:
    """All there is, past SQLAlchemy's own rows: it is asked for after each cell."""
    driver = connection.connection.driver_connection
    assert driver
    return {name: driver.execute(f'SELECT * FROM "{name}"').fetchall() for name in Model.metadata.tables}


def _of_what_is_done(response: TestResponse, writes: bool) -> str:
    if refusal := _refusal(response):
        return refusal
    is_done = response.location or response.status_code in (200, 201, 204)
    return ("does" if writes else "idle") if is_done else str(response.status_code)


def _refusal(response: TestResponse) -> str:
    if (response.location or "").startswith("/login?next="):
        return "sign in"
    if response.status_code == 403 and _UNTIL_WHEN in response.data and _PAGE_OF_REFUSAL not in response.data:
        return "told why"  # the form comes back, and says until when one may not write
    return _REFUSALS.get(response.status_code, "")
