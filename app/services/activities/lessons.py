"""What colleagues learned: all of it, the most helpful first, and what comes up at the moment when the next plan is
made (PRODUCT: Traps at the moment of planning)."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple, Protocol, TypeVar

from sqlalchemy import CompoundSelect, Select, bindparam, select, tuple_, union_all

from app.extensions import db
from app.models.paging import LAST_NUMBER, PAGE_SIZE, Page
from app.models.person import Person
from app.models.tip import Tip, TipKind, is_shown
from app.services.activities.listed_tips import ListedTip, listed_tips
from app.services.activities.peer_tips import PEER_TIP, PeerTip

#: The most helpful pitfall comes first.
_KINDS = (TipKind.PITFALL, TipKind.SUCCESS)
#: How many more come up in the plan form at a time.
MORE = 4
#: So many are read for each that is shown, since several activities may have taught the same.
_READ_FOR_ONE = 8
#: So many of each kind are read, enough to leave out the two that come up.
_READ_OF_KIND = _READ_FOR_ONE + len(_KINDS)
#: A place before every tip: the first page begins after it.
_TOP = (LAST_NUMBER, LAST_NUMBER)

#: A tip's place in the lists: its rank and number.
Place = tuple[int, int]


class _Worded(Protocol):
    """As much of a tip as it takes to see whether another says the same."""

    @property
    def text(self) -> str: ...


_Words = TypeVar("_Words", bound=_Worded)


class _Numbered(NamedTuple):
    """A tip of which the rest is read later."""

    id: int
    text: str


@dataclass(frozen=True)
class TipFilter:
    """What is looked for; None is all of them."""

    kind: TipKind | None = None
    focus_area_id: int | None = None
    value_id: int | None = None

    @property
    def wanted(self) -> dict[str, str | int]:
        """What is looked for, by the names of the columns."""
        columns = {
            "kind_of_tip": self.kind and self.kind.value,
            "focus_area_id": self.focus_area_id,
            "value_id": self.value_id,
        }
        return {name: sought for name, sought in columns.items() if sought is not None}


@dataclass(frozen=True)
class _Range:
    """Tips in the order of the lists: a query that is made already, and its parameters but for its limit."""

    query: Select[*tuple[Any, ...]]
    parameters: dict[str, Any]

    def first(self, size: int) -> Sequence[Any]:
        return db.session.connection().execute(self.query, {**self.parameters, "size": size}).all()


@dataclass(frozen=True)
class PeerTips:
    """What comes up in the plan form: `sought` is what was found there, `more` whether there is more."""

    sought: TipFilter
    tips: list[PeerTip]
    more: bool


def tips_page(sought: TipFilter, last: Place | None = None) -> Page[ListedTip]:
    """The most helpful first; `last` is the place of the last one seen."""
    rows = _by_rank(sought, last).first(PAGE_SIZE * 3)
    found = _page([_Numbered._make(row) for row in rows], PAGE_SIZE, read_for_one=3)
    tips = {tip.id: tip for tip in listed_tips([words.id for words in found.items])}
    return Page([tips[words.id] for words in found.items], found.has_more)


def peer_tips(sought: TipFilter, reader: Person, seen: Collection[PeerTip] = ()) -> PeerTips:
    """The two best that others wrote, the most helpful pitfall first; of the focus area alone when the value has none.
    `seen` are those that the reader sees already; none says the same as one of them."""
    found = _two_best(sought, reader, seen)
    if not found.tips and sought.value_id:
        return _two_best(replace(sought, value_id=None), reader, seen)
    return found


def more_peer_tips(
    sought: TipFilter, reader: Person, last: Place | None, without: Collection[int]
) -> Page[PeerTip]:
    """The next best after that place, of both kinds."""
    rows = _of_others(sought, reader, without, last).first(MORE * _READ_FOR_ONE)
    return _page([PeerTip._make(row) for row in rows], MORE)


def _two_best(sought: TipFilter, reader: Person, seen: Collection[PeerTip]) -> PeerTips:
    """One of each kind, or two of the one that there is."""
    tips: list[PeerTip] = []
    found = _first_of_each(sought, reader, [tip.id for tip in seen])
    for kind in _KINDS:
        of_kind = [tip for tip in found if tip.kind_of_tip == kind][:_READ_FOR_ONE]
        tips += islice(_none_twice(of_kind, seen), 1)
    others = [tip for tip in found[:_READ_OF_KIND] if tip not in tips][:_READ_FOR_ONE]
    rest = _page(others, 1, beside=[*seen, *tips])
    if len(tips) == 1:
        return PeerTips(sought, tips + rest.items, rest.has_more)
    return PeerTips(sought, tips, bool(rest.items))


def _first_of_each(sought: TipFilter, reader: Person, without: Collection[int]) -> list[PeerTip]:
    """The first pitfalls and the first successes, in the order of the lists. Those that are left out are few, so as
    many more are read: with a list of numbers in it the statement would be written anew each time."""
    parameters = _by_rank(sought, None).parameters | {"reader_id": reader.id}
    size = _READ_OF_KIND + len(without)
    rows = db.session.connection().execute(_of_each_kind(*sought.wanted), parameters | {"size": size})
    return [tip for tip in map(PeerTip._make, rows) if tip.id not in without]


def _of_others(
    sought: TipFilter, reader: Person, without: Collection[int], last: Place | None = None
) -> _Range:
    everybodys = _by_rank(sought, last)
    others = {"reader_id": reader.id, "without": list(without)}
    return _Range(_of_others_without(*sought.wanted), everybodys.parameters | others)


def _by_rank(sought: TipFilter, last: Place | None) -> _Range:
    """Always after some place, so that an index is entered there and not read from its end."""
    rank, tip_id = last or _TOP
    return _Range(_query(*sought.wanted), {**sought.wanted, "rank": rank, "tip_id": tip_id})


@lru_cache
def _query(*columns: str) -> Select[int, str]:
    """By which of the columns are looked for."""
    return (
        select(Tip.id, Tip.text)
        .where(*(getattr(Tip, column) == bindparam(column) for column in columns), is_shown(Tip))
        .where(tuple_(Tip.rank, Tip.id) < tuple_(bindparam("rank"), bindparam("tip_id")))
        .order_by(Tip.rank.desc(), Tip.id.desc())
        .limit(bindparam("size"))
    )


@lru_cache
def _of_each_kind(*columns: str) -> CompoundSelect[Any]:
    """The first of pitfalls and of successes, in the order of the lists."""
    of_both = _of_others_by_rank(*columns)
    parts = [of_both.where(Tip.kind_of_tip == kind.value).subquery() for kind in _KINDS]
    together = union_all(*map(select, parts))
    columns_of = together.selected_columns
    return together.order_by(columns_of.rank.desc(), columns_of.id.desc())


@lru_cache
def _of_others_without(*columns: str) -> Select[*tuple[Any, ...]]:
    return _of_others_by_rank(*columns).where(Tip.id.not_in(bindparam("without", expanding=True)))


@lru_cache
def _of_others_by_rank(*columns: str) -> Select[*tuple[Any, ...]]:
    others = _query(*columns).with_only_columns(*PEER_TIP).join(Tip.owner)
    return others.where(Tip.owner_id != bindparam("reader_id"))


def _page(
    rows: list[_Words], size: int, beside: Collection[_Worded] = (), read_for_one: int = _READ_FOR_ONE
) -> Page[_Words]:
    """The first of them on which no text stands twice; so many have been read for each that is shown."""
    tips = list(islice(_none_twice(rows, beside), size + 1))
    return Page(tips[:size], len(tips) > size or len(rows) == size * read_for_one)


def _none_twice(rows: Iterable[_Words], beside: Collection[_Worded]) -> Iterator[_Words]:
    """Of those alike the first, and none that is like one of those beside; case, spacing and a full stop make no
    difference."""
    gists = {gist_of(tip.text) for tip in beside}
    for tip in rows:
        gist = gist_of(tip.text)
        if gist not in gists:
            gists.add(gist)
            yield tip


def gist_of(text: str) -> str:
    """The same for two texts that say the same."""
    return " ".join(text.casefold().split()).rstrip(".! ")
