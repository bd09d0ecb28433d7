"""Flask and Jinja, but without the questions that have one answer here and that they ask dozens of times for a page."""

from collections.abc import Callable, MutableMapping
from typing import Any, Self

from flask import Flask
from flask.sansio.app import App
from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.environment import TemplateModule
from jinja2.runtime import Context

from app.web.folding import CompiledByLanguage, fold


class DirectCalls(Context):
    """Jinja asks of whatever a template calls whether it wants the context as well. Nothing of ours does."""

    def call(
        self,
        called: Callable[..., Any],
        /,
        *arguments: Any,
        _block_vars: object = None,
        _loop_vars: object = None,
        **named: Any,
    ) -> Any:
        return called(*arguments, **named)


class OneModule(Template):
    """Templates import macros from one module a template, made at its first import and kept.

    Jinja compares all globals at each import, lest the importing template was given others than the imported one.
    Ours all have the application's, and a list imports some for every row."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


class SharedGlobals(Environment):
    """Jinja chains the application's globals with those of each template, and copies both for every page. Ours have
    none of their own."""

    context_class = DirectCalls
    template_class = OneModule

    def __init__(self, app: App, **options: Any) -> None:
        """All templates are kept. Of a limited number, fewer than ours, Jinja keeps the order of use too, and goes
        through all of them whenever a page looks one up."""
        super().__init__(app, **options)
        self.cache: Any = CompiledByLanguage()

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals

    def overlay(self, **options: Any) -> Self:  # type: ignore[override]  # by their names alone
        """Jinja would give it a cache of another kind."""
        made = super().overlay(**options, cache_size=-1)
        made.cache = CompiledByLanguage()
        return made

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        """Where Jinja compiles: what is the same on every page of a language is put in first."""
        fold(source, self)
        return super()._generate(source, name, filename, defer_init)


class Application(Flask):
    jinja_environment = SharedGlobals

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Flask asks of every view and hook whether it is a coroutine. None is."""
        return func
