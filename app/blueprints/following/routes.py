"""What one follows: the list, which only oneself sees, and the button that begins and ends it."""

from typing import Any

from flask import abort, flash, redirect, render_template
from flask_babel import gettext as _

from app import clock
from app.blueprints.following import blueprint
from app.extensions import db
from app.models.follow import MOST_FOLLOWED, FollowKind
from app.services.feed.following import (
    Followed,
    FollowingOneselfError,
    FollowingTooManyError,
    follow,
    followable,
    followed_by,
    stop_following,
)
from app.web.access import page_before, signed_in
from app.web.brake import braked
from app.web.htmx import go_to, wants_fragment
from app.web.identity import glance, viewer

_LIST = "/follows"


@blueprint.get(_LIST)
@signed_in
def mine() -> str:
    person = glance()
    return render_template("following/index.html", followed=followed_by(person.id), most=MOST_FOLLOWED)


@blueprint.post(f"{_LIST}/<kind>/<int:number>")
@signed_in
@braked(1, limited_too=True)
def begin(kind: str, number: int) -> Any:
    thing = _thing(kind, number)
    try:
        follow(thing, by=viewer(), now=clock.now())
    except FollowingOneselfError:
        abort(403)
    except FollowingTooManyError:
        db.session.rollback()
        return _full(thing)
    db.session.commit()
    return _button(thing, True)


@blueprint.post(f"{_LIST}/<kind>/<int:number>/withdrawal")
@signed_in
@braked(1, limited_too=True)
def end(kind: str, number: int) -> Any:
    stop_following(_kind(kind), number, by=viewer())
    db.session.commit()
    thing = followable(_kind(kind), number)
    return _button(thing, False) if thing else go_to("following.mine")


def _kind(kind: str) -> FollowKind:
    return FollowKind(kind) if kind in list(FollowKind) else abort(404)


def _thing(kind: str, number: int) -> Followed:
    return followable(_kind(kind), number) or abort(404)


def _button(thing: Followed, following: bool, status: int = 200, error: str = "") -> Any:
    """The button as it is now; without HTMX, back to the page with it."""
    if wants_fragment():
        context = {"thing": thing, "following": following, "error": error}
        return render_template("following/_button.html", **context), status
    page = (page_before() or _LIST).partition("#")[0]
    return redirect(f"{page}#follow-{thing.kind}-{thing.id}", 303)


def _full(thing: Followed) -> Any:
    words = _("You follow %(num)d, and that is the most. Stop following something first.", num=MOST_FOLLOWED)
    if not wants_fragment():
        flash(words, "error")
    return _button(thing, False, 422, words)
