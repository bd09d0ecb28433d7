"""How much a request may carry. What is larger is refused before anybody reads it, and nothing of it is answered.

Every form fits in `USUAL`. A route that takes more, or less, says so with `@takes_up_to`, beside its access rule.
"""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

from flask import Flask, Request, abort, current_app, request
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.wrappers import Response

from app.web.access import View, to_sign_in

#: Bytes of a body, where a route says nothing else.
USUAL: Final = 2 * 1024 * 1024
#: Fields of a form, whatever its encoding, or of an address.
MOST_FIELDS: Final = 1000
#: Bytes written as `%41`, each of which takes long to read: four texts of 10,000 signs outside the Latin alphabet have
#: 120,000.
MOST_ESCAPES: Final = 200_000
#: Characters of a field's name or a file's: file systems know none longer than 255.
LONGEST_NAME: Final = 300
#: Characters of path and query. Our own addresses have a few hundred, and servers in front often allow 4,096.
LONGEST_ADDRESS: Final = 8 * 1024
#: Characters of all headers together; a browser with every cookie that it may keep for us sends some thousands.
MOST_HEADERS: Final = 64 * 1024

_CHUNK: Final = 64 * 1024


def takes_up_to(size: int) -> Callable[[View], View]:
    """The route takes bodies of up to that many bytes, but only from people who are signed in: others are sent to sign
    in before anything is read."""

    def decorate(view: View) -> View:
        view.largest_body = size  # type: ignore[attr-defined]
        return view

    return decorate


def largest_body() -> int:
    """How many bytes the requested route takes."""
    view = current_app.view_functions.get(request.endpoint or "")
    size: int = getattr(view, "largest_body", USUAL)
    return size


def init_app(app: Flask) -> None:
    """Comes before whatever reads a form, such as the check of its token."""
    app.request_class = BoundedRequest
    app.config.update(MAX_CONTENT_LENGTH=USUAL, MAX_FORM_MEMORY_SIZE=USUAL, MAX_FORM_PARTS=MOST_FIELDS)
    app.before_request(_refuse_long_head)
    app.before_request(_refuse_large_body)


class _BoundedParser(FormDataParser):
    """Werkzeug bounds the fields of multipart forms only, and no names."""

    def _parse_urlencoded(self, stream: IO[bytes], *arguments: Any) -> Any:
        body = stream.read()
        if body.count(b"&") >= MOST_FIELDS or body.count(b"%") > MOST_ESCAPES:
            raise RequestEntityTooLarge
        return self._with_short_names(super()._parse_urlencoded(BytesIO(body), *arguments))

    def _parse_multipart(self, *arguments: Any) -> Any:
        return self._with_short_names(super()._parse_multipart(*arguments))

    @staticmethod
    def _with_short_names(parsed: tuple[IO[bytes], MultiDict[str, str], MultiDict[str, Any]]) -> Any:
        _stream, form, files = parsed
        if None in form or None in files:  # a part without a name, of which nobody thinks who looks for names
            raise BadRequest
        file_names = (file.filename or "" for file in files.values())
        if (
            _longest(form) > LONGEST_NAME
            or _longest(files) > LONGEST_NAME
            or _longest(file_names) > LONGEST_NAME
        ):
            raise RequestEntityTooLarge
        return parsed


class BoundedRequest(Request):
    form_data_parser_class = _BoundedParser


def _longest(names: Iterable[str]) -> int:
    return max(map(len, names), default=0)


def _refuse_long_head() -> None:
    environ = request.environ
    query = environ.get("QUERY_STRING", "")
    if len(environ.get("PATH_INFO", "")) + len(query) > LONGEST_ADDRESS or query.count("&") >= MOST_FIELDS:
        abort(HTTPStatus.REQUEST_URI_TOO_LONG)
    if sum(len(text) for name, text in environ.items() if name.startswith("HTTP_")) > MOST_HEADERS:
        abort(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)


def _refuse_large_body() -> Response | None:
    length = request.content_length
    untold = length is None and "wsgi.input_terminated" in request.environ
    if not length and not untold:
        return None
    size = largest_body()
    if size > USUAL and not current_user.is_authenticated:
        return to_sign_in()
    if (length or 0) > size:
        abort(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    # One more than there can be: Werkzeug takes a body that ends at its limit for one that goes on.
    request.max_content_length = size + 1
    if untold:
        _measure(size)
    return None


def _measure(size: int) -> None:
    """Read a body whose length nobody told (a chunked one) as far as the limit, where Werkzeug would cut it and go on
    with what it has."""
    sent = request.environ["wsgi.input"]
    if not (chunk := sent.read(_CHUNK)):
        return
    body = SpooledTemporaryFile(max_size=_CHUNK)  # noqa: SIM115 - lives as long as the request
    while chunk:
        body.write(chunk)
        if body.tell() > size:
            abort(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        chunk = sent.read(_CHUNK)
    length = body.tell()
    body.seek(0)
    request.environ.pop("HTTP_TRANSFER_ENCODING", None)
    request.environ.update({"wsgi.input": body, "CONTENT_LENGTH": str(length)})
