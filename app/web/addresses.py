"""Limits of what an address may contain: what the database cannot look up is refused before any query."""

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter

from app.web.paging import LARGEST_NUMBER


class RowNumber(IntegerConverter):
    """`<int:…>`: a number larger than any row's makes an address that does not exist."""

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **{"max": LARGEST_NUMBER} | options)  # type: ignore[arg-type]


def init_app(app: Flask) -> None:
    app.url_map.converters["int"] = RowNumber
    app.before_request(_refuse_nul)


def _refuse_nul() -> None:
    """PostgreSQL accepts no NUL character in a text."""
    if "\0" in request.path or b"%00" in request.query_string:
        abort(400)
