"""`bin/bench [name …] [--quick] [--postgresql] [--large]`: run the named ones, or all; exit 1 when a target is
missed."""

import sys
from typing import Any

from bench import feed, kills, pages, push, scale, search, stage, survey

_ALL = {
    "feed": feed.run,
    "pages": pages.run,
    "search": search.run,
    "scale": scale.run,
    "push": push.run,
    "kills": kills.run,
    "survey": survey.run,
    "stage": stage.run,
}
_ON_LARGE = {"feed": feed.run}
_ON_POSTGRESQL = {"search": search.run, "scale": scale.run, "survey": survey.run, "stage": stage.run}


def main(arguments: list[str]) -> int:
    benchmarks: dict[str, Any] = _ON_POSTGRESQL if "--postgresql" in arguments else _ALL
    options = {name.removeprefix("--"): True for name in ("--quick", "--postgresql") if name in arguments}
    if "--large" in arguments:
        benchmarks, options = _ON_LARGE, {**options, "large": True}
    names = [name for name in arguments if not name.startswith("-")] or list(benchmarks)
    unknown = [name for name in names if name not in benchmarks]
    if unknown:
        print(f"There is no such benchmark {unknown[0]!r}; there are: {', '.join(benchmarks)}.")
        return 2
    missed = [name for name in names if not benchmarks[name](**options)]
    return 1 if missed else 0


sys.exit(main(sys.argv[1:]))
