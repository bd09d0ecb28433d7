"""Hear no more of what is said about a thing, or hear of it again."""

from flask import render_template
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.conversation import blueprint
from app.blueprints.conversation.found import thing_at
from app.extensions import db
from app.models.contribution import Contributed
from app.services.conversation.mute import mute, unmute
from app.web.access import signed_in
from app.web.htmx import go_to_path, wants_fragment
from app.web.identity import viewer


@blueprint.post("/<any(activities, challenges, tips):place>/<int:number>/comments/mute")
@signed_in
def mute_thread(place: str, number: int) -> Response | str:
    thing = thing_at(place, number)
    mute(thing.id, viewer(), clock.now())
    db.session.commit()
    return _button(thing, is_muted=True)


@blueprint.post("/<any(activities, challenges, tips):place>/<int:number>/comments/mute/withdrawal")
@signed_in
def unmute_thread(place: str, number: int) -> Response | str:
    thing = thing_at(place, number)
    unmute(thing.id, viewer())
    db.session.commit()
    return _button(thing, is_muted=False)


def _button(thing: Contributed, *, is_muted: bool) -> Response | str:
    """The switch as it is now; without HTMX, back to the page with it."""
    if wants_fragment():
        return render_template("conversation/_mute.html", thing=thing, is_muted=is_muted)
    return go_to_path(f"{thing.path}#mute")
