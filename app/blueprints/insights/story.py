"""The figures for reading: one sentence first, then the numbers, each beside that of the stage before."""

from dataclasses import dataclass

from flask_babel import gettext as _

from app.services.insights.figures import Figures, StageFigures
from app.web.filters import number, percent

#: A share that changed by less than this counts as unchanged.
_NOTICEABLE = 0.02


@dataclass(frozen=True)
class Kpi:
    """A figure with the one before it; `now` and `before` are shares from 0 to 1, None where there is none."""

    label: str
    hue: str
    now: float | None
    before: float | None
    #: What it is a share of, with the numbers.
    basis: str


def share(value: float | None) -> str:
    return "–" if value is None else percent(value)


def headline(figures: StageFigures, before: StageFigures | None) -> str:
    """The page's heading: more, less, or as much as the stage before."""
    rate = figures.total.completion_rate
    earlier = before.total.completion_rate if before else None
    if rate is None:
        return _("Nothing to add up yet.")
    if earlier is None:
        if figures.so_far:
            return _("%(share)s of the plans are carried out.", share=percent(rate))
        return _("%(share)s of the plans were carried out.", share=percent(rate))
    if rate > earlier + _NOTICEABLE:
        return _("More gets done.")
    if rate < earlier - _NOTICEABLE:
        return _("Less gets done.")
    return _("Just as much gets done.")


def kpis(figures: StageFigures, before: StageFigures | None) -> list[Kpi]:
    """The four that the steering group follows, in the order of docs/product.md."""
    now, then = figures.total, before.total if before else Figures()
    return [
        Kpi(_("Completion rate"), "bok", now.completion_rate, then.completion_rate,
            _("%(done)s of %(due)s planned were carried out", done=number(now.carried_out), due=number(now.due))),
        Kpi(_("Concreteness"), "sund", now.concreteness, then.concreteness,
            _("Mean of %(n)s plans: how many of five questions they answer", n=number(now.planned))),
        Kpi(_("Top rating"), "ember", now.top_share, then.top_share,
            _("Share of fives among %(n)s that were rated", n=number(now.rated))),
        Kpi(_("Participation"), "raps", now.participation, then.participation,
            _("%(people)s of %(pool)s people did something",
              people=number(now.participants or 0), pool=number(now.pool or 0))),
    ]  # fmt: skip


def shades(figures: StageFigures) -> dict[tuple[int, int], int]:
    """A level from 1 to 4 for each cell of the matrix, by its share of the fullest cell."""
    most = max((cell.carried_out for cell in figures.matrix.values()), default=0)
    return {key: 1 + min(3, 4 * cell.carried_out // (most + 1)) for key, cell in figures.matrix.items()}
