"""Finding colleagues, and seeing what they show of themselves."""

from datetime import timedelta
from typing import Any, Final

from flask import abort, request
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.people import blueprint
from app.models.follow import FollowKind
from app.models.person import PersonSeen
from app.services.activities.profile import sewn_activities, shown_activities
from app.services.badges.shelf import badges_to_show
from app.services.conversation.thanks_read import thanks_to
from app.services.feed.following import is_followed
from app.services.people.colleagues import MOST_AT_ONCE, people_numbered
from app.services.people.colleagues import search as find
from app.services.people.membership import present_as_seen
from app.text import one_line
from app.web.access import signed_in
from app.web.htmx import render, wants_fragment
from app.web.identity import viewer
from app.web.paging import Cursor, row_number

#: How many thanks stand on a person's page; the others have a page of their own.
_THANKS: Final = 3
#: For so long it is said that somebody is new.
_NEW_FOR: Final = timedelta(days=30)


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
    """What the person wants colleagues to see; whoever has left has no page. For HTMX, the next of what they do."""
    person = present_as_seen(person_id) or abort(404)
    after = Cursor.parse(request.args.get("after"))
    activities = shown_activities(person, after)
    last = activities.last
    return render(
        "people/show.html",
        "people/_activities.html",
        person=person,
        activities=activities.items,
        more=str(Cursor(last.created_at, last.id)) if last else "",
        first=after is None,
        **({} if wants_fragment() else _around(person)),
    )


def _around(person: PersonSeen) -> dict[str, Any]:
    """What the page shows beside the list of what they do."""
    thanks = thanks_to(person.id, viewer(), _THANKS)
    return {
        "is_own": person.id == viewer().id,
        "is_new": clock.now() - person.joined_at < _NEW_FOR,
        "sewn": sewn_activities(person),
        "badges": badges_to_show(person),
        "thanks": thanks.items,
        "has_more_thanks": thanks.has_more,
        "viewer_id": viewer().id,
        "following": is_followed(FollowKind.PERSON, person.id, viewer().id),
    }
