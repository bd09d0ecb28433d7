"""The inbox: everything that one has been told, whether it was pushed or not."""

from flask import g
from flask.blueprints import BlueprintSetupState

from app.blueprints.inbox import blueprint
from app.models.notification import unread_count
from app.web.identity import viewer_or_none


@blueprint.record_once
def _give_the_bell_its_number(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals["unread"] = unread


def unread() -> int:
    """How many notifications the viewer has not opened: one query for a page, and only if a template asks."""
    if "unread" not in g:
        person = viewer_or_none()
        g.unread = unread_count(person.id) if person else 0
    return int(g.unread)
