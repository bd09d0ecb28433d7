"""Finding colleagues, and seeing what they do."""

from flask import abort, request
from werkzeug.wrappers import Response

from app.blueprints.people import blueprint
from app.services.activities.profile import points_to_show, shown_activities
from app.services.badges.shelf import badges_to_show
from app.services.people.colleagues import MOST_AT_ONCE, people_numbered
from app.services.people.colleagues import search as find
from app.services.people.membership import present
from app.text import one_line
from app.web.access import signed_in
from app.web.htmx import render
from app.web.identity import viewer
from app.web.paging import Cursor, row_number


@blueprint.get("/people/search")
@signed_in
def search() -> Response:
    """`q`, or the parameter that `field` names: words of a name; of several names the last, which is being written. The
    fragment is `#colleagues`: with `pick=1` buttons named `person_id` for the form around it, with `pick=many` boxes of
    that name, those of `person_id` ticked; otherwise links."""
    text = one_line(request.args.get(request.args.get("field", "q")))
    numbers = [number for text in request.args.getlist("person_id") if (number := row_number(text))]
    return render(
        "people/search.html",
        "people/_found.html",
        search=find(text, viewer()),
        pick=request.args.get("pick", ""),
        chosen=people_numbered(numbers[:MOST_AT_ONCE], viewer()) if numbers else [],
    )


@blueprint.get("/people/<int:person_id>")
@signed_in
def show(person_id: int) -> Response:
    person = present(person_id) or abort(404)
    after = Cursor.parse(request.args.get("after"))
    activities = shown_activities(person, after)
    last = activities.last
    return render(
        "people/show.html",
        "people/_activities.html",
        person=person,
        points=points_to_show(person),
        badges=badges_to_show(person),
        activities=activities.items,
        more=str(Cursor(last.created_at, last.id)) if last else "",
        first=after is None,
    )
