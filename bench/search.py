"""The search, signed in, for common words, rare ones, parts and slips, at 5,000 activities and at 500,000."""

from collections.abc import Callable
from statistics import median
from time import perf_counter, process_time
from urllib.parse import quote

from app import create_app
from app.config import Settings
from app.extensions import db
from app.models.person import Person
from app.services.search.find import search
from bench.database import FilledDatabase, databases
from bench.load import burst
from bench.search_data import fill_with_words
from bench.server import gunicorn
from bench.targets import at_most

_SMALL, _LARGE = 5_000, 500_000
#: What is looked for, by what it tries.
_QUERIES = {
    "a word that most have": "fika",
    "a word that few have": "vattenfilm",
    "two common words": "fika bibliotek",
    "three common words": "cykel skol park",
    "a beginning": "bibl",
    "a beginning of two letters": "sk",
    "a part of compounds": "giro",
    "a common part": "möte",
    "typed plainly": "strandmote",
    "a slip": "bibiotek",
    "nothing": "xylofon",
    "a person": "nummer2345",
}
#: Each query is asked by somebody else, since a person may search 300 times in five minutes.
_PEOPLE = dict(enumerate(_QUERIES.values(), start=1))


def run(*, quick: bool = False, postgresql: bool = False) -> bool:
    """Small and large in turn, query by query, so that the machine's slow moments hit both alike."""
    rounds = 15 if quick else 60
    with databases(postgresql=postgresql) as new:
        small = fill_with_words(new("small"), _SMALL, tuple(_PEOPLE))
        large = fill_with_words(new("large"), _LARGE, tuple(_PEOPLE))
        with (
            gunicorn("wsgi:app", small.environment) as small_port,
            gunicorn("wsgi:app", large.environment) as large_port,
        ):
            servers = ((small_port, small.cookies), (large_port, large.cookies))
            pages = {q: _pages(q, person, servers, rounds) for person, q in _PEOPLE.items()}
        clock = perf_counter if postgresql else process_time
        small_alone, large_alone = (_alone(database, rounds, clock) for database in (small, large))
    return _print_results(pages, small_alone, large_alone, engine="PostgreSQL" if postgresql else "SQLite")


def _pages(
    q: str, person: int, servers: tuple[tuple[int, dict[int, str]], ...], rounds: int
) -> tuple[float, float]:
    """Median milliseconds of the whole page on either, asked one at a time by that person."""
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 1):
        for series, (port, cookies) in zip(times, servers, strict=True):
            load = burst(port, f"/search?q={quote(q)}", cookie=cookies[person], count=1, connections=1)
            if number:  # the first round warms up
                series.append(load.median)
    return median(times[0]), median(times[1])


def _alone(database: FilledDatabase, rounds: int, clock: Callable[[], float]) -> dict[str, float]:
    """Median milliseconds of looking, without the page around it. With SQLite it is the CPU of this process, in which
    that runs too, so that what else runs on the machine does not count; PostgreSQL works elsewhere."""
    with create_app(Settings.from_env(database.environment)).app_context():
        viewer = db.session.get_one(Person, 1)
        return {q: _time(q, viewer, rounds, clock) for q in _QUERIES.values()}


def _time(q: str, viewer: Person, rounds: int, clock: Callable[[], float]) -> float:
    times = []
    for _ in range(rounds + 1):
        begin = clock()
        search(q, viewer)
        times.append((clock() - begin) * 1000)
    return median(times[1:])


def _print_results(
    pages: dict[str, tuple[float, float]], small: dict[str, float], large: dict[str, float], *, engine: str
) -> bool:
    print(
        f"search: signed in, one at a time, {_SMALL:,} and {_LARGE:,} activities, 30,000 people, {engine}; ms"
    )
    for name, q in _QUERIES.items():
        before, after = pages[q]
        alone = f"{small[q]:6.1f} → {large[q]:6.1f}"
        print(f"  {name:<28} {q:<16} page {before:6.1f} → {after:6.1f}   alone {alone}")
    ratios = [after / before for before, after in pages.values()]
    return all(
        [
            at_most("median of pages, 500,000 ÷ 5,000 activities", median(ratios), 1.2),
            at_most("slowest search alone at 500,000, ms", max(large.values()), 50),
        ]
    )
