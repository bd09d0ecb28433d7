"""A picture that has been removed while a notification of it waited to be opened."""

from flask import flash
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.web.htmx import go_to


def gone(endpoint: str) -> Response:
    """Say so on the page whence one goes on, instead of a page that says only that nothing was found."""
    flash(_("The picture has been removed. There is nothing left to decide about."))
    return go_to(endpoint)
