"""Tips as the list shows them: rows of what their cards say, since a page has many."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, bindparam, select

from app.extensions import db
from app.models.contribution import Contribution
from app.models.person import Person
from app.models.tip import Author, Tip, TipWords


@dataclass(frozen=True)
class ListedTip(TipWords):
    """What the card of a tip shows that everybody may see."""

    id: int
    kind_of_tip: str
    text: str
    municipality_id: int
    focus_area_id: int
    value_id: int
    activity_id: int | None
    heeded_count: int
    helped_count: int
    rank: int
    sparks: int
    owner_id: int
    owner_name: str
    owner_left_at: datetime | None

    @property
    def owner(self) -> Author:
        return Author(self.owner_id, self.owner_name, self.owner_left_at)


#: The columns are in the order of `ListedTip`.
_LISTED: Final[Select[*tuple[Any, ...]]] = (
    select(Tip.id, Tip.kind_of_tip, Tip.text, Tip.municipality_id, Tip.focus_area_id, Tip.value_id)
    .add_columns(Tip.activity_id, Tip.heeded_count, Tip.helped_count, Tip.rank, Contribution.spark_count)
    .add_columns(Person.id, Person.name, Person.left_at)
    .join(Contribution, Contribution.id == Tip.id)
    .join(Person, Person.id == Tip.owner_id)
    .where(Tip.id.in_(bindparam("tip_ids", expanding=True)))
)


def listed_tips(tip_ids: Collection[int]) -> list[ListedTip]:
    """Those with these numbers, in any order, without asking who sees them."""
    if not tip_ids:
        return []
    rows = db.session.connection().execute(_LISTED, {"tip_ids": list(tip_ids)})
    return [ListedTip(*row) for row in rows]
