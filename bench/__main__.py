"""`bin/bench [name …] [--quick]`: run the named ones, or all of `_ALL`; exit 1 when a target is missed."""

import sys

from bench import feed, kills, pages, push, search

_ALL = {"feed": feed.run, "pages": pages.run, "search": search.run, "push": push.run, "kills": kills.run}


def main(arguments: list[str]) -> int:
    quick = "--quick" in arguments
    names = [name for name in arguments if not name.startswith("-")] or list(_ALL)
    unknown = [name for name in names if name not in _ALL]
    if unknown:
        print(f"There is no benchmark {unknown[0]!r}; there are: {', '.join(_ALL)}.")
        return 2
    missed = [name for name in names if not _ALL[name](quick=quick)]
    return 1 if missed else 0


sys.exit(main(sys.argv[1:]))
