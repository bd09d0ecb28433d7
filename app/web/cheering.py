"""Cheering from a page that has all three kinds, and from a card or a row that has one button."""

from flask import abort, redirect, render_template, request
from werkzeug.wrappers import Response

from app.models.contribution import CheerKind, Contributed
from app.services.activities.cheer import cheers_of, contribution_of
from app.web.access import page_before
from app.web.htmx import wants_fragment
from app.web.identity import viewer


def pressed_kind() -> CheerKind | None:
    """The kind of the button that was pressed; None for the one button of a card. 400 for what is no kind."""
    name = request.form.get("kind")
    if name is None:
        return None
    return CheerKind(name) if name in list(CheerKind) else abort(400)


def after_press(thing: Contributed) -> Response | str:
    """All three as they are now; without HTMX, back to the page with them."""
    if wants_fragment():
        counts = cheers_of(contribution_of(thing), viewer())
        return render_template("components/_cheers.html", thing=thing, counts=counts)
    return back_to(f"cheers-{thing.id}", thing)


def back_to(anchor: str, thing: Contributed) -> Response:
    """The page from which it came, at that place; or the thing's own."""
    page = page_before() or thing.path
    return redirect(f"{page.partition('#')[0]}#{anchor}", 303)
