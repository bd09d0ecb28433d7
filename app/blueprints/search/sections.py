"""What the page of a search shows: a section for each kind that something was found of."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from app.models.search import SearchKind
from app.services.people.membership import people_for_rows
from app.services.search.find import Hits, Place, Results
from app.services.search.rows import activities_for_rows, challenges_for_rows, tips_for_rows
from app.web.paging import RankCursor
from app.web.query import with_query

#: How many of each kind are shown when all kinds are.
_FEW: Final = 3


@dataclass(frozen=True)
class _Kind:
    """`slug` names it in addresses; `load` gives things by their numbers, with all that their rows show."""

    slug: str
    name: LazyString
    load: Callable[[Collection[int]], Iterable[Any]]


KINDS: Final = {
    SearchKind.ACTIVITY: _Kind("activities", lazy_gettext("Activities"), activities_for_rows),
    SearchKind.TIP: _Kind("tips", lazy_gettext("Tips and pitfalls"), tips_for_rows),
    SearchKind.CHALLENGE: _Kind("challenges", lazy_gettext("Challenges"), challenges_for_rows),
    SearchKind.PERSON: _Kind("people", lazy_gettext("Persons"), people_for_rows),
}
KINDS_BY_SLUG: Final = {its.slug: kind for kind, its in KINDS.items()}


@dataclass(frozen=True)
class Section:
    """Some of what was found of a kind. `all_url` leads to all of them, `more_url` to those that follow."""

    slug: str
    name: str
    count: str
    things: list[Any]
    all_url: str
    more_url: str
    has_older: bool


@dataclass(frozen=True)
class Chip:
    words: str
    url: str
    is_current: bool


def sections_of(results: Results, q: str, chosen: SearchKind | None, last: Place | None) -> list[Section]:
    """The first few of every kind, first the kind that has the best match; or a page of the chosen one."""
    found = sorted(kind for kind in SearchKind if results.hits[kind].places)
    kinds = [chosen] if chosen else sorted(found, key=lambda kind: results.hits[kind].places[0].match)
    return [_section(kind, results.hits[kind], q, chosen, last) for kind in kinds]


def chips_of(results: Results, q: str, chosen: SearchKind | None) -> list[Chip]:
    """All, and each kind that something was found of, with how much."""
    everything = Chip(_("Everything"), _address(q), chosen is None)
    kinds = [kind for kind in SearchKind if results.hits[kind].places or kind == chosen]
    return [everything, *(_chip(kind, results.hits[kind], q, chosen) for kind in kinds)]


def _chip(kind: SearchKind, hits: Hits, q: str, chosen: SearchKind | None) -> Chip:
    words = f"{KINDS[kind].name} {_count(hits)}"
    return Chip(words, _address(q, kind), kind == chosen)


def _section(kind: SearchKind, hits: Hits, q: str, chosen: SearchKind | None, last: Place | None) -> Section:
    page = hits.page(last) if chosen else hits.page(None, _FEW)
    its = KINDS[kind]
    more = str(RankCursor(*page.last)) if chosen and page.last else ""
    return Section(
        its.slug,
        str(its.name),
        _count(hits),
        _in_order(its.load, [place.number for place in page.items]),
        _address(q, kind) if page.has_more and not chosen else "",
        _address(q, kind, more) if more else "",
        hits.has_older,
    )


def _address(q: str, kind: SearchKind | None = None, after: str | None = None) -> str:
    return with_query("/search", q=q, kind=KINDS[kind].slug if kind else None, after=after)


def _in_order(load: Callable[[Collection[int]], Iterable[Any]], numbers: list[int]) -> list[Any]:
    things = {thing.id: thing for thing in load(numbers)}
    return [things[number] for number in numbers if number in things]


def _count(hits: Hits) -> str:
    return f"{len(hits.places)}{'+' if hits.has_older else ''}"
