"""One's badges, each badge, and whether colleagues see them."""

from flask import abort, flash
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.badges import blueprint
from app.blueprints.badges.forms import ShownForm
from app.blueprints.badges.ways import way_to
from app.extensions import db
from app.models.programme import FocusArea, LocalText, Value
from app.services.badges.reasons import Counting, what_counts, what_is_hidden
from app.services.badges.rules import BadgeRule, rule_named
from app.services.badges.shelf import FEWEST_SAID, holders_of, shelf_of
from app.web.access import signed_in
from app.web.brake import braked
from app.web.catalogue import catalogue
from app.web.htmx import go_to, render, wants_fragment
from app.web.identity import viewer, whole_viewer


@blueprint.get("/badges")
@signed_in
def index() -> Response:
    shelf = shelf_of(whole_viewer())
    form = ShownForm(formdata=None, data={"shown": viewer().shows_badges})
    return render("badges/index.html", "badges/index.html", shelf=shelf, way_to=way_to, form=form)


@blueprint.get("/badges/<slug>")
@signed_in
def show(slug: str) -> Response:
    rule, person = rule_named(slug) or abort(404), whole_viewer()
    place = next(place for place in shelf_of(person).places if place.rule is rule)
    counting = what_counts(rule, person, place.needed)
    page = "badges/resting.html" if place.resting_since else "badges/show.html"
    return render(
        page,
        page,
        place=place,
        counting=counting,
        missing=_missing(rule, counting),
        hidden=what_is_hidden(rule, person, place.needed) if place.resting_since else [],
        holders=holders_of(rule),
        fewest=FEWEST_SAID,
        way=way_to(slug),
        form=ShownForm(formdata=None, data={"shown": person.shows_badges}),
    )


@blueprint.post("/badges/shown")
@signed_in
@braked(1, limited_too=True)
def set_shown() -> Response:
    """The script sends the form at each change, and is answered only whether it was saved."""
    form = ShownForm()
    whole_viewer().shows_badges = bool(form.shown.data)
    db.session.commit()
    if wants_fragment():
        return render("settings/_saved.html", "settings/_saved.html", form=form)
    flash(_("Saved."))
    return go_to("badges.index")


def _missing(rule: BadgeRule, counting: Counting) -> list[LocalText]:
    """Names of the values or focus areas that are left, for a badge that takes all of them."""
    if rule.needed is Value:
        return [value.name for number, value in catalogue().values.items() if number not in counting.keys]
    if rule.needed is FocusArea:
        areas = catalogue().focus_areas
        return [area.name for number, area in areas.items() if number not in counting.keys]
    return []
