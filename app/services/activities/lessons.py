"""What colleagues learned: all of it, the most helpful first, and what comes up at the moment when the next plan is
made (PRODUCT: Traps at the moment of planning)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeVar

from sqlalchemy import CompoundSelect, Select, bindparam, literal, select, tuple_, union_all
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models.paging import LAST_NUMBER, PAGE_SIZE, Page
from app.models.person import Person
from app.models.tip import Tip, TipKind, is_shown
from app.services.activities.listed_tips import ListedTip, listed_tips

#: The most helpful pitfall comes first.
_KINDS = (TipKind.PITFALL, TipKind.SUCCESS)
#: How many more come up in the plan form at a time.
MORE = 4
#: So many are read for each that is shown, since several activities may have taught the same.
_READ_FOR_ONE = 8
#: A place before every tip: the first page begins after it.
_TOP = (LAST_NUMBER, LAST_NUMBER)

#: A tip's place in the lists: its rank and number.
Place = tuple[int, int]

_AnyTip = TypeVar("_AnyTip", Tip, ListedTip)

#: What the plan form shows of tips that everybody may see.
_WITH_OWNERS: Final = (
    select(Tip)
    .where(Tip.id.in_(bindparam("tip_ids", expanding=True)))
    .options(joinedload(Tip.owner, innerjoin=True))
)


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


def tips_page(sought: TipFilter, last: Place | None = None) -> Page[ListedTip]:
    """The most helpful first; `last` is the place of the last one seen."""
    found = _first_of(_by_rank(sought, last), PAGE_SIZE, read_for_one=3)
    return Page(_in_order(found.items, listed_tips([words.id for words in found.items])), found.has_more)


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
    found = _first_of(_of_others(sought, reader, without, last), MORE)
    return Page(_with_owners(found.items), found.has_more)


def _two_best(sought: TipFilter, reader: Person, seen: Collection[Tip]) -> PeerTips:
    """One of each kind, or two of the one that there is."""
    tips: list[Words] = []
    seen_ids, seen_words = [tip.id for tip in seen], [Words(tip.id, tip.text) for tip in seen]
    first, of_each = _first_of_each(sought, reader, seen_ids)
    for of_kind in of_each:
        tips += _none_twice(of_kind, 1, beside=seen_words).items
    others = [tip for tip in first if tip not in tips][:_READ_FOR_ONE]
    rest = _none_twice(others, 1, beside=[*seen_words, *tips])
    if len(tips) == 1:
        return PeerTips(sought, _with_owners(tips + rest.items), rest.has_more)
    return PeerTips(sought, _with_owners(tips), bool(rest.items))


def _first_of_each(
    sought: TipFilter, reader: Person, without: Collection[int]
) -> tuple[list[Words], list[list[Words]]]:
    """The first of both kinds, enough of them to leave out one of each; and the first of pitfalls and of successes."""
    size = _READ_FOR_ONE + len(_KINDS)
    parameters = _of_others(sought, reader, without).parameters | {"size": size}
    rows = db.session.connection().execute(_of_each_kind(*sought.wanted), parameters).all()
    first, *of_each = ([Words(row.id, row.text) for row in rows if row.part == part] for part in range(3))
    return first, [of_kind[:_READ_FOR_ONE] for of_kind in of_each]


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
def _of_each_kind(*columns: str) -> CompoundSelect[Any]:
    """Those of both kinds, of pitfalls and of successes, each in the order of the lists."""
    of_both = _of_others_by_rank(*columns).add_columns(Tip.rank)
    queries = [of_both, *(of_both.where(Tip.kind_of_tip == kind.value) for kind in _KINDS)]
    parts = [select(literal(part).label("part"), query.subquery()) for part, query in enumerate(queries)]
    together = union_all(*parts)
    columns_of = together.selected_columns
    return together.order_by(columns_of.part, columns_of.rank.desc(), columns_of.id.desc())


@lru_cache
def _of_others_by_rank(*columns: str) -> Select[int, str]:
    others = (
        Tip.owner_id != bindparam("reader_id"),
        Tip.id.not_in(bindparam("without", expanding=True)),
    )
    return _query(*columns).where(*others)


def _first_of(tips_by_rank: _Range, size: int, read_for_one: int = _READ_FOR_ONE) -> Page[Words]:
    return _none_twice(tips_by_rank.first(size * read_for_one), size, read_for_one=read_for_one)


def _none_twice(
    rows: list[Words], size: int, beside: Collection[Words] = (), read_for_one: int = _READ_FOR_ONE
) -> Page[Words]:
    """A page on which no text stands twice, nor beside those; case, spacing and a full stop make no difference. So many
    have been read for each that is shown."""
    texts = {gist_of(tip.text): tip for tip in reversed([*beside, *rows])}  # of those alike, the first
    tips = [tip for tip in rows if texts[gist_of(tip.text)] is tip]
    return Page(tips[:size], len(tips) > size or len(rows) == size * read_for_one)


def _with_owners(found: list[Words]) -> list[Tip]:
    """The tips themselves: only those that are shown."""
    numbers = {"tip_ids": [words.id for words in found]}
    return _in_order(found, db.session.scalars(_WITH_OWNERS, numbers)) if found else []


def _in_order(found: list[Words], tips: Iterable[_AnyTip]) -> list[_AnyTip]:
    by_number = {tip.id: tip for tip in tips}
    return [by_number[words.id] for words in found]


def gist_of(text: str) -> str:
    """The same for two texts that say the same."""
    return " ".join(text.casefold().split()).rstrip(".! ")
