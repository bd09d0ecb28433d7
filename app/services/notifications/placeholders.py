"""The placeholders that a step's text may have: `%(title)s` becomes the title of what it is about."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from flask_babel import get_locale, lazy_gettext
from flask_babel.speaklater import LazyString

from app.services.notifications.playbook import Reach, Step

_l = lazy_gettext
_WRITTEN: Final = re.compile(r"%\((\w+)\)s")
#: Also what looks like one and is none, such as `%(title)`.
_BEGUN: Final = re.compile(r"%\([^)\s]*\)?s?")


class Placeholder(NamedTuple):
    name: str
    meaning: LazyString

    @property
    def written(self) -> str:
        return f"%({self.name})s"


_TITLE: Final = Placeholder("title", _l("what it is about"))
_PLACE: Final = Placeholder("place", _l("the municipality"))
#: In every step, and in a lead's own message.
OF_STAGE: Final = (
    Placeholder("number", _l("the stage’s number")),
    Placeholder("name", _l("the stage’s name")),
    Placeholder("planned", _l("how much has been planned in the stage")),
    Placeholder("done", _l("how much of it is carried out")),
    Placeholder("days", _l("how many days are left to act")),
    Placeholder("next", _l("a sentence about the next stage")),
)
_OF_REACH: Final[dict[Reach, tuple[Placeholder, ...]]] = {
    Reach.RANKED: (
        _PLACE,
        Placeholder("rank", _l("its place on the leaderboard")),
        Placeholder("score", _l("its points a person")),
    ),
    Reach.IDLE_CHALLENGE: (_TITLE,),
    Reach.IDLE_IDEA: (_TITLE, Placeholder("author", _l("who did it")), _PLACE),
    Reach.IDLE_SQUARE: (Placeholder("area", _l("the focus area")), Placeholder("value", _l("the value"))),
    Reach.EVE: (_TITLE, Placeholder("sentence", _l("the plan, read back as a sentence"))),
    Reach.DAY_AFTER: (_TITLE,),
    Reach.WATCH: (
        _PLACE,
        Placeholder("quiet", _l("a sentence about how many are quiet")),
        Placeholder("waiting", _l("a sentence about how much waits")),
    ),
}


def placeholders_of(step: Step) -> tuple[Placeholder, ...]:
    """What the text of that step may speak of, what is its own first."""
    return _OF_REACH.get(step.reach, ()) + OF_STAGE


def unknown_placeholders(known_ones: Iterable[Placeholder], text: str) -> list[str]:
    """What looks like a placeholder and would be filled in by nothing, as it is written."""
    known = {placeholder.written for placeholder in known_ones}
    return [written for written in _BEGUN.findall(text) if written not in known]


def filled_in(text: str, values: Mapping[str, Any]) -> str:
    """The text with its placeholders replaced; a lone percent sign is one."""
    return _WRITTEN.sub(lambda found: str(values[found[1]]), text)


def own_text(text: Any) -> str:
    """What a lead has written instead, in the forced language; empty where they left that language as it was."""
    return text.get(str(get_locale()), "") if isinstance(text, dict) else ""
