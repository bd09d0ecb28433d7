"""One box for all that colleagues have planned, learned and are. Queries are neither logged nor kept."""

from flask import abort, request
from werkzeug.wrappers import Response

from app.blueprints.search import blueprint
from app.blueprints.search.marks import Marks
from app.blueprints.search.sections import KINDS_BY_SLUG, chips_of, sections_of
from app.blueprints.search.suggestions import suggestions_for
from app.extensions import limiter
from app.models.search import SearchKind
from app.services.people.membership import coordinator_of
from app.services.search.find import Place, search
from app.services.search.words import LONGEST_QUERY
from app.text import one_line
from app.web.access import signed_in
from app.web.htmx import render, wants_fragment
from app.web.identity import person_key, viewer
from app.web.paging import RankCursor


@blueprint.get("/search")
@limiter.limit("300 per 5 minutes", key_func=person_key)  # somebody who types all the time asks once a second
@signed_in
def index() -> Response:
    """`q` is looked for, in all kinds or that one. The fragment is `#found` with the status; after the first page of a
    kind, its rows."""
    q, kind = one_line(request.args.get("q"))[:LONGEST_QUERY].strip(), _kind()
    after = RankCursor.parse(request.args.get("after"))
    person, results = viewer(), search(q, viewer())
    is_empty = bool(results.typed) and not results.total
    return render(
        "search/index.html",
        "search/_page.html" if after and kind else "search/_found.html",
        q=q,
        kind=request.args.get("kind", ""),
        results=results,
        marks=Marks(results),
        chips=chips_of(results, q, kind),
        sections=sections_of(results, q, kind, Place(*after) if after and kind else None),
        suggestions=suggestions_for(q, results, person) if is_empty else [],
        coordinator=coordinator_of(person) if is_empty else None,
        swapped=wants_fragment(),
        viewer_id=person.id,
    )


def _kind() -> SearchKind | None:
    slug = request.args.get("kind")
    return (KINDS_BY_SLUG.get(slug) or abort(404)) if slug else None
