"""Markup that many requests share and that is rendered once: a page's frame differs mostly by language and role, and a
tip looks the same to whoever is offered it."""

from collections.abc import Hashable
from typing import Any

from flask import Flask
from markupsafe import Markup

from app.web.cache import Cache
from app.web.language import page_language

#: In practice some dozens for each language, and beside them what was offered last of some thousands of things.
_MARKUP: Cache[Markup] = Cache("markup", key="template, macro, language, arguments", at_most=4000)


def init_app(app: Flask) -> None:
    """Give templates `cached(template, macro, …)` and `cached_fragment(template)`."""
    environment, entries = app.jinja_env, _MARKUP.of(app)

    def cached(template: str, macro: str, *arguments: Hashable) -> Markup:
        """What the macro renders from these arguments in the page's language. It must depend on nothing else, so an
        argument is a word, a number or a row of them (a tuple, or a frozen dataclass), and nothing that changes.

        The macro is given by name, since importing it would cost the calling template time at each request.
        """
        key = (template, macro, page_language(), arguments)
        return entries.get(key, lambda: Markup(_macro(template, macro)(*arguments)))  # noqa: S704 - rendered by a template

    def cached_fragment(template: str) -> Markup:
        """A fragment that depends on the language only."""
        key = (template, page_language())
        return entries.get(key, lambda: Markup(environment.get_template(template).render()))  # noqa: S704 - rendered by a template

    def _macro(template: str, name: str) -> Any:
        return getattr(environment.get_template(template).module, name)

    environment.globals.update(cached=cached, cached_fragment=cached_fragment)
