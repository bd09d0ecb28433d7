"""Where one goes on toward a badge: the next thing to do, in a word or two, and the page where one does it."""

from typing import Final, NamedTuple

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString


class Way(NamedTuple):
    words: LazyString
    endpoint: str


_PLAN: Final = Way(_l("Plan an activity"), "activities.new")
_REPORT: Final = Way(_l("See what you can report"), "activities.mine")

_WAYS: Final = {
    "first-report": _REPORT,
    "honest": _REPORT,
    "new-thinker": Way(_l("See the empty squares"), "challenges.index"),
    "warned-in-time": Way(_l("Write a tip"), "tips.new"),
}


def way_to(slug: str) -> Way:
    """Most badges come of planning something."""
    return _WAYS.get(slug, _PLAN)
