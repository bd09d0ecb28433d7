"""Write a tip that stands alone, and take it back."""

from flask import abort, flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.tips import blueprint
from app.blueprints.tips.forms import LONGEST_TIP, TipForm
from app.extensions import db
from app.models.publication import check_of
from app.models.repeated import RepeatedError, demand_new_tip
from app.models.retry import TakenBackError
from app.services.activities.locking import ClosedError
from app.services.activities.tips import visible_tip, withdraw_tip, write_tip
from app.web.access import signed_in
from app.web.brake import braked
from app.web.htmx import go_to, render
from app.web.identity import viewer

_DRAFT = "tip"
#: Query parameters that fill in the form.
_PREFILLS = ("kind", "focus_area", "value")


@blueprint.get("/tips/new")
@signed_in
def new() -> Response:
    prefilled = {name: request.args[name] for name in _PREFILLS if name in request.args}
    return _page(TipForm(formdata=None, data={"kind": "success"} | prefilled))


@blueprint.post("/tips/new")
@signed_in
@braked(4, form=True)
def create() -> Response:
    form = TipForm()
    if not form.validate():
        return _page(form, 422)
    try:
        demand_new_tip(viewer().id, form.retry_key, form.text.data, clock.now())
        tip_id = write_tip(viewer(), form.words(), request_key=form.retry_key, now=clock.now()).id
        waits = check_of(tip_id)
    except RepeatedError:
        form.text.errors = [_("You have just written that. It is kept, so you need not send it again.")]
        return _page(form, 422)
    except TakenBackError:
        db.session.rollback()
        form.begin_anew()
        form.text.errors = [
            _("You have taken that tip back. Send it once more if you want to share it after all.")
        ]
        return _page(form, 422)
    db.session.commit()
    if waits:
        flash(_("Thank you. Others see it when a coordinator has looked."))
    else:
        flash(_("Thank you. Now it comes up for everyone who plans something similar."))
    flash(_DRAFT, "draft-done")
    return go_to("tips.show", tip_id=tip_id)


@blueprint.post("/tips/<int:tip_id>/withdrawal")
@signed_in
@braked(2, limited_too=True)
def withdraw(tip_id: int) -> Response:
    tip = visible_tip(tip_id, viewer())
    if tip is None or not tip.is_owned_by(viewer()) or tip.activity_id:
        abort(404)
    try:
        withdraw_tip(tip, by=viewer(), now=clock.now())
    except ClosedError:
        db.session.rollback()
        flash(_("It has been taken away already."), "error")
        return go_to("tips.show", tip_id=tip_id)
    db.session.commit()
    flash(_("Withdrawn. Nobody else sees it now."))
    return go_to("tips.index")


def _page(form: TipForm, status: int = 200) -> Response:
    return render("tips/new.html", "tips/_form.html", status, form=form, draft=_DRAFT, longest=LONGEST_TIP)
