"""Everything that is published about a survey, and the one door to it.

Whatever shows a figure of a survey asks `published` for it by the name of its row in `PUBLICATIONS`. The proofs of the
anonymity (tests/survey) fetch every row and count what all of them together tell; a page that shows a result without a
row here fails a test.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import bindparam, select

from app.extensions import db
from app.models.stage import Stage
from app.models.survey import Group, Sentiment, Survey
from app.services.survey.limits import at_limit

#: Endpoint of a route -> what it shows, for whoever reads the register of what is published.
PUBLICATIONS: Final[Mapping[str, str]] = {
    "survey.results": "words, balance, indices of all and of one's own municipality, beside those of the stage before",
    "admin.survey": "words, so that a lead can take one out",
    "insights.show": "indices and balance, beside those of the stage before",
    "insights.show_json": "words, balance, indices of all and of each cell",
    "stages.index": "how many answered, as the cells have it",
    "stages.show": "how many answered, as the cells have it",
}

_SNAPSHOT: Final = select(Survey.snapshot).where(Survey.stage_id == bindparam("stage_id"))


class UnregisteredError(LookupError):
    """It would publish something that no proof has seen."""


@dataclass(frozen=True)
class Index:
    """0 to 100. `at` says that it stands at a limit, so that it is "or less" (`least`) or "or more" (`most`)."""

    value: int
    at: str = ""


@dataclass(frozen=True)
class Cell:
    """A municipality that stands alone, or "Övriga kommuner": those with too few answers, and one more."""

    slugs: frozenset[str]
    n: int
    indices: Mapping[str, Index]

    @property
    def is_several(self) -> bool:
        return len(self.slugs) > 1


@dataclass(frozen=True)
class Word:
    word: str
    count: int
    sentiment: Sentiment


@dataclass(frozen=True)
class Published:
    """What was released of a stage's survey. None, or an empty list of cells, where it is withheld: never a zero."""

    stage: Stage
    cells: tuple[Cell, ...]
    #: Of the whole programme, computed from the cells.
    indices: Mapping[str, int] | None
    words: tuple[Word, ...] | None
    #: How many words are not shown; None when two people can have written them, or withheld.
    others: int | None
    #: Percentages by sentiment.
    balance: Mapping[str, Index] | None

    @property
    def n(self) -> int | None:
        """The answers that stand behind the indices: as many as the cells have, and no other total."""
        return sum(cell.n for cell in self.cells) or None

    def cell_of(self, slug: str) -> Cell | None:
        """That of a municipality, which may be the one of several; None when all is withheld."""
        return next((cell for cell in self.cells if slug in cell.slugs), None)


def published(endpoint: str, stage: Stage | None) -> Published | None:
    """What was released of that stage's survey, for the page of that endpoint; None when nothing has been.

    Raises:
        UnregisteredError: when the endpoint has no row.
    """
    if endpoint not in PUBLICATIONS:
        raise UnregisteredError(endpoint)
    if stage is None:
        return None
    snapshot = db.session.connection().scalar(_SNAPSHOT, {"stage_id": stage.id})
    return snapshot and _read(stage, snapshot)


def fewest(now: Published | Cell, before: Published | Cell) -> int:
    """The smaller number of answers of the two: a difference below 100 divided by it is no difference (docs/product.md,
    point 7)."""
    return min(now.n or 0, before.n or 0)


def direction(now: int, before: int, n: int) -> int:
    """1, 0 or -1: whether a figure has gone up or down by as much as one of `n` people can move it."""
    if not n or abs(now - before) * n < 100:
        return 0
    return 1 if now > before else -1


def _read(stage: Stage, snapshot: dict[str, Any]) -> Published:
    words = snapshot["words"]
    balance = snapshot["balance"]
    return Published(
        stage=stage,
        cells=tuple(_cell(cell) for cell in snapshot["cells"]),
        indices=snapshot["indices"],
        words=None if words is None else _words(words),
        others=snapshot["others"],
        balance=balance and {one.value: Index(**balance[one]) for one in Sentiment},
    )


def _words(words: list[dict[str, Any]]) -> tuple[Word, ...]:
    """Without those that have been blanked."""
    return tuple(Word(one["word"], one["count"], Sentiment(one["sentiment"])) for one in words if one["word"])


def _cell(cell: dict[str, Any]) -> Cell:
    indices = cell["indices"]
    shown = {group.value: Index(indices[group], at_limit(indices[group], cell["n"])) for group in Group}
    return Cell(frozenset(cell["municipalities"]), cell["n"], shown)
