"""Markup that is the same for many requests, drawn once: most of a page's frame differs by language and role only."""

from collections.abc import Hashable
from typing import Any

from flask import Flask
from markupsafe import Markup

from app.web.cache import Cache
from app.web.language import page_language

#: In practice there are some dozens for each language.
_MARKUP: Cache[Markup] = Cache("markup", key="template, macro, language, arguments", at_most=2000)


def init_app(app: Flask) -> None:
    """Give templates `kept(template, macro, …)` and `still(template)`."""
    environment, drawn = app.jinja_env, _MARKUP.of(app)

    def kept(template: str, macro: str, *arguments: Hashable) -> Markup:
        """What the template's macro draws from these arguments in the page's language. It must show nothing else.

        By name, since a template that imports the macro itself would pay for the import each time.
        """
        key = (template, macro, page_language(), arguments)
        return drawn.get(key, lambda: Markup(_macro(template, macro)(*arguments)))  # noqa: S704 - drawn by a template

    def still(template: str) -> Markup:
        """A fragment that depends on the language only."""
        key = (template, page_language())
        return drawn.get(key, lambda: Markup(environment.get_template(template).render()))  # noqa: S704 - drawn by a template

    def _macro(template: str, name: str) -> Any:
        return getattr(environment.get_template(template).module, name)

    environment.globals.update(kept=kept, still=still)
