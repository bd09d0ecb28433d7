"""What colleagues learned, for the moment when the next plan is made (PRODUCT: Traps at the moment of planning)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.contribution import is_visible
from app.models.outcome import Tip, TipKind
from app.models.person import Person

#: How many lessons are read for each that is shown, since the same text from several activities is shown once.
_READ_FOR_ONE = 8


@dataclass(frozen=True)
class PeerTip:
    kind: TipKind
    text: str
    author: str
    municipality: str
    activity_id: int
    activity_title: str


def peer_tips(focus_area_id: int, limit: int = 4) -> list[PeerTip]:
    """The latest lessons of a focus area, at most `limit`: successes first, then pitfalls, half of each, none twice."""
    each = max(1, limit // 2)
    return [*_latest(focus_area_id, TipKind.SUCCESS, each), *_latest(focus_area_id, TipKind.PITFALL, each)]


def _latest(focus_area_id: int, kind: TipKind, limit: int) -> list[PeerTip]:
    query = (
        select(Tip, Person, Activity.title)
        .join(Person, Tip.by_id == Person.id)
        .join(Activity, Tip.activity_id == Activity.id)
        .where(Tip.focus_area_id == focus_area_id, Tip.kind == kind.value, is_visible(Tip.activity_id))
        .order_by(Tip.id.desc())
        .limit(limit * _READ_FOR_ONE)
    )
    rows = _without_repetitions(db.session.execute(query))
    return [
        PeerTip(kind, tip.text, person.name, person.municipality.name, tip.activity_id, title)
        for tip, person, title in islice(rows, limit)
    ]


def _without_repetitions(rows: Iterable[Any]) -> Iterator[Any]:
    """The rows whose text no earlier row has; case, spacing and a full stop make no difference."""
    earlier: set[str] = set()
    for row in rows:
        text = " ".join(row[0].text.casefold().split()).rstrip(".! ")
        if text not in earlier:
            earlier.add(text)
            yield row
