"""Rules about the assembled application: who may call what, and links that lead somewhere."""

import ast
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from jinja2 import nodes
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import MapAdapter, RequestRedirect

from app.extensions import csrf
from tests.house import markup
from tests.house.tracked import name, tracked

pytestmark = pytest.mark.house

_RULE = re.compile(
    r"public|signed-in|role:(?:participant|coordinator|lead|steering)(?:,(?:coordinator|lead|steering))*"
)
_ADDRESS = re.compile(r"""\b(?:href|action|formaction|hx-(?:get|post|put|patch|delete))=["'](/[^"']*)["']""")
_EXPRESSION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_REQUEST_NAMES = {"request", "session", "g", "current_user"}


def test_every_route_says_who_may_call_it(base_app: Flask) -> None:
    """`@public`, `@signed_in` or `@role(…)` from app/web/access.py, on routes that read as on those that write."""
    rules = {
        endpoint: str(getattr(view, "access_rule", "none"))
        for endpoint, view in base_app.view_functions.items()
    }
    assert {endpoint: rule for endpoint, rule in rules.items() if not _RULE.fullmatch(rule)} == {}


def test_a_form_needs_its_token_but_where_something_else_is_the_secret() -> None:
    assert csrf._exempt_views == {
        "app.blueprints.auth.routes.try_it",  # the code and the cookie are one
        "app.blueprints.closeout.routes.choose",  # the address is the secret, and there is no session
        "app.blueprints.closeout.routes.move",
        "app.blueprints.closeout.routes.take_back",
        "app.blueprints.closeout.routes.tell",
        "app.blueprints.unsubscribe.routes.stop",  # so do mail providers, who have no form
    }


def test_nothing_that_writes_is_reached_by_a_link(base_app: Flask) -> None:
    """Browsers prefetch links and mail filters open them."""
    verb = re.compile(r"/(delete|remove|withdraw|hide|logout|cheer|advance|retract)$")
    by_get = [rule.rule for rule in base_app.url_map.iter_rules() if "POST" not in (rule.methods or set())]
    assert [rule for rule in by_get if verb.search(rule)] == []


def test_every_written_address_leads_to_a_route(base_app: Flask) -> None:
    """`href="/activities/{{ id }}/edit"` and the like, with each expression taken for a 1."""
    routes = base_app.url_map.bind("localhost")
    dead = [(template, path) for template, path in _written_addresses() if not _leads_somewhere(routes, path)]
    assert dead == []


def _written_addresses() -> Iterator[tuple[str, str]]:
    for template in markup.templates():
        for address in _ADDRESS.findall(markup.source(template)):
            if "{%" not in address:
                yield template, re.split(r"[?#]", _EXPRESSION.sub("1", address))[0]


def _leads_somewhere(routes: MapAdapter, path: str) -> bool:
    try:
        routes.match(path, method="GET")
    except RequestRedirect:
        return False
    except MethodNotAllowed:
        return True
    except NotFound:
        return False
    return True


def test_every_link_leads_to_a_route(base_app: Flask) -> None:
    linked = set(_links_of_templates()) | set(_links_of_code())
    assert linked
    assert {link for link in linked if link[1] not in base_app.view_functions} == set()


def _links_of_templates() -> Iterator[tuple[str, str]]:
    for template in markup.templates():
        for call in markup.tree(template).find_all(nodes.Call):
            called, first = call.node, call.args[0] if call.args else None
            if isinstance(called, nodes.Name) and called.name == "url_for" and isinstance(first, nodes.Const):
                yield template, first.value


def _links_of_code() -> Iterator[tuple[str, str]]:
    for path in tracked("app/*.py"):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Name)
                and call.func.id in {"url_for", "go_to"}
            ):
                first = call.args[0] if call.args else None
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield name(path), first.value


def test_models_and_services_never_see_the_request() -> None:
    seen = [
        (name(path), alias.name)
        for path in tracked("app/models/*.py", "app/services/*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module in {"flask", "flask_login"}
        for alias in node.names
        if alias.name in _REQUEST_NAMES
    ]
    assert seen == []


def test_services_never_commit() -> None:
    committing = [
        f"{name(path)}:{node.lineno}"
        for path in tracked("app/services/*.py", "app/models/*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]
    assert committing == []
