"""Removes the indentation of templates from the pages: it is only for those who read the templates."""

import re
from collections.abc import Iterator

from flask import Flask
from jinja2.ext import Extension

_TAGS_ALONE = re.compile(r"({%((?!%}).)*%}\s*)*")


class Flush(Extension):
    """Removes the indentation once, before a template is compiled. Line breaks stay: they separate words, and messages
    about a template must name the right line.

    Jinja takes away the line break behind a tag (`trim_blocks`). Where text stands before that tag, a space stands for
    the line break, so that what follows is a word of its own.
    """

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        if not name or not name.endswith(".html"):
            return source
        return "\n".join(_flush(source.split("\n")))


def _flush(lines: list[str]) -> Iterator[str]:
    is_joined = False
    for line in lines:
        text = line.lstrip(" \t")
        if _TAGS_ALONE.fullmatch(text):
            yield text
            continue
        yield f" {text}" if is_joined else text
        is_joined = text.endswith("%}") and not text.endswith("-%}")


def init_app(app: Flask) -> None:
    app.jinja_env.add_extension(Flush)
