"""Whom one may mean, while one writes a name behind "@"."""

from flask import render_template, request

from app.blueprints.conversation import blueprint
from app.services.conversation.mentions import who_may_be_meant
from app.text import one_line
from app.web.access import signed_in
from app.web.identity import viewer


@blueprint.get("/comments/mentions")
@signed_in
def mentions() -> str:
    """The options of a list, for `q`, the beginning of a name; none for what begins no name."""
    places, people = who_may_be_meant(one_line(request.args.get("q")), viewer())
    return render_template("conversation/_whom.html", places=places, people=people)
