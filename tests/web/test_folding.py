"""What a template says the same on every page of a language is put into it when it is compiled."""

from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from jinja2 import DictLoader, nodes

from app.web.folding import ANSWERED_ONCE, CompiledByLanguage


def _environment(app: Flask, **sources: str) -> Any:
    loader = DictLoader({f"{name}.html": source for name, source in sources.items()})
    environment: Any = app.jinja_env.overlay(loader=loader, cache_size=-1)
    environment.cache = CompiledByLanguage()
    return environment


def _drawn(environment: Any, language: str, **variables: object) -> str:
    with force_locale(language):
        return str(environment.get_template("page.html").render(**variables))


def test_a_template_has_the_words_of_the_language_in_which_it_is_drawn(app: Flask) -> None:
    page = "{% from 'macros.html' import place %}{{ _('Feed') }}, {{ place() }}"
    environment = _environment(app, page=page, macros="{% macro place() %}{{ _('Settings') }}{% endmacro %}")
    with app.test_request_context():
        drawn = [_drawn(environment, language) for language in ("en", "sv", "en", "sv")]
    assert drawn == ["Feed, Settings", "Flöde, Inställningar"] * 2


def test_it_is_compiled_once_for_each(app: Flask) -> None:
    environment = _environment(app, page="{{ _('Feed') }}")
    with app.test_request_context():
        made = []
        for language in ("en", "sv", "en", "sv"):
            with force_locale(language):
                made.append(environment.get_template("page.html"))
    assert made[:2] == made[2:]
    assert made[0] is not made[1]


def test_then_nothing_is_asked_for_any_more(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = _environment(app, page="{{ _('Feed') }} {{ icon('bell', css='ic-s') }}")
    with app.test_request_context():
        first = _drawn(environment, "sv")
        for name in ANSWERED_ONCE:
            monkeypatch.delitem(app.jinja_env.globals, name)
        assert _drawn(environment, "sv") == first
    assert first.startswith('Flöde <svg class="ic-s"')


@pytest.mark.parametrize(
    ("source", "drawn"),
    [
        ("{{ _('%(name)s asks', name=word) }}", "&gt; undrar"),
        ("{{ _('%(name)s asks', **words) }}", "&lt; undrar"),
        ("{{ _(text) }}", "Flöde"),
        ("{{ icon(symbol)|length > 20 }}", "True"),
    ],
)
def test_what_a_page_puts_in_is_asked_for_at_each_page(app: Flask, source: str, drawn: str) -> None:
    environment = _environment(app, page=source)
    given = {"word": ">", "words": {"name": "<"}, "text": "Feed", "symbol": "bell"}
    with app.test_request_context():
        assert _drawn(environment, "sv", **given) == drawn


@pytest.mark.parametrize(
    "source",
    ["{{ icon('bell') ~ icon('x') }}", "{{ icon('bell') ~ word }}", "{% set it = icon('bell') %}{{ it }}"],
)
def test_markup_stays_markup(app: Flask, source: str) -> None:
    environment = _environment(app, page=source)
    with app.test_request_context():
        drawn = _drawn(environment, "sv", word="<b>")
    assert drawn.startswith("<svg ")
    assert "<b>" not in drawn


def test_no_template_has_something_else_by_the_name_of_what_is_put_in(app: Flask) -> None:
    environment: Any = app.jinja_env
    meant_otherwise = {}
    for name in environment.list_templates(extensions=["html", "txt"]):
        source, _file, _is_fresh = environment.loader.get_source(environment, name)
        tree = environment.parse(source)
        own = {it.name for it in tree.find_all(nodes.Name) if it.ctx != "load"}
        own |= {it.name for it in tree.find_all(nodes.Macro)}
        own |= {it.target for it in tree.find_all(nodes.Import)}
        for imported in tree.find_all(nodes.FromImport):
            own |= {it if isinstance(it, str) else it[1] for it in imported.names}
        if ANSWERED_ONCE & own:
            meant_otherwise[name] = ANSWERED_ONCE & own
    assert meant_otherwise == {}
