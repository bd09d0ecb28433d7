"""How many of a municipality have done nothing in a stage yet; never who (PRODUCT: Nobody is watched)."""

from typing import Final, NamedTuple

from sqlalchemy import select

from app.extensions import db
from app.models.board import MunicipalityTotal

#: In a smaller municipality the number could tell who.
_SMALLEST_WATCHED: Final = 6


class Doing(NamedTuple):
    """How many people of a municipality count, and how many of them have planned or done something in the stage."""

    members: int
    active: int

    @property
    def quiet(self) -> int:
        return max(self.members - self.active, 0)


def doing_by_municipality(stage_id: int) -> dict[int, Doing]:
    """Only of those that are large enough."""
    board = MunicipalityTotal
    large_enough = (board.stage_id == stage_id, board.members >= _SMALLEST_WATCHED)
    rows = db.session.execute(select(board.municipality_id, board.members, board.active).where(*large_enough))
    return {place: Doing(members, active) for place, members, active in rows}
