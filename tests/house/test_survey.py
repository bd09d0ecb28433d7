"""What may be shown of a survey goes through one door, app/services/survey/publication.py."""

import ast
import re

import pytest

from tests.house import markup
from tests.house.tracked import name, tracked

pytestmark = pytest.mark.house

#: Those who make it, keep it and read it.
_HOME = "app/services/survey/"


def test_nothing_but_the_survey_itself_reads_what_was_released() -> None:
    """Neither as an attribute nor by name, as `getattr` or a query would."""
    readers = [
        f"{name(path)}:{node.lineno}"
        for path in tracked("app/*.py")
        if not name(path).startswith(_HOME)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if (isinstance(node, ast.Attribute) and node.attr == "snapshot")
        or (isinstance(node, ast.Constant) and node.value == "snapshot")
        or (isinstance(node, ast.ImportFrom) and (node.module or "").endswith("survey.release"))
    ]
    assert readers == []


def test_no_template_reads_it_either() -> None:
    reading = [one for one in markup.templates() if re.search(r"\bsnapshot\b", markup.source(one))]
    assert reading == []
