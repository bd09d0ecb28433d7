"""Finding colleagues, and seeing what they do."""

from flask import abort, request
from werkzeug.wrappers import Response

from app.blueprints.people import blueprint
from app.services.activities.profile import points_to_show, shown_activities
from app.services.people.membership import find_colleagues, present
from app.web.access import signed_in
from app.web.htmx import render
from app.web.identity import viewer
from app.web.paging import Cursor

#: A single letter finds too many people.
_FEWEST_LETTERS = 2


@blueprint.get("/people/search")
@signed_in
def search() -> Response:
    """`q`: how the name begins. The fragment is `#colleagues`: with `pick`, buttons named `person_id` for the form
    around it; otherwise links."""
    name = request.args.get("q", "").strip()
    long_enough = len(name) >= _FEWEST_LETTERS
    found = find_colleagues(name, viewer()) if long_enough else []
    pick = bool(request.args.get("pick"))
    return render(
        "people/search.html", "people/_found.html", found=found, q=name, asked=long_enough, pick=pick
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
        activities=activities.items,
        more=str(Cursor(last.created_at, last.id)) if last else "",
        first=after is None,
    )
