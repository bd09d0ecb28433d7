"""What a template says the same on every page of a language is put into it when it is compiled."""

from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from jinja2 import DictLoader, nodes

from app.models.person import LANGUAGES
from app.web.folding import ANSWERED_ONCE


def _environment(app: Flask, **sources: str) -> Any:
    loader = DictLoader({f"{name}.html": source for name, source in sources.items()})
    return app.jinja_env.overlay(loader=loader)


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
        ("{{ '#bell' in icon(symbol) }}", "True"),
    ],
)
def test_what_a_page_puts_in_is_asked_for_at_each_page(app: Flask, source: str, drawn: str) -> None:
    environment = _environment(app, page=source)
    before = {"word": "a", "words": {"name": "b"}, "text": "Settings", "symbol": ""}
    given = {"word": ">", "words": {"name": "<"}, "text": "Feed", "symbol": "bell"}
    with app.test_request_context():
        assert _drawn(environment, "sv", **before) != drawn
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


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_template_compiles_with_the_words_of_each_language(app: Flask, language: str) -> None:
    """A slip in a translation would else take down the pages of that language alone."""
    with app.test_request_context(), force_locale(language):
        for name in app.jinja_env.list_templates():
            app.jinja_env.get_template(name)


def test_without_a_page_somebody_says_which_language(app: Flask) -> None:
    """What is written for somebody else, as by the worker, is in their language and not in a usual one."""
    environment = _environment(app, page="{{ _('Feed') }}")
    with pytest.raises(RuntimeError):
        environment.get_template("page.html")


@pytest.mark.parametrize("number", [2, 2.0, Decimal(2), "2"])
def test_a_number_of_any_kind_is_put_in(app: Flask, number: Any) -> None:
    environment = _environment(app, page="{{ _('%(n)s of %(of)s', n=number, of='<') }}")
    with app.test_request_context():
        assert _drawn(environment, "sv", number=number) == f"{number} av &lt;"


def test_how_many_may_be_a_number_of_any_kind(app: Flask) -> None:
    environment = _environment(app, page="{{ ngettext('%(num)d came', '%(num)d came', number) }}")
    with app.test_request_context():
        assert {_drawn(environment, "en", number=number) for number in (2, 2.0, Decimal(2))} == {"2 came"}


def test_no_template_has_something_else_by_the_name_of_what_is_put_in(app: Flask) -> None:
    environment: Any = app.jinja_env
    meant_otherwise = {}
    for name in environment.list_templates():
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
