"""Make a challenge and change it: leads for everybody, coordinators for their own municipality."""

from typing import Any

from flask import abort, flash, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.challenges import blueprint
from app.blueprints.challenges.form_data import data_of, data_of_new
from app.blueprints.challenges.forms import ChallengeForm, EditChallengeForm
from app.extensions import db
from app.models.challenge import Challenge
from app.models.challenge_template import ChallengeTemplate, challenge_templates
from app.models.person import Role
from app.models.retry import TakenBackError
from app.services.activities.locking import OvertakenError
from app.services.challenges.days import DaysEffect, effect_of_days
from app.services.challenges.make import GoneError, change_challenge, make_challenge, taken_on_by_how_many
from app.services.challenges.visibility import changeable_challenge
from app.web.access import role
from app.web.brake import braked
from app.web.catalogue import catalogue
from app.web.htmx import go_to
from app.web.identity import viewer
from app.web.seen import seen_of

#: What takes an open challenge away from those who come is done only by who knows it.
_TO_BE_CONFIRMED = (DaysEffect.CLOSES, DaysEffect.NOT_YET)
#: Query parameters that fill in the form.
_PREFILLS = ("template", "value", "focus_area")


@blueprint.get("/challenges/new")
@role(Role.LEAD, Role.COORDINATOR)
def new() -> Response:
    return _new_page(ChallengeForm(formdata=None, data=_prefill(), for_whom=_may_choose()))


@blueprint.post("/challenges/new")
@role(Role.LEAD, Role.COORDINATOR)
@braked(4, form=True)
def create() -> Response:
    form = ChallengeForm(for_whom=_may_choose())
    if not form.validate():
        return _new_page(form, 422)
    content = form.content(viewer().municipality_id)
    try:
        number = make_challenge(viewer(), content, request_key=form.retry_key, now=clock.now()).id
    except TakenBackError:
        db.session.rollback()
        form.begin_anew()
        form.title.errors = [_("You have taken that draft away. Save once more if you want it after all.")]
        return _new_page(form, 422)
    db.session.commit()
    flash(_("Saved as a draft. Open it when it is ready."))
    flash(_draft_key(), "draft-done")
    return go_to("challenges.show", challenge_id=number)


@blueprint.get("/challenges/<int:challenge_id>/edit")
@role(Role.LEAD, Role.COORDINATOR)
def edit(challenge_id: int) -> Response:
    challenge = _changeable(challenge_id)
    return _edit_page(challenge, _edit_form(challenge, formdata=None, data=data_of(challenge)))


@blueprint.post("/challenges/<int:challenge_id>/edit")
@role(Role.LEAD, Role.COORDINATOR)
@braked(2, form=True)
def change(challenge_id: int) -> Response:
    challenge = _changeable(challenge_id)
    form = _edit_form(challenge)
    if not form.validate():
        return _edit_page(challenge, form, 422)
    effect = effect_of_days(
        challenge, form.opens_on.data, form.closes_on.data, catalogue().today(clock.now())
    )
    if effect in _TO_BE_CONFIRMED and form.confirmed.data != effect:
        form.confirmed.data = effect
        return _edit_page(challenge, form, 422)
    try:
        content = form.content(challenge.municipality_id)
        change_challenge(challenge, content, now=clock.now(), based_on=form.seen_at)
    except GoneError:
        abort(404)
    except OvertakenError:
        form.seen.data = seen_of(challenge)
        return _edit_page(challenge, form, 422, overtaken=True)
    db.session.commit()
    flash(_changed_message(effect))
    flash(f"challenge-{challenge_id}", "draft-done")
    return go_to("challenges.show", challenge_id=challenge_id)


def _changed_message(effect: DaysEffect | None) -> str:
    words = {
        DaysEffect.CLOSES: _("Changed. The challenge is closed now."),
        DaysEffect.NOT_YET: _("Changed. The challenge is not open until its first day."),
        DaysEffect.OPENS: _("Changed. The challenge is open again."),
    }
    return words[effect] if effect else _("Changed.")


def _changeable(challenge_id: int) -> Challenge:
    return changeable_challenge(challenge_id, viewer()) or abort(404)


def _may_choose() -> bool:
    """Whether the viewer chooses whom a challenge is for; a coordinator's is for their own municipality."""
    return viewer().is_a(Role.LEAD)


def _edit_form(challenge: Challenge, **filled: Any) -> EditChallengeForm:
    """What people have taken on stays in its stage."""
    within = None if challenge.is_draft else challenge.stage
    return EditChallengeForm(for_whom=_may_choose(), within=within, **filled)


def _new_page(form: ChallengeForm, status: int = 200) -> Response:
    context = {
        "address": _address(),
        "templates": challenge_templates(),
        "template": request.args.get("template"),
        "draft": _draft_key(),
    }
    return make_response(render_template("challenges/new.html", form=form, **_around(), **context), status)


def _edit_page(
    challenge: Challenge, form: EditChallengeForm, status: int = 200, *, overtaken: bool = False
) -> Response:
    """`overtaken`: somebody else has changed it meanwhile, and the page shows what it is now."""
    context = {
        "challenge": challenge,
        "taken_on": taken_on_by_how_many(challenge),
        "overtaken": overtaken,
        "draft": f"challenge-{challenge.id}",
    }
    return make_response(render_template("challenges/edit.html", form=form, **_around(), **context), status)


def _around() -> dict[str, Any]:
    """What the form says beside its fields."""
    return {"place": catalogue().municipalities[viewer().municipality_id].name}


def _address() -> dict[str, str]:
    return {key: request.args[key] for key in _PREFILLS if key in request.args}


def _draft_key() -> str:
    """One draft for each way to begin, as in the plan form."""
    return "-".join(["challenge", *(f"{key}-{text}" for key, text in _address().items())])


def _prefill() -> dict[str, Any]:
    """The form's data from the address. What no longer exists chooses nothing."""
    address = _address()
    slug = address.pop("template", "")
    template = _template_named(slug) if slug else None
    return data_of_new(template, catalogue().today(clock.now())) | address


def _template_named(slug: str) -> ChallengeTemplate | None:
    return next((one for one in challenge_templates() if one.slug == slug), None)
