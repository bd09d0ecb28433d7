"""The feed, and the cheers on its cards."""

from datetime import date
from functools import lru_cache
from typing import Any, Final

from flask import Response, abort, render_template, request

from app import clock
from app.blueprints.feed import blueprint
from app.blueprints.feed.announced import announced
from app.blueprints.feed.cards import CardRenderer
from app.blueprints.feed.labels import labels
from app.blueprints.feed.leaders import leaders
from app.blueprints.feed.stage_field import stage_field
from app.extensions import db
from app.models.activity import Activity
from app.models.contribution import CheerKind
from app.models.feed import ALL, REPORTED
from app.models.paging import PAGE_SIZE
from app.models.stage import Stage
from app.services.accounts.devices import Glance
from app.services.activities.cheer import OwnContributionError, cheer, contribution_of, withdraw_cheer
from app.services.activities.visibility import visible_activity
from app.services.feed.page import FOR_YOU, feed_page, news_since
from app.services.feed.sources import NEWS_AT_MOST
from app.services.feed.waiting import Waiting
from app.services.stages.expected import QUIET
from app.web.access import public, signed_in, to_sign_in
from app.web.brake import braked
from app.web.catalogue import Catalogue, catalogue
from app.web.cheering import after_press, back_to, pressed_kind
from app.web.expected import expected_now
from app.web.htmx import render, wants_fragment
from app.web.identity import glance, glance_or_none, viewer
from app.web.language import page_language
from app.web.paging import Cursor, row_number

#: Whoever comes back finds the list as far as it was shown, up to so many parts: a hundred rows.
_PARTS_AT_ONCE: Final = 5
#: Further addresses of the feed: what is put together for the reader, and everything.
_VIEWS: Final = (FOR_YOU, ALL)


@blueprint.get("/")
@public
def index() -> Any:
    """The feed for people who are signed in, the front page for others."""
    person = glance_or_none()
    if person is None:
        return to_sign_in() if wants_fragment() else render_template("pages/front.html")
    programme = catalogue()
    show, today = _scope(programme, person), programme.today(clock.now())
    running = programme.current_stage(today)
    list_context = _list_context(show, person, programme, today, running)
    if wants_fragment():
        part = render("feed/index.html", "feed/_items.html", **list_context)
        part.headers["HX-Replace-Url"] = _address(show, parts=min(_parts(), _PARTS_AT_ONCE))
        return part
    place = programme.municipalities[person.municipality_id]
    expected = expected_now(person, list_context["waiting"], running, today)
    return render(
        "feed/index.html",
        "feed/_items.html",
        **list_context,
        person=person,
        stage=stage_field(programme, today),
        expected=None if expected.task in QUIET else expected,
        today=today,
        announced=announced(place.id, today) if show in _VIEWS and list_context["first_page"] else (),
        chips=labels(programme, page_language()).chips_of(place.id, place.name, show),
        leaders=leaders(running),
        mark_of_expected=_mark(expected.about, programme),
    )


@blueprint.get("/feed/new")
@signed_in
def news() -> Response | str:
    """A link to what is newer than the item at `since`, or 204. Nothing is inserted while somebody reads."""
    person = glance()
    since, show = Cursor.parse(request.args.get("since")), _scope(catalogue(), person)
    if since is None:
        abort(400)
    count = news_since(show, since.at, since.id, person.id, person.municipality_id)
    if not count:
        return Response(status=204)
    return render_template("feed/_new.html", count=count, at_most=NEWS_AT_MOST, url=_address(show))


@blueprint.post("/activities/<int:activity_id>/cheer")
@signed_in
@braked(1)
def give_cheer(activity_id: int) -> Any:
    activity = _visible(activity_id)
    if activity.removal:
        abort(404)
    kind = pressed_kind()
    try:
        cheer(activity, viewer(), kind or CheerKind.SPARK, now=clock.now())
    except OwnContributionError:
        abort(403)
    db.session.commit()
    return after_press(activity) if kind else _cheer_button(activity, True)


@blueprint.post("/activities/<int:activity_id>/cheer/withdrawal")
@signed_in
def take_cheer_back(activity_id: int) -> Any:
    activity = _visible(activity_id)
    kind = pressed_kind()
    withdraw_cheer(activity, viewer(), now=clock.now())
    db.session.commit()
    return after_press(activity) if kind else _cheer_button(activity, False)


def _list_context(
    show: str, person: Glance, programme: Catalogue, today: date, running: Stage | None
) -> dict[str, Any]:
    """What the list shows, where its next page begins, and what waits for the viewer."""
    before, now, parts = Cursor.parse(request.args.get("before")), clock.now(), _parts()
    page = feed_page(
        show,
        person.id,
        before,
        today,
        PAGE_SIZE if before else PAGE_SIZE * min(parts, _PARTS_AT_ONCE),
        stage_id=running.id if running else None,
        municipality_id=person.municipality_id,
        now=now,
    )
    renderer = CardRenderer(person.id, programme, now)
    return {
        "items": renderer.page(page.items, first_page=before is None),
        "pinned": renderer.pinned(page.pinned),
        "empty": not page.newest,
        "first_page": before is None,
        "show": show,
        "waiting": Waiting(page.any_row.waiting) if page.any_row else None,
        "newest": _cursor(page.newest),
        "more_url": _address(show, _cursor(page.last), parts + 1) if page.last else None,
    }


def _cursor(row: Any) -> Cursor | None:
    return Cursor(row.at, row.item_id) if row else None


def _mark(about: Any, programme: Catalogue) -> str:
    """Of the value of what is expected, where that is about an activity or a challenge."""
    value_id = getattr(about, "value_id", None)
    return programme.values[value_id].mark if value_id else ""


def _scope(programme: Catalogue, person: Glance) -> str:
    """The view or filter in the address; 404 for one that does not exist. Without, who follows something begins with
    what is for them, and others with everything."""
    show = request.args.get("show") or (FOR_YOU if person.follows else ALL)
    if show not in _VIEWS and show not in _known_scopes(programme):
        abort(404)
    return show


@lru_cache(maxsize=2)
def _known_scopes(programme: Catalogue) -> frozenset[str]:
    numbered = (("m", programme.municipalities), ("v", programme.values), ("f", programme.focus_areas))
    return frozenset([REPORTED, *(f"{kind}:{number}" for kind, parts in numbered for number in parts)])


def _parts() -> int:
    """How many parts of the list are shown with this one; without a cursor, all of them at once."""
    return row_number(request.args.get("parts")) or 1


def _address(show: str, before: Cursor | None = None, parts: int = 1) -> str:
    """Always with the view in it, so that it stays what it is when somebody begins to follow something."""
    further = {"before": before, "parts": parts if parts > 1 else None}
    return f"/?show={show}" + "".join(f"&{name}={value}" for name, value in further.items() if value)


def _visible(activity_id: int) -> Activity:
    activity = visible_activity(activity_id, viewer())
    if activity is None:
        abort(404)
    return activity


def _cheer_button(activity: Activity, now_cheered: bool) -> Any:
    """The button as it is now; without HTMX, back to the page with it."""
    if wants_fragment():
        count = contribution_of(activity).cheer_count
        return render_template("feed/_cheer.html", activity=activity, cheer_count=count, cheered=now_cheered)
    return back_to(f"cheer-{activity.id}", activity)
