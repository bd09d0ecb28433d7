"""A queue that coordinators work through from the phone: what waits, and the word about each decision."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import flash, request, url_for
from werkzeug.wrappers import Response

from app.web.htmx import go_to, render, wants_fragment
from app.web.paging import Cursor


class Decided(NamedTuple):
    """The word about a decision just made, and the draft that it has settled."""

    words: str
    draft: str


@dataclass(frozen=True)
class Queue:
    """`page` and `whole` are its templates, the latter of layouts/queue.html; `item` that of one thing that waits.
    `find` gives what they show, among it `items`, `waiting` (how many in all) and `last`, the last item's cursor."""

    endpoint: str
    page: str
    whole: str
    item: str
    find: Callable[[Any], dict[str, Any]]
    #: What the address of a later page is read with.
    parse: Callable[[str | None], Any] = Cursor.parse

    def show(self, status: int = 200, **context: Any) -> Response:
        """What waits. A form that comes back stands in `returned`, by the number of what it is about."""
        after = self.parse(request.args.get("after"))
        found = self.find(after)
        later = url_for(self.endpoint, after=str(found["last"])) if found["last"] else ""
        shown: dict[str, Any] = {
            "returned": {},
            "decided": None,
            "too_late": "",
            "item_template": self.item,
            "later": later,
        }
        fragment = "layouts/queue_items.html" if after else self.whole
        return render(self.page, fragment, status, **shown | found | context)

    def tell(self, words: str, draft: str) -> Response:
        """What waits after a decision, and the word about it."""
        if wants_fragment():
            return self.show(decided=Decided(words, draft))
        flash(draft, "draft-done")
        flash(words)
        return go_to(self.endpoint)

    def tell_too_late(self, words: str) -> Response:
        """What waits when somebody else was quicker."""
        if wants_fragment():
            return self.show(too_late=words)
        flash(words, "error")
        return go_to(self.endpoint)
