"""Markup that is the same for many requests, drawn once: most of a page's frame differs by language and role only."""

from collections.abc import Hashable
from typing import Any

from flask import Flask, current_app
from markupsafe import Markup

from app.web.language import page_language

#: Past this many everything is drawn anew; in practice there are some dozens for each language.
_AT_MOST = 2000


def init_app(app: Flask) -> None:
    """Give templates `kept(template, macro, …)` and `still(template)`."""
    app.extensions["kept"] = {}
    app.jinja_env.globals.update(kept=kept, still=still)


def kept(template: str, macro: str, *arguments: Hashable) -> Markup:
    """What the template's macro draws from these arguments in the page's language. It must show nothing else.

    By name, since a template that imports the macro itself would pay for the import each time.
    """
    return _once(
        (template, macro, page_language(), arguments), lambda: getattr(_module(template), macro)(*arguments)
    )


def still(template: str) -> Markup:
    """A fragment that depends on the language only."""
    return _once((template, page_language()), lambda: _rendered(template))


def _rendered(template: str) -> Markup:
    return Markup(current_app.jinja_env.get_template(template).render())  # noqa: S704 - it comes from a template


def _module(template: str) -> Any:
    return current_app.jinja_env.get_template(template).module


def _once(key: Hashable, draw: Any) -> Markup:
    drawn: dict[Hashable, Markup] = current_app.extensions["kept"]
    if key not in drawn:
        if len(drawn) >= _AT_MOST:
            drawn.clear()
        drawn[key] = draw()
    return drawn[key]
