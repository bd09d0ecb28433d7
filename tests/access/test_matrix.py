"""Who may see and do what: every route in the eyes of everybody, as the tables in `matrix/` have it."""

from collections import Counter
from pathlib import Path

import pytest
from flask import Flask

from tests.access.people import make_people, sign_everybody_in
from tests.access.playing import Play, Row, table
from tests.access.world import make_world
from tests.cast import Cast
from tests.survey.web_keys import share_with_web

pytestmark = [pytest.mark.sqlite, pytest.mark.usefixtures("at_now")]


@pytest.fixture
def play(app: Flask, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Play:
    share_with_web(app, tmp_path / "survey", monkeypatch)
    people = make_people(cast)
    cookies = sign_everybody_in(app, people)
    return Play(app, cookies, make_world(people, tmp_path / "survey"))


def test_every_route_has_a_row_and_every_row_a_route(app: Flask, play: Play) -> None:
    rules = {(rule.rule, method) for rule in app.url_map.iter_rules() for method in rule.methods or ()}
    asked_for = {(rule, method) for rule, method in rules if method not in {"HEAD", "OPTIONS"}}
    assert asked_for == {play.rule(row) for row in table()}


def test_no_row_stands_twice() -> None:
    rows = Counter((row.request, row.mark) for row in table())
    assert [row for row, times in rows.items() if times > 1] == []


def test_what_each_may_see(play: Play) -> None:
    _hold(play, [row for row in table() if row.reads])


def test_what_each_may_do(play: Play) -> None:
    _hold(play, [row for row in table() if not row.reads])


def _hold(play: Play, rows: list[Row]) -> None:
    assert rows
    faults = [
        f"{row.request}, {row.mark or 'the page itself'}: {column} {found}, not: {word}"
        for row in rows
        for column, word in row.words.items()
        if (found := play.word(row, column)) != word
    ]
    assert faults == [], "\n".join(faults)
