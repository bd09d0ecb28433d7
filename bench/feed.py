"""The feed's first page, signed in, everything and what is for oneself, beside a bare "hello" on the same server: at
1,000 and at 200,000 activities with two million comments and cheers; with `--large`, at a million with ten."""

from dataclasses import dataclass
from statistics import fmean, median
from typing import Final

from app import clock
from bench.database import FilledDatabase, databases, filled
from bench.feed_data import Contents
from bench.feed_talk import Talk, follow_some
from bench.load import Load, burst
from bench.server import gunicorn
from bench.targets import at_least, at_most


@dataclass(frozen=True)
class Size:
    activities: int
    #: Comments and cheers together.
    talk: int
    people: int = 30_000

    def insert(self) -> None:
        Contents(self.activities, self.people).insert()
        Talk(self.talk // 2).insert(clock.now())
        follow_some(clock.now())


_SMALL, _MIDDLE, _LARGE = Size(1_000, 10_000), Size(200_000, 2_000_000), Size(1_000_000, 10_000_000)
_VIEWS: Final = {"everything": "/?show=all", "for oneself": "/?show=you"}


def run(*, quick: bool = False, large: bool = False) -> bool:
    sizes = {"small": _SMALL, "large": _LARGE if large else _MIDDLE}
    return compare(sizes, 12 if quick else 60)


def compare(sizes: dict[str, Size], rounds: int, count: int = 150) -> bool:
    """Many short rounds of hello and of each view at each size in turn, so that the machine's slow moments hit all of
    them alike."""
    with databases() as new:
        small, large = (filled(new(name), size.insert) for name, size in sizes.items())
        with (
            gunicorn("bench.hello:app", {}) as hello_port,
            gunicorn("wsgi:app", small.environment) as small_port,
            gunicorn("wsgi:app", large.environment) as large_port,
        ):
            ports = {"small": (small_port, small), "large": (large_port, large)}
            series: dict[str, list[Load]] = {}
            for number in range(rounds + 1):
                turn = {"hello": burst(hello_port, "/", count=count * 2)}
                turn |= {
                    f"{view}, {size}": _asked(port, database, address, count)
                    for view, address in _VIEWS.items()
                    for size, (port, database) in ports.items()
                }
                if number:  # the first round warms up
                    for name, load in turn.items():
                        series.setdefault(name, []).append(load)
    return _print_results(series, sizes)


def _asked(port: int, database: FilledDatabase, address: str, count: int) -> Load:
    return burst(port, address, cookie=database.cookie, count=count)


def _print_results(series: dict[str, list[Load]], sizes: dict[str, Size]) -> bool:
    rate = {name: fmean(load.rate for load in loads) for name, loads in series.items()}
    time = {name: median(load.median for load in loads) for name, loads in series.items()}
    print("feed: first page, signed in, 20 items, gunicorn sync × 2, SQLite, 16 connections")
    for name, size in sizes.items():
        print(f"  {name}: {size.activities:,} activities, {size.talk:,} comments and cheers")
    for name, loads in series.items():
        body = loads[0].body_bytes
        print(f"  {name:<20} {rate[name]:7,.0f} pages/s   p50 {time[name]:6.1f} ms   {body / 1000:5.1f} kB")
    reached = []
    for view in _VIEWS:
        small, large = f"{view}, small", f"{view}, large"
        reached += [
            at_least(f"pages/s, {large} ÷ hello", rate[large] / rate["hello"], 0.22),
            at_most(f"median time, {view}, large ÷ small", time[large] / time[small], 1.15),
        ]
    return all(reached)
