"""Markup that is the same for many requests, drawn once: most of a page's frame differs by language and role only."""

from collections.abc import Callable, Hashable
from typing import Any

from flask import Flask
from markupsafe import Markup

from app.web.language import page_language

#: Past this many everything is drawn anew; in practice there are some dozens for each language.
_AT_MOST = 2000


def init_app(app: Flask) -> None:
    """Give templates `kept(template, macro, …)` and `still(template)`."""
    environment = app.jinja_env
    drawn: dict[Hashable, Markup] = {}

    def once(key: Hashable, draw: Callable[[], str]) -> Markup:
        if key not in drawn:
            if len(drawn) >= _AT_MOST:
                drawn.clear()
            drawn[key] = Markup(draw())  # noqa: S704 - it comes from a template
        return drawn[key]

    def kept(template: str, macro: str, *arguments: Hashable) -> Markup:
        """What the template's macro draws from these arguments in the page's language. It must show nothing else.

        By name, since a template that imports the macro itself would pay for the import each time.
        """
        key = (template, macro, page_language(), arguments)
        return once(key, lambda: _macro(template, macro)(*arguments))

    def still(template: str) -> Markup:
        """A fragment that depends on the language only."""
        return once((template, page_language()), lambda: environment.get_template(template).render())

    def _macro(template: str, name: str) -> Any:
        return getattr(environment.get_template(template).module, name)

    environment.globals.update(kept=kept, still=still)
