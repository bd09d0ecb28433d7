"""Removes the indentation of templates from the pages: it is only for those who read the templates."""

import re

from flask import Flask
from jinja2.ext import Extension

_INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)


class Flush(Extension):
    """Removes the indentation once, before a template is compiled. Line breaks stay: they separate words, and messages
    about a template must name the right line."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return _INDENTATION.sub("", source) if name and name.endswith(".html") else source


def init_app(app: Flask) -> None:
    app.jinja_env.add_extension(Flush)
