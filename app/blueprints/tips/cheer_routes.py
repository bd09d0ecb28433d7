""" "It helped me": a spark for a tip."""

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.tips import blueprint
from app.extensions import db
from app.models.contribution import CheerKind
from app.models.tip import Tip
from app.services.activities.cheer import OwnContributionError, cheer, contribution_of, withdraw_cheer
from app.services.activities.tips import shown_tip
from app.web.access import page_before, signed_in
from app.web.brake import braked
from app.web.cheering import after_press, back_to, pressed_kind
from app.web.htmx import wants_fragment
from app.web.identity import viewer


@blueprint.post("/tips/<int:tip_id>/cheer")
@signed_in
@braked(1)
def give_cheer(tip_id: int) -> Response | str:
    tip = shown_tip(tip_id)
    if tip is None:
        return _gone(tip_id)
    kind = pressed_kind()
    try:
        cheer(tip, viewer(), kind or CheerKind.SPARK, now=clock.now())
    except OwnContributionError:
        abort(403)
    db.session.commit()
    return after_press(tip) if kind else _button(tip, True)


@blueprint.post("/tips/<int:tip_id>/cheer/withdrawal")
@signed_in
def take_cheer_back(tip_id: int) -> Response | str:
    tip = shown_tip(tip_id)
    if tip is None:
        return _gone(tip_id)
    kind = pressed_kind()
    withdraw_cheer(tip, viewer(), now=clock.now())
    db.session.commit()
    return after_press(tip) if kind else _button(tip, False)


def _gone(tip_id: int) -> Response | str:
    """It was hidden or taken back while the page was open: a word in the button's place, or above the list."""
    tip = db.session.get(Tip, tip_id) or abort(404)
    words = _("The tip is no longer here to see.")
    if wants_fragment():
        return render_template("tips/_gone.html", tip=tip, words=words)
    flash(words, "error")
    page = page_before() or tip.path
    return redirect(url_for("tips.index") if page.partition("?")[0] == tip.path else page, 303)


def _button(tip: Tip, now_cheered: bool) -> Response | str:
    """The button as it is now; without HTMX, back to the page with it."""
    if wants_fragment():
        return render_template(
            "tips/_cheer.html",
            tip=tip,
            count=contribution_of(tip).spark_count,
            state="given" if now_cheered else "open",
        )
    return back_to(f"cheer-{tip.id}", tip)
