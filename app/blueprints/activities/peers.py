"""What others learned, in the plan form: what is already taken into account, the two best, and the next ones."""

from collections.abc import Collection
from typing import Any, Final

from flask import abort, request
from werkzeug.wrappers import Response

from app.blueprints.activities import blueprint
from app.blueprints.activities.stage_lessons import Learned, learned_in
from app.models.activity import Activity
from app.services.activities.adoption import borrowable
from app.services.activities.heeding import MOST_HEEDED, offered
from app.services.activities.lessons import (
    PeerTips,
    TipFilter,
    more_peer_tips,
    peer_tips,
)
from app.web.access import signed_in
from app.web.catalogue import catalogue
from app.web.htmx import render, wants_fragment
from app.web.identity import viewer
from app.web.paging import RankCursor, row_number, row_numbers
from app.web.query import with_query

#: The two best, two lessons of the last stage, and the two of a borrowed idea.
_MOST_SHOWN: Final = 6


@blueprint.get("/activities/peers")
@signed_in
def peers() -> Response:
    """What others learned in the focus area and of the value that are chosen in the plan form. `heeding` are the tips
    that are ticked there, `idea` or `borrowed_from` the activity whose idea is borrowed. With `shown`, those that stand
    there already, it is what comes after them, or after the place `after`: "show more"."""
    heeding = row_numbers(request.args.get("heeding"), MOST_HEEDED)
    slugs = request.args.get("focus_area"), request.args.get("value")
    if "shown" in request.args:
        return _more(*slugs, heeding)
    origin = borrowable(row_number(request.args.get("idea", request.args.get("borrowed_from"))), viewer())
    context = peers_of(*slugs, heeding, origin, all_at_once=not wants_fragment())
    return render("activities/peers.html", "activities/_peers.html", **context)


def peers_of(
    area_slug: str | None,
    value_slug: str | None,
    heeding: Collection[int],
    origin: Activity | None,
    *,
    all_at_once: bool = False,
) -> dict[str, Any]:
    """What `activities/_peers.html` shows: first what the last stage taught, then what the borrowed idea did.
    `all_at_once` for browsers without scripts that have asked for more."""
    heeded = offered(heeding, viewer())
    sought = _sought(area_slug, value_slug)
    area = catalogue().focus_areas.get(sought.focus_area_id or 0)
    learned = learned_in(sought.focus_area_id, [tip.id for tip in heeded])
    seen_ids = {*(tip.id for tip in heeded), *learned.tip_ids}
    lessons = offered({tip.id for tip in origin.lessons} - seen_ids, viewer()) if origin else []
    seen = [*heeded, *(lesson.tip for lesson in learned.lessons), *lessons]
    best = peer_tips(sought, viewer(), seen) if area else PeerTips(sought, [], more=False)
    tips = [*lessons, *best.tips]
    if all_at_once and best.more:
        tips += more_peer_tips(best.sought, viewer(), None, [tip.id for tip in [*seen, *tips]]).items
    return {
        "heeded": heeded,
        "learned": learned,
        "tips": tips,
        "area": area,
        "more_url": _more_url(best.sought, [*learned.tip_ids, *(tip.id for tip in tips)], None)
        if best.more and not all_at_once
        else "",
    }


def _more(area_slug: str | None, value_slug: str | None, heeding: Collection[int]) -> Response:
    sought, after = _sought(area_slug, value_slug), RankCursor.parse(request.args.get("after"))
    if sought.focus_area_id is None:
        abort(404)
    shown = row_numbers(request.args.get("shown"), _MOST_SHOWN)
    found = more_peer_tips(sought, viewer(), after, {*shown, *heeding})
    last = found.last
    more_url = _more_url(sought, shown, RankCursor(last.rank, last.id)) if last else ""
    return render(
        "activities/peers.html",
        "activities/_peers_more.html",
        tips=found.items,
        heeded=[],
        learned=Learned(),
        more_url=more_url,
        area=catalogue().focus_areas.get(sought.focus_area_id or 0),
    )


def _sought(area_slug: str | None, value_slug: str | None) -> TipFilter:
    areas, values = catalogue().focus_areas.values(), catalogue().values.values()
    return TipFilter(
        focus_area_id=next((area.id for area in areas if area.slug == area_slug), None),
        value_id=next((value.id for value in values if value.slug == value_slug), None),
    )


def _more_url(sought: TipFilter, shown: Collection[int], after: RankCursor | None) -> str:
    area = catalogue().focus_areas[sought.focus_area_id or 0]
    value = catalogue().values.get(sought.value_id or 0)
    return with_query(
        "/activities/peers",
        focus_area=area.slug,
        value=value.slug if value else None,
        shown=",".join(map(str, shown)),
        after=str(after) if after else None,
    )
