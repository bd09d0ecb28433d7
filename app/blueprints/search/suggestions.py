"""What somebody may have meant who found nothing: words alike, or one of their words alone."""

from typing import Final, NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext

from app.models.person import Person
from app.services.search.find import Results, search
from app.services.search.vocabulary import nearest

_MOST: Final = 3


class Suggestion(NamedTuple):
    """What to look for instead, and how much there is of it."""

    q: str
    found: str


def suggestions_for(q: str, results: Results, viewer: Person) -> list[Suggestion]:
    """Only what would find something."""
    found = [(other, search(other, viewer)) for other in _others(q, results)]
    return [Suggestion(other, _in_words(its)) for other, its in found if its.total]


def _others(q: str, results: Results) -> list[str]:
    words = [typed.word for typed in results.typed]
    missing = [place for place, meaning in enumerate(results.meanings) if not meaning]
    if not missing:
        return words[:_MOST] if len(words) > 1 else []
    place = missing[0]
    return [
        " ".join([*words[:place], near, *words[place + 1 :]]) for near in nearest(results.typed[place], _MOST)
    ] or [word for word in words if word != words[place]][:_MOST]


def _in_words(results: Results) -> str:
    hits = ngettext("%(num)d hit", "%(num)d hits", results.total)
    return f"{_('More than')} {hits}" if results.has_older else hits
