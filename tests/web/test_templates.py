"""What templates have at hand: symbols of the sprite, and indentation that is not sent."""

from inspect import iscoroutinefunction

from flask import Flask, render_template_string
from flask_babel import force_locale
from jinja2 import DictLoader
from werkzeug.local import LocalProxy

from app.models.survey import Sentiment
from app.web.assets import asset_url
from app.web.indentation import Flush
from tests.house.tracked import ROOT


def test_an_icon_is_a_silent_symbol_of_the_sprite(app: Flask) -> None:
    sprite = app.jinja_env.globals["sprite_url"]
    drawn = render_template_string("{{ icon('bell') }}{{ icon('x', 'ic-s') }}{{ mark('k') }}")
    assert drawn == "".join(
        f'<svg class="{css}" aria-hidden="true"><use href="{sprite}#{name}"/></svg>'
        for css, name in (("ic", "bell"), ("ic-s", "x"), ("mark", "v-k"))
    )


def test_the_mood_of_a_word_has_symbols_of_its_own(app: Flask) -> None:
    moods = asset_url(app, "icons/moods.svg")
    drawn = "".join(render_template_string("{{ mood_icon(one, 'ic-s') }}", one=one) for one in Sentiment)
    assert drawn == "".join(
        f'<svg class="ic-s" aria-hidden="true"><use href="{moods}#{one}"/></svg>'
        for one in ("positive", "neutral", "negative")
    )
    symbols = (ROOT / "app" / "static" / "icons" / "moods.svg").read_text("utf-8")
    assert [one for one in Sentiment if f'id="{one}"' not in symbols] == []


def test_a_name_from_the_programme_cannot_break_out_of_an_icon(app: Flask) -> None:
    assert '"><script>' not in render_template_string("{{ icon(name) }}", name='"><script>')


def test_a_page_is_sent_without_the_indentation_of_its_template(app: Flask) -> None:
    source = "<ul>\n  <li>\n    {{ word }}\n  </li>\n</ul>"
    sources = {"page.html": source, "script.js": source}
    environment = app.jinja_env.overlay(loader=DictLoader(sources))
    with app.test_request_context():
        page, script = environment.get_template("page.html"), environment.get_template("script.js")
    assert page.render(word="  ett") == "<ul>\n<li>\n  ett\n</li>\n</ul>"
    assert script.render(word="ett") == source.replace("{{ word }}", "ett")


def test_words_on_two_lines_are_two_words_whatever_tags_stand_between(app: Flask) -> None:
    sources = {
        "if.html": "<p>\n  {% if yes %}\n    {% if yes %}Ett.{% endif %}\n  {% endif %}\n  <b>Två.</b>\n</p>",
        "stripped.html": "<p>\n  {% if yes %}Ett.{% endif -%}\n  Två.\n</p>",
        "alone.html": "{% if yes %}\n  <p>\n    {% if yes %}\n      Ett.\n    {% endif %}\n  </p>\n{% endif %}",
    }
    environment = app.jinja_env.overlay(loader=DictLoader(sources))
    with app.test_request_context():
        drawn = {name: environment.get_template(name).render(yes=True) for name in sources}
    assert drawn == {
        "if.html": "<p>\nEtt. <b>Två.</b>\n</p>",
        "stripped.html": "<p>\nEtt.Två.\n</p>",
        "alone.html": "<p>\nEtt.\n</p>\n",
    }


def test_every_template_is_compiled_without_its_indentation(app: Flask) -> None:
    assert Flush.identifier in app.jinja_env.extensions


def test_a_text_is_in_the_language_of_the_page_also_when_another_was_drawn_before(app: Flask) -> None:
    drawn = {}
    with app.test_request_context():
        for language in ("en", "sv", "en"):
            with force_locale(language):
                drawn[language] = render_template_string("{{ _('Feed') }}")
    assert drawn == {"en": "Feed", "sv": "Flöde"}


def test_what_is_put_into_a_text_is_escaped(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        drawn = render_template_string(
            "{{ _('In %(place)s', place=name) }} {{ ngettext('%(num)d tip', '%(num)d tips', 2) }} {{ _('100 %%') }}",
            name="<b>",
        )
    assert drawn == "In &lt;b&gt; 2 tips 100 %"


def test_macros_are_made_once_however_often_they_are_imported(app: Flask) -> None:
    made: list[str] = []
    sources = {
        "macros.html": "{% set _made = made('x') %}{% macro word() %}ord{% endmacro %}",
        "row.html": "{% from 'macros.html' import word %}{{ word() }}",
        "list.html": "{% for row in rows %}{% include 'row.html' %}{% endfor %}",
    }
    environment = app.jinja_env.overlay(loader=DictLoader(sources))
    environment.globals["made"] = made.append
    try:
        with app.test_request_context():
            assert environment.get_template("list.html").render(rows=range(3)) == "ordordord"
    finally:
        del environment.globals["made"]
    assert made == ["x"]


def test_nothing_that_templates_call_asks_for_their_context(app: Flask) -> None:
    """They would not be given it (app/web/application.py)."""
    called = {name: it for name, it in app.jinja_env.globals.items() if type(it) is not LocalProxy}
    asking = {name for name, it in called.items() if hasattr(it, "jinja_pass_arg")}
    assert asking == set()


def test_no_view_and_no_hook_is_a_coroutine(app: Flask) -> None:
    """It would not be awaited (app/web/application.py)."""
    hooks = (app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs)
    called = [
        *app.view_functions.values(),
        *(each for by_area in hooks for of in by_area.values() for each in of),
    ]
    assert not any(map(iscoroutinefunction, called))
