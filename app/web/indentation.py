"""Templates are indented for those who read them; the pages that they make are not."""

import re

from flask import Flask
from jinja2.ext import Extension

_INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)


class Flush(Extension):
    """Takes the indentation away before a template is compiled, once: each line begins at the margin. Line breaks stay,
    so that messages about a template name the right line, and one still parts two words."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return _INDENTATION.sub("", source) if name and name.endswith(".html") else source


def init_app(app: Flask) -> None:
    app.jinja_env.add_extension(Flush)
