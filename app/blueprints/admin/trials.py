"""The answer to "Prova på mig": for a script a line beside the button, without one the page as it was filled in."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import current_app, flash, make_response, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.config import Settings
from app.extensions import db
from app.services.notifications.mail_addresses import Site
from app.services.notifications.wording import Words
from app.services.stages.trials import Way, try_on
from app.web.htmx import wants_fragment
from app.web.identity import viewer


def answer_trial(
    text: tuple[Mapping[str, Words], str] | None, errors: Mapping[Any, Sequence[str]], page: Callable[[], str]
) -> Response | tuple[str, int]:
    """`text` is what is sent, by language, and the path that it opens; None when `errors` say why not. `page` makes the
    page with the form: it is answered with 201, since a redirect would lose what was written."""
    if text is None:
        return _line(next(iter(errors.values()))[0], 422) if wants_fragment() else (page(), 422)
    words, url = text
    settings: Settings = current_app.config["SETTINGS"]
    site = Site(settings.base_url, settings.secret_key)
    way = try_on(viewer(), words, url, site=site, now=clock.now())
    db.session.commit()
    said = _words_of(way)
    if wants_fragment():
        return _line(said, 201)
    flash(said)
    return page(), 201


def _line(said: str, status: int) -> Response:
    return make_response(render_template("admin/_tried.html", said=said, failed=status == 422), status)


def _words_of(way: Way) -> str:
    return {
        Way.PUSH: _("A trial is on its way to your phone. It is in your inbox too."),
        Way.MAIL: _("A trial is on its way to you by mail. It is in your inbox too."),
        Way.INBOX_ONLY: _("You have paused, so the trial is in your inbox only."),
    }[way]
