"""Tips of others as they come up while a plan is made: each one row with all that is shown of it, since a form reads
dozens of them and changes none."""

from datetime import datetime
from typing import Final, NamedTuple

from app.models.person import Person
from app.models.tip import Author, Tip, TipWords


class _Row(NamedTuple):
    id: int
    text: str
    kind_of_tip: str
    municipality_id: int
    heeded_count: int
    helped_count: int
    rank: int
    owner_id: int
    owner_name: str
    owner_left_at: datetime | None


class PeerTip(TipWords, _Row):
    """Made of a row of `PEER_TIP`."""

    __slots__ = ()

    @property
    def owner(self) -> Author:
        return Author(self.owner_id, self.owner_name, self.owner_left_at)


#: The columns are in the order of `PeerTip`; a query that has them joins the tip's owner.
PEER_TIP: Final = (
    Tip.id,
    Tip.text,
    Tip.kind_of_tip,
    Tip.municipality_id,
    Tip.heeded_count,
    Tip.helped_count,
    Tip.rank,
    Tip.owner_id,
    Person.name,
    Person.left_at,
)
