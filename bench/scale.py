"""The pages of the game, at 50,000 entries in the ledger and at five million."""

import os
from statistics import median
from typing import NamedTuple

from app import create_app
from app.config import Settings
from bench.database import FilledDatabase, databases
from bench.load import burst
from bench.scale_data import READER, VIEWER, current_stage, differences, fill_with_points
from bench.server import gunicorn
from bench.targets import at_most

_SMALL, _LARGE = 5_000, 500_000


class _Page(NamedTuple):
    name: str
    path: str
    reader: int = VIEWER


_PAGES = (
    _Page("leaderboard", "/leaderboard"),
    _Page("a row of it, opened", "/leaderboard/bjuv"),
    _Page("neighbours", "/leaderboard/people"),
    _Page("one's own points", "/me/points"),
    _Page("quilt", "/challenges"),
    _Page("a square", "/challenges?value=gemensamt&focus_area=larande"),
    _Page("what was done in it", "/challenges/carried-out?value=gemensamt&focus_area=larande"),
    _Page("tips", "/tips"),
    _Page("traps", "/tips?kind=pitfall"),
    _Page("tips of a square", "/tips?focus_area=larande&value=gemensamt"),
    _Page("analysis of the stage", "/insights/stages/{stage}", READER),
)


class _Server(NamedTuple):
    port: int
    cookies: dict[int, str]

    def milliseconds(self, page: _Page, stage: int) -> float:
        path, cookie = page.path.format(stage=stage), self.cookies[page.reader]
        return burst(self.port, path, cookie=cookie, count=1, connections=1).median


def run(*, quick: bool = False, postgresql: bool = False) -> bool:
    large_number, rounds = (_LARGE // 10, 60) if quick else (_LARGE, 200)
    with databases(postgresql=postgresql) as new:
        small = fill_with_points(new("small"), _SMALL)
        stage = _check(small)
        large = fill_with_points(new("large"), large_number)
        with (
            gunicorn("wsgi:app", small.environment) as small_port,
            gunicorn("wsgi:app", large.environment) as large_port,
        ):
            servers = _Server(small_port, small.cookies), _Server(large_port, large.cookies)
            times = _ask(servers, stage, rounds)
    return _print_results(times, large_number, "PostgreSQL" if postgresql else "SQLite")


def _check(database: FilledDatabase) -> int:
    """That what was filled in is what the application would have written. Returns the number of the stage."""
    with create_app(Settings.from_env(database.environment)).app_context():
        if found := differences():
            raise RuntimeError(f"{len(found)} running figures are wrong, such as {found[:5]}")
        return current_stage().number


def _ask(servers: tuple[_Server, _Server], stage: int, rounds: int) -> dict[_Page, tuple[float, float]]:
    """Median milliseconds of each whole page on either, asked one at a time: small and large in turn, and all pages in
    each round, so that the machine's slow moments hit all alike."""
    times: dict[_Page, tuple[list[float], list[float]]] = {page: ([], []) for page in _PAGES}
    for number in range(rounds + 2):
        for page, both in times.items():
            for series, server in zip(both, servers, strict=True):
                milliseconds = server.milliseconds(page, stage)
                if number > 1:  # the first rounds warm up both workers
                    series.append(milliseconds)
    return {page: (median(small), median(large)) for page, (small, large) in times.items()}


def _print_results(times: dict[_Page, tuple[float, float]], large: int, engine: str) -> bool:
    print(
        f"scale: signed in, one at a time, {_SMALL * 10:,} and {large * 10:,} entries in the ledger, "
        f"{_SMALL:,} and {large:,} activities, {engine}; load {os.getloadavg()[0]:.1f}; ms"
    )
    for page, (before, after) in times.items():
        print(f"  {page.name:<24} {before:6.1f} → {after:6.1f}   × {after / before:.2f}")
    slowest = max(times, key=lambda page: times[page][1] / times[page][0])
    before, after = times[slowest]
    return at_most(f"page that grows most ({slowest.name}), large ÷ small", after / before, 1.2)
