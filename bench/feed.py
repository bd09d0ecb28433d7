"""The feed's first page, signed in, beside a bare "hello" on the same server, at 1,000 and at 200,000 activities."""

from statistics import fmean, median

from bench.database import databases, filled
from bench.feed_data import Contents
from bench.load import Load, burst
from bench.server import gunicorn
from bench.targets import at_least, at_most

_SMALL, _LARGE = 1_000, 200_000


def run(*, quick: bool = False) -> bool:
    """Many short rounds of hello, small, large in turn, so that the machine's slow moments hit all of them alike."""
    count, rounds = 150, 12 if quick else 60
    with databases() as new:
        small = filled(new("small"), Contents(_SMALL).insert)
        large = filled(new("large"), Contents(_LARGE).insert)
        with (
            gunicorn("bench.hello:app", {}) as hello_port,
            gunicorn("wsgi:app", small.environment) as small_port,
            gunicorn("wsgi:app", large.environment) as large_port,
        ):
            series: dict[str, list[Load]] = {"hello": [], "small": [], "large": []}
            for number in range(rounds + 1):
                turn = {
                    "hello": burst(hello_port, "/", count=count * 2),
                    "small": burst(small_port, "/", cookie=small.cookie, count=count),
                    "large": burst(large_port, "/", cookie=large.cookie, count=count),
                }
                if number:  # the first round warms up
                    for name, load in turn.items():
                        series[name].append(load)
    return _print_results(series)


def _print_results(series: dict[str, list[Load]]) -> bool:
    rate = {name: fmean(load.rate for load in loads) for name, loads in series.items()}
    time = {name: median(load.median for load in loads) for name, loads in series.items()}
    print("feed: first page, signed in, 20 items, gunicorn sync × 2, SQLite, 16 connections")
    for name, label in (
        ("hello", "hello"),
        ("small", f"{_SMALL:,} activities"),
        ("large", f"{_LARGE:,} activities"),
    ):
        body = series[name][0].body_bytes
        print(f"  {label:<20} {rate[name]:7,.0f} pages/s   p50 {time[name]:6.1f} ms   {body / 1000:5.1f} kB")
    return all(
        [
            at_least("pages/s, 200,000 activities ÷ hello", rate["large"] / rate["hello"], 0.22),
            at_most("median time, 200,000 ÷ 1,000 activities", time["large"] / time["small"], 1.15),
        ]
    )
