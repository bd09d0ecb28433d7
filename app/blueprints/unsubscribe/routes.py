"""Fewer mails, without signing in: from the links of a mail, and from the button that mail programs show (RFC 8058).

A GET shows and changes nothing, since mail filters open links. A POST switches off; its address is the authority for
that and for nothing else, so no token of a form is asked for: mail providers have neither cookie nor form. An address
that is not ours, one that has run out and one of somebody who has left are answered alike, and logged nowhere.
"""

from typing import Final, NamedTuple

from flask import Response as FlaskResponse
from flask import abort, current_app, make_response, render_template, request, url_for
from flask_babel import force_locale
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.unsubscribe import blueprint
from app.extensions import csrf, db, limiter
from app.models.notification import Group
from app.models.person import Person
from app.services.accounts.preferences import is_switched_off, switch_off
from app.services.notifications.kinds import GROUPS
from app.services.notifications.mail_addresses import read_unsubscribe_token
from app.web.access import public
from app.web.network import network
from app.web.outages import without_viewer
from app.web.trace import leaves_no_trace

#: A provider asks for many people from one network.
_FROM_A_NETWORK: Final = "3000 per 5 minutes"


class _Wish(NamedTuple):
    """Whose address it is, and what it switches off: a group of kinds, or the digest."""

    person: Person
    group: Group | None


@blueprint.get("/unsubscribe/<token>")
@public
@leaves_no_trace
@limiter.limit(_FROM_A_NETWORK, key_func=network)
def show(token: str) -> FlaskResponse:
    """What a POST would do, or that it is done."""
    return _page(token, _wish(token))


@blueprint.post("/unsubscribe/<token>")
@csrf.exempt  # type: ignore[untyped-decorator]
@public
@leaves_no_trace
@limiter.limit(_FROM_A_NETWORK, key_func=network)
def stop(token: str) -> Response:
    """Again and again with the same result. A provider is not sent on (RFC 8058, section 3.1), but answered at once."""
    wish = _wish(token)
    switch_off(wish.person, wish.group)
    db.session.commit()
    if request.form.get("List-Unsubscribe") == "One-Click":
        return _page(token, wish)
    return Response(status=303, headers={"Location": url_for("unsubscribe.show", token=token)})


@blueprint.after_request
def keep_address(response: FlaskResponse) -> FlaskResponse:
    """The address is a key: it is in no cache, and no page that one goes on to is told it."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _wish(token: str) -> _Wish:
    without_viewer()
    found = read_unsubscribe_token(token, secret=current_app.config["SECRET_KEY"], now=clock.now())
    person = db.session.get(Person, found.person_id) if found else None
    if found is None or person is None or not person.is_present:
        abort(FlaskResponse(render_template("unsubscribe/no_longer.html"), 404))
    return _Wish(person, found.group)


def _page(token: str, wish: _Wish) -> FlaskResponse:
    with force_locale(wish.person.language):
        page = render_template(
            "unsubscribe/show.html",
            token=token,
            group=wish.group and GROUPS[wish.group],
            is_off=is_switched_off(wish.person, wish.group),
        )
    return make_response(page)
