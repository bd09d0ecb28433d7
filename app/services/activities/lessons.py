"""What colleagues learned: all of it, the most helpful first, and what comes up at the moment when the next plan is
made (PRODUCT: Traps at the moment of planning)."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, select

from app.extensions import db
from app.models.paging import PAGE_SIZE, Page, before
from app.models.person import Person
from app.models.tip import Tip, TipKind, is_shown
from app.services.activities.tips import whole_tips

#: How many more come up in the plan form at a time.
MORE = 4
#: A place before every tip: the first page begins after it.
_TOP = (2**31 - 1, 2**31 - 1)

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
    def conditions(self) -> list[ColumnElement[bool]]:
        wanted = (
            (Tip.kind_of_tip, self.kind and self.kind.value),
            (Tip.focus_area_id, self.focus_area_id),
            (Tip.value_id, self.value_id),
        )
        return [column == sought for column, sought in wanted if sought is not None]


@dataclass(frozen=True)
class PeerTips:
    """What comes up in the plan form: `sought` is what was found there, `more` whether there is more."""

    sought: TipFilter
    tips: list[Tip]
    more: bool


def tips_page(sought: TipFilter, last: Place | None = None) -> Page[Tip]:
    """The most helpful first, with all that their cards show; `last` is the place of the last one seen."""
    return _whole(_none_twice(_by_rank(sought, last), PAGE_SIZE, read_for_one=3))


def peer_tips(sought: TipFilter, reader: Person, without: Collection[int] = ()) -> PeerTips:
    """The two best that others wrote, the most helpful pitfall first; of the focus area alone when the value has none.
    `without` are those that the reader sees already."""
    found = _two_best(sought, reader, without)
    if not found.tips and sought.value_id:
        return _two_best(replace(sought, value_id=None), reader, without)
    return found


def more_peer_tips(
    sought: TipFilter, reader: Person, last: Place | None, without: Collection[int]
) -> Page[Tip]:
    """The next best after that place, of both kinds."""
    return _whole(_none_twice(_of_others(sought, reader, without, last), MORE))


def _two_best(sought: TipFilter, reader: Person, without: Collection[int]) -> PeerTips:
    """One of each kind, or two of the one that there is."""
    tips: list[Words] = []
    for kind in (TipKind.PITFALL, TipKind.SUCCESS):
        tips += _none_twice(_of_others(replace(sought, kind=kind), reader, without), 1).items
    shown = {*without, *(tip.id for tip in tips)}
    rest = _none_twice(_of_others(sought, reader, shown), 1, beside=tips)
    if len(tips) == 1:
        return PeerTips(sought, _in_order(tips + rest.items), rest.has_more)
    return PeerTips(sought, _in_order(tips), bool(rest.items))


def _of_others(
    sought: TipFilter, reader: Person, without: Collection[int], last: Place | None = None
) -> Select[int, str]:
    return _by_rank(sought, last).where(Tip.owner_id != reader.id, Tip.id.not_in(without))


def _by_rank(sought: TipFilter, last: Place | None) -> Select[int, str]:
    """Always after some place, so that an index is entered there and not read from its end."""
    place = (Tip.rank, Tip.id)
    return (
        select(Tip.id, Tip.text)
        .where(*sought.conditions, is_shown(Tip), before(place, last or _TOP))
        .order_by(Tip.rank.desc(), Tip.id.desc())
    )


def _none_twice(
    query: Select[int, str], size: int, beside: Collection[Words] = (), read_for_one: int = 8
) -> Page[Words]:
    """A page on which no text stands twice, nor beside those; case, spacing and a full stop make no difference. So many
    are read for each that is shown, since several activities may have taught the same."""
    rows = [Words(*row) for row in db.session.execute(query.limit(size * read_for_one))]
    texts = {_key(tip): tip for tip in reversed([*beside, *rows])}  # of those alike, the first
    tips = [tip for tip in rows if texts[_key(tip)] is tip]
    return Page(tips[:size], len(tips) > size or len(rows) == size * read_for_one)


def _whole(found: Page[Words]) -> Page[Tip]:
    return Page(_in_order(found.items), found.has_more)


def _in_order(found: list[Words]) -> list[Tip]:
    """The tips themselves, with all that their cards show: only of those that are shown."""
    tips = {tip.id: tip for tip in whole_tips([words.id for words in found])} if found else {}
    return [tips[words.id] for words in found]


def _key(tip: Words) -> str:
    return " ".join(tip.text.casefold().split()).rstrip(".! ")
