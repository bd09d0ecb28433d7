"""Read thanks: those to a person, and one alone."""

from flask import abort, request
from werkzeug.wrappers import Response

from app.blueprints.thanks import blueprint
from app.models.paging import PAGE_SIZE
from app.services.conversation.thanks_read import thanks_to, visible_thanks
from app.services.people.membership import present
from app.web.access import signed_in
from app.web.htmx import render
from app.web.identity import viewer
from app.web.paging import last_number


@blueprint.get("/people/<int:person_id>/thanks")
@signed_in
def to_person(person_id: int) -> Response:
    """All that the viewer may read, newest first; for HTMX the next ones."""
    person, before = present(person_id) or abort(404), last_number(request.args.get("before"))
    thanks = thanks_to(person.id, viewer(), PAGE_SIZE, before)
    return render(
        "thanks/to_person.html",
        "thanks/_rows.html",
        person=person,
        thanks=thanks.items,
        last=thanks.last,
        viewer_id=viewer().id,
    )


@blueprint.get("/thanks/<int:number>")
@signed_in
def show(number: int) -> Response:
    one = visible_thanks(number, viewer()) or abort(404)
    return render("thanks/show.html", "thanks/show.html", one=one, viewer_id=viewer().id)
