"""How templates import macros: from one module a template, made at its first import and kept."""

from flask import Flask
from jinja2 import Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context


class OneModule(Template):
    """Jinja compares all globals at each import, lest the importing template was given others than the imported one.
    Ours all have the application's, and a list imports some for every row."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


def init_app(app: Flask) -> None:
    app.jinja_env.template_class = OneModule
