"""The reading bites: with a page or document that tells any more than the snapshot, it fails.

Most mutants know what nobody may, such as that 17 people answered and not 16, or a mean of 64.6.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest
from flask import Flask, Response
from jinja2 import ChoiceLoader, DictLoader

from app.blueprints.insights import document
from tests.released_surveys import cell
from tests.survey.proofs.patterns import all_alike, leaks_in
from tests.survey.proofs.rank import functionals
from tests.survey.reading.facts import UnreadError, snapshot_of
from tests.survey.reading.fetching import NOTHING, NUMBER, PLACES, Readers

_BALANCE: Final = {
    "positive": {"value": 62, "at": ""},
    "neutral": {"value": 13, "at": "least"},
    "negative": {"value": 25, "at": ""},
}
_WORDS: Final = [
    {"word": "Gemenskap", "count": 58, "sentiment": "positive"},
    {"word": "Otydligt", "count": 9, "sentiment": "negative"},
]
_SNAPSHOT: Final = {
    "cells": [
        cell("bjuv", n=8, figures=(75, 50, 25)),
        cell("klippan", "helsingborg", n=16, figures=(60, 50, 40)),
    ],
    "indices": {"engagement": 65, "understanding": 50, "use": 35},
    "words": _WORDS,
    "others": 30,
    "balance": _BALANCE,
}
_EXACT: Final = {"n": 17, "of_engagement": 64.6, "share": 0.6241, "count": 4}

_OWN_PLACE, _WORDS_SHOWN, _MEASUREMENT = (
    "survey/_own_place.html",
    "survey/_words.html",
    "components/measurement.html",
)
_RESULTS, _STOPS, _ANALYSIS = "survey/results.html", "stages/stops.html", "insights/_measurement.html"


#: What it is, in which template, what stands there, and what the mutant says instead.
_PAGES: Final = [
    ("an exact n beside a capped cell", _OWN_PLACE, "answers=answers", "answers=answers ~ ' (' ~ exact.n ~ ')'"),
    ("an exact n instead", _OWN_PLACE, "'%(num)s answers', own.cell.n", "'%(num)s answers', exact.n"),
    ("an exact total", _ANALYSIS, "'%(num)s answers.', released.n", "'%(num)s answers.', exact.n"),
    ("a total on the way", _STOPS, "{% set n = survey.released.n %}", "{% set n = exact.n %}"),
    ("a number elsewhere", "stages/_head.html", "</h1>", "</h1><p>{{ survey.released.n if survey }}</p>"),
    ("a dot by an exact mean", _MEASUREMENT, "dots(figure.now.value / 100", "dots(exact.of_engagement / 100"),
    ("a square by an exact mean", _MEASUREMENT, "here.value / 100 if here", "exact.of_engagement / 100 if here"),
    ("a bar by exact shares", _MEASUREMENT, "figure[when].value / sum.all * 100", "exact.share * 100"),
    ("one decimal more", _MEASUREMENT, '<p class="n">{{ figure.now.value }}', '<p class="n">{{ exact.of_engagement }}'),
    ("no limit", _MEASUREMENT, "{{ here.value }}{{ or_more(here) }}", "{{ here.value }}"),
    ("a count in a label", _MEASUREMENT, "aria-label=\"{{ _('Stage", "aria-label=\"{{ exact.n }} {{ _('Stage"),
    ("a label more", _MEASUREMENT, '<ul class="ix">', '<ul class="ix" aria-label="{{ exact.n }}">'),
    ("a title", _WORDS_SHOWN, '<ul class="wq">', '<ul class="wq" title="{{ exact.n }}">'),
    ("a data attribute", _WORDS_SHOWN, '<ul class="wq">', '<ul class="wq" data-n="{{ exact.n }}">'),
    ("a size by an exact count", _WORDS_SHOWN, "w{{ size }}", "w{{ exact.count }}"),
    ("a class", _WORDS_SHOWN, '<ul class="wq">', '<ul class="wq n{{ exact.n }}">'),
    ("another count in the table", _WORDS_SHOWN, "<td>{{ word.count|number }}", "<td>{{ exact.count }}"),
    ("another word in the table", _WORDS_SHOWN, "<tbody>",
     '<tbody><tr><th scope="row">Ensamt</th><td>4</td><td>neutral</td></tr>'),
    ("a progress", _RESULTS, "<h2>{{ indices_", "<progress value='{{ exact.n }}'></progress><h2>{{ indices_"),
    ("a comment", _RESULTS, "<h2>{{ indices_", "<!-- {{ exact.n }} --><h2>{{ indices_"),
    ("a picture", _RESULTS, "<h2>{{ indices_", "<svg width='{{ exact.n }}'></svg><h2>{{ indices_"),
    ("a sum", _RESULTS, "{{ headline.but }}", "{{ headline.but }} {{ exact.count }} of us did not."),
    ("which of the others", "survey/_how_it_is_protected.html", "places_of(cell)|", "places_of(cell)[:1]|"),
    ("another word to take out", "admin/_survey_blank.html", "{{ text(",
     "<select><option></option><option>Ensamt</option></select>{{ text("),
]  # fmt: skip
#: The function that makes a part of the JSON, and what the mutant puts in.
_DOCUMENTS: Final[list[tuple[str, dict[str, Any]]]] = [
    ("indices", {"pride": 50}),
    ("indices", {"engagement": 64.6}),
    ("indices", {"n": 17}),
    ("indices_in", {"engagement": 62, "n": 5}),
    ("indices_in", {"at_limit": {"engagement": "most"}}),
    ("associations", {"positive": 0.6241}),
    ("associations", {"writers": 17}),
    ("associations", {"words": [*_WORDS, {"word": "Ensamt", "count": 4, "sentiment": "neutral"}]}),
    ("associations_in", {"positive": 0.5}),
    ("other_municipalities", {"n": 17}),
    ("_group", {"answered": 17}),
]


@contextmanager
def rewritten(app: Flask, template: str, old: str, new: str) -> Iterator[None]:
    """The template says something else."""
    environment, loader = app.jinja_env, app.jinja_env.loader
    assert loader
    assert environment.cache is not None
    source, _path, _is_current = loader.get_source(environment, template)
    assert old in source, f"{template} has no {old}"
    environment.globals["exact"] = _EXACT
    environment.loader = ChoiceLoader([DictLoader({template: source.replace(old, new)}), loader])
    environment.cache.clear()
    try:
        yield
    finally:
        environment.loader = loader
        environment.cache.clear()
        del environment.globals["exact"]


def _is_caught(readers: Readers) -> bool:
    try:
        readers.demand_no_other(NOTHING, _SNAPSHOT)
    except AssertionError:
        return True
    return False


def test_without_a_mutant_nothing_is_caught(app: Flask, readers: Readers) -> None:
    with rewritten(app, _OWN_PLACE, "<h2>", "<h2>"):
        assert not _is_caught(readers)


def test_a_page_that_tells_more_is_caught(app: Flask, readers: Readers) -> None:
    missed = []
    for what, *mutant in _PAGES:
        with rewritten(app, *mutant):
            missed += [] if _is_caught(readers) else [what]
    assert missed == []


def test_a_document_that_tells_more_is_caught(readers: Readers, monkeypatch: pytest.MonkeyPatch) -> None:
    missed = []
    for function, more in _DOCUMENTS:
        told = getattr(document, function)
        with monkeypatch.context() as mutant:
            mutant.setattr(document, function, lambda *about, told=told, more=more: {**told(*about), **more})
            missed += [] if _is_caught(readers) else [(function, more)]
    assert missed == []


def test_a_header_that_tells_something_is_caught(
    app: Flask, readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tell(response: Response) -> Response:
        response.headers["X-Answered"] = "17"
        return response

    monkeypatch.setitem(app.after_request_funcs, None, [*app.after_request_funcs[None], tell])
    assert _is_caught(readers)


def test_of_a_municipality_alone_that_stands_with_others_the_rest_can_be_computed(
    readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told in the form of the others, in one format alone: then it is the rank that finds it."""
    own = cell("klippan", n=12, figures=(60, 50, 40))
    told = document.indices_in

    def telling(released: Any, slug: str) -> Any:
        alone = {**own["indices"], "n": own["n"], "at_limit": {}, "suppressed": False}
        return alone if slug == "klippan" else told(released, slug)

    monkeypatch.setattr(document, "indices_in", telling)
    readers.publish(NOTHING, _SNAPSHOT)
    rows = functionals(snapshot_of(readers.read("lead")["lead", "insights.show_json"], NUMBER), PLACES)
    assert frozenset({2}) in leaks_in(rows, all_alike([8, 12, 4]))


def test_what_is_told_twice_must_be_the_same(app: Flask, readers: Readers) -> None:
    readers.publish(NOTHING, _SNAPSHOT)
    with (
        rewritten(app, _MEASUREMENT, "<span>{{ (figure.now.value / 100)|percent }}", "<span>61%"),
        pytest.raises(UnreadError),
    ):
        readers.read("bjuv")
