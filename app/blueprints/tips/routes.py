"""What colleagues learned, the most helpful first; and one tip on its own page."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import abort, request
from werkzeug.wrappers import Response

from app.blueprints.tips import blueprint
from app.blueprints.tips.cards import cards_of
from app.models.tip import Tip, TipKind
from app.services.activities.best_practice import lifted_among
from app.services.activities.cheer import cheers_of, sparked_among
from app.services.activities.lessons import ListedTip, TipFilter, tips_page
from app.services.activities.tips import visible_tip
from app.services.activities.visibility import visible_source
from app.services.stages.lessons import latest_published
from app.web.access import signed_in
from app.web.catalogue import catalogue
from app.web.conversation import talk_about
from app.web.htmx import render
from app.web.identity import glance, viewer
from app.web.paging import RankCursor
from app.web.query import with_query


class Sought(NamedTuple):
    """The filters as the address has them: a kind, and slugs of a focus area and a value; None for all."""

    kind: str | None
    focus_area: str | None
    value: str | None


@blueprint.get("/tips")
@signed_in
def index() -> Response:
    sought = Sought(*(request.args.get(name) or None for name in Sought._fields))
    after = RankCursor.parse(request.args.get("after"))
    found = tips_page(_filter(sought), after)
    last = found.last
    return render(
        "tips/index.html",
        "tips/_items.html",
        cards=cards_of(found.items, **_beside(found.items)),
        sought=sought,
        first_page=after is None,
        learned_in=None if after else latest_published(),
        more_url=_address(sought, after=str(RankCursor(last.rank, last.id))) if last else "",
        address=lambda **changed: _address(sought._replace(**changed)),
    )


@blueprint.get("/tips/<int:tip_id>")
@signed_in
def show(tip_id: int) -> Response:
    tip = visible_tip(tip_id, viewer()) or abort(404)
    source = visible_source(tip.activity_id, viewer()) if tip.activity_id else None
    is_shown = tip.is_visible and (source is None or source.is_visible)
    context: dict[str, Any] = {
        "tip": tip,
        "counts": cheers_of(tip.contribution, viewer()),
        "source": source,
        "shown": is_shown,
        "talk": talk_about(tip) if is_shown else None,
    }
    return render("tips/show.html", "tips/show.html", **_beside([tip]), **context)


def _beside(tips: Sequence[Tip | ListedTip]) -> dict[str, Any]:
    """What is to be known beside the tips: who looks, which have helped the viewer, and which come from a model for
    all."""
    viewer_id = glance().id
    return {
        "viewer_id": viewer_id,
        "cheered": sparked_among([tip.id for tip in tips], viewer_id),
        "lifted": lifted_among([tip.activity_id for tip in tips if tip.activity_id]),
    }


def _filter(sought: Sought) -> TipFilter:
    """404 for a filter that does not exist."""
    areas = {area.slug: area.id for area in catalogue().focus_areas.values()}
    values = {value.slug: value.id for value in catalogue().values.values()}
    if sought.kind not in (None, *TipKind):
        abort(404)
    return TipFilter(
        kind=TipKind(sought.kind) if sought.kind else None,
        focus_area_id=_known(areas, sought.focus_area),
        value_id=_known(values, sought.value),
    )


def _known(numbers: dict[str, int], slug: str | None) -> int | None:
    if slug is None:
        return None
    return numbers.get(slug) or abort(404)


def _address(sought: Sought, after: str | None = None) -> str:
    return with_query("/tips", **sought._asdict(), after=after)
