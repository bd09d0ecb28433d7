"""A picture that has been removed while a notification of it waited to be opened."""

from flask import flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.services.moderation.picture_queue import is_there
from app.services.notifications.inbox import is_led_to
from app.web.htmx import go_to
from app.web.identity import viewer


def gone(photo_id: int, endpoint: str) -> Response | None:
    """Say so on the page whence one goes on, instead of a page that says only that nothing was found. Nothing for those
    whom no notification has led here: to them a number that is free is as one that they may not see."""
    if is_there(photo_id) or not is_led_to(viewer(), request.path):
        return None
    flash(_("The picture has been removed. There is nothing left to decide about."))
    return go_to(endpoint)
