"""What colleagues learned: all of it, the most helpful first, and what comes up at the moment when the next plan is
made (PRODUCT: Traps at the moment of planning)."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select, tuple_

from app.extensions import db
from app.models.paging import LAST_NUMBER, PAGE_SIZE, Page
from app.models.person import Person
from app.models.tip import Tip, TipKind, is_shown
from app.services.activities.tips import whole_tips

#: How many more come up in the plan form at a time.
MORE = 4
#: A place before every tip: the first page begins after it.
_TOP = (LAST_NUMBER, LAST_NUMBER)

#: A tip's place in the lists: its rank and number.
Place = tuple[int, int]


class Words(NamedTuple):
    """A tip as far as it takes to see whether another says the same."""

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

    query: Select[int, str]
    parameters: dict[str, Any]

    def first(self, size: int) -> list["Words"]:
        rows = db.session.connection().execute(self.query, {**self.parameters, "size": size})
        return [Words(*row) for row in rows]


@dataclass(frozen=True)
class PeerTips:
    """What comes up in the plan form: `sought` is what was found there, `more` whether there is more."""

    sought: TipFilter
    tips: list[Tip]
    more: bool


def tips_page(sought: TipFilter, last: Place | None = None) -> Page[Tip]:
    """The most helpful first, with all that their cards show; `last` is the place of the last one seen."""
    return _whole(_none_twice(_by_rank(sought, last), PAGE_SIZE, read_for_one=3))


def peer_tips(sought: TipFilter, reader: Person, seen: Collection[Tip] = ()) -> PeerTips:
    """The two best that others wrote, the most helpful pitfall first; of the focus area alone when the value has none.
    `seen` are those that the reader sees already; none says the same as one of them."""
    found = _two_best(sought, reader, seen)
    if not found.tips and sought.value_id:
        return _two_best(replace(sought, value_id=None), reader, seen)
    return found


def more_peer_tips(
    sought: TipFilter, reader: Person, last: Place | None, without: Collection[int]
) -> Page[Tip]:
    """The next best after that place, of both kinds."""
    return _whole(_none_twice(_of_others(sought, reader, without, last), MORE))


def _two_best(sought: TipFilter, reader: Person, seen: Collection[Tip]) -> PeerTips:
    """One of each kind, or two of the one that there is."""
    tips: list[Words] = []
    seen_ids, seen_words = [tip.id for tip in seen], [Words(tip.id, tip.text) for tip in seen]
    for kind in (TipKind.PITFALL, TipKind.SUCCESS):
        of_kind = _of_others(replace(sought, kind=kind), reader, seen_ids)
        tips += _none_twice(of_kind, 1, beside=seen_words).items
    shown = {*seen_ids, *(tip.id for tip in tips)}
    rest = _none_twice(_of_others(sought, reader, shown), 1, beside=[*seen_words, *tips])
    if len(tips) == 1:
        return PeerTips(sought, _in_order(tips + rest.items), rest.has_more)
    return PeerTips(sought, _in_order(tips), bool(rest.items))


def _of_others(
    sought: TipFilter, reader: Person, without: Collection[int], last: Place | None = None
) -> _Range:
    everybodys = _by_rank(sought, last)
    others = {"reader_id": reader.id, "without": list(without)}
    return _Range(_of_others_by_rank(*sought.wanted), everybodys.parameters | others)


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
def _of_others_by_rank(*columns: str) -> Select[int, str]:
    others = (
        Tip.owner_id != bindparam("reader_id"),
        Tip.id.not_in(bindparam("without", expanding=True)),
    )
    return _query(*columns).where(*others)


def _none_twice(
    tips_by_rank: _Range, size: int, beside: Collection[Words] = (), read_for_one: int = 8
) -> Page[Words]:
    """A page on which no text stands twice, nor beside those; case, spacing and a full stop make no difference. So many
    are read for each that is shown, since several activities may have taught the same."""
    rows = tips_by_rank.first(size * read_for_one)
    texts = {gist_of(tip.text): tip for tip in reversed([*beside, *rows])}  # of those alike, the first
    tips = [tip for tip in rows if texts[gist_of(tip.text)] is tip]
    return Page(tips[:size], len(tips) > size or len(rows) == size * read_for_one)


def _whole(found: Page[Words]) -> Page[Tip]:
    return Page(_in_order(found.items), found.has_more)


def _in_order(found: list[Words]) -> list[Tip]:
    """The tips themselves, with all that their cards show: only of those that are shown."""
    tips = {tip.id: tip for tip in whole_tips([words.id for words in found])} if found else {}
    return [tips[words.id] for words in found]


def gist_of(text: str) -> str:
    """The same for two texts that say the same."""
    return " ".join(text.casefold().split()).rstrip(".! ")
