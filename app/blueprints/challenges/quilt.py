"""The quilt as it is drawn: how strong the colour of each square is, and what an empty one gives."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from app.models.stage import Stage
from app.services.sums.squares import squares_of
from app.web.catalogue import Catalogue


@dataclass(frozen=True)
class QuiltSquare:
    carried_out: int
    #: The class of its colour: `bare` for an empty one, `full` for one with at least half as many as the fullest.
    shade: str
    #: What the first report earns extra; 0 once there has been one.
    extra: int


@dataclass(frozen=True)
class Quilt:
    #: By value and focus area.
    squares: dict[tuple[int, int], QuiltSquare]
    #: What the first report in a square earns extra; 0 where the policy gives nothing, and when the stage is over.
    extra: int

    @cached_property
    def lively(self) -> set[tuple[int, int]]:
        """The squares in which something has been carried out."""
        return {key for key, square in self.squares.items() if square.carried_out}


def quilt_of(stage: Stage, programme: Catalogue, today: date) -> Quilt:
    counts = squares_of(stage.id)
    fullest = max(counts.values(), default=0)
    extra = _extra(stage, programme, today)
    keys = [(value_id, area_id) for area_id in programme.focus_areas for value_id in programme.values]
    squares = {
        key: QuiltSquare(
            counts.get(key, 0), _shade(counts.get(key, 0), fullest), 0 if key in counts else extra
        )
        for key in keys
    }
    return Quilt(squares, extra)


def _extra(stage: Stage, programme: Catalogue, today: date) -> int:
    counting = programme.counting_stage(today)
    if counting is None or counting.id != stage.id:
        return 0
    return int(programme.policy(today).get("first", {}).get("points", 0))


def _shade(count: int, fullest: int) -> str:
    return "bare" if not count else "full" if 2 * count >= fullest else ""
