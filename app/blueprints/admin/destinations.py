"""Where a lead's own message may lead: the pages that everybody has, and things that are there for everybody.

The survey is left out: what leads there is opened just before it is answered, and an opened message keeps its time.
"""

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

from flask import current_app, url_for
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from app.services.stages.destinations import is_activity, is_challenge, is_stage, is_tip
from app.web.local_path import local_path, path_on

_PAGES: Final[tuple[tuple[str, LazyString], ...]] = (
    ("feed.index", _l("Feed")),
    ("activities.new", _l("Plan")),
    ("activities.mine", _l("My activities")),
    ("challenges.index", _l("Challenges")),
    ("tips.index", _l("Tips and pitfalls")),
    ("leaderboard.index", _l("Leaderboard")),
    ("stages.index", _l("The journey")),
)
_OTHER_PAGES: Final = frozenset(
    {"badges.index", "badges.show", "challenges.everything", "leaderboard.points", "search.index"}
)
#: What has a number, and whether it is there.
_THINGS: Final[dict[str, Callable[[int], bool]]] = {
    "activities.show": is_activity,
    "challenges.show": is_challenge,
    "tips.show": is_tip,
    "stages.show": is_stage,
    "stages.end": is_stage,
    "lessons.show": is_stage,
}


def pages() -> list[tuple[str, LazyString]]:
    """The usual ones: path and name."""
    return [(url_for(endpoint), name) for endpoint, name in _PAGES]


def destination(written: str) -> str | None:
    """The path of ours that it names, with or without our own host before it. None for anything else, and for what is
    not there."""
    path = path_on(str(current_app.config["BASE_URL"]), written) if "://" in written else _ours(written)
    return path if path and _is_there(urlsplit(path).path) else None


def _ours(written: str) -> str | None:
    return written if written and local_path(written) == written else None


def _is_there(path: str) -> bool:
    try:
        endpoint, values = current_app.url_map.bind("").match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return False
    return endpoint in {*dict(_PAGES), *_OTHER_PAGES} or _has_thing(endpoint, values)


def _has_thing(endpoint: str, values: Any) -> bool:
    find = _THINGS.get(endpoint)
    return find is not None and find(next(iter(values.values())))
