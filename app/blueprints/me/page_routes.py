"""Så ser andra dig: what colleagues see on one's page, and choosing it."""

from flask import flash
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.me import blueprint
from app.blueprints.me.page_form import PageForm
from app.extensions import db
from app.services.activities.profile import sewn_activities
from app.services.badges.shelf import badges_to_show
from app.services.conversation.thanks_read import thanks_on_page
from app.services.people.shown import choose_shown
from app.web.access import signed_in
from app.web.brake import braked
from app.web.catalogue import catalogue
from app.web.htmx import go_to, render, wants_fragment
from app.web.identity import whole_viewer


@blueprint.get("/me/page")
@signed_in
def page() -> Response:
    return _shown(PageForm.of(whole_viewer()))


@blueprint.post("/me/page")
@signed_in
@braked(1, limited_too=True)
def choose() -> Response:
    """The script sends the form at each change, and is answered with what others see by now."""
    form = PageForm()
    choose_shown(whole_viewer(), form.shown())
    db.session.commit()
    if wants_fragment():
        return _shown(form)
    flash(_("Saved."))
    return go_to("me.page")


def _shown(form: PageForm) -> Response:
    person = whole_viewer()
    return render(
        "me/page.html",
        "me/_seen.html",
        form=form,
        person=person,
        sewn=sewn_activities(person),
        badges=badges_to_show(person),
        thanks=thanks_on_page(person.id, size=1).items,
        places=len(catalogue().municipalities),
    )
