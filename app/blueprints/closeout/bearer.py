"""Whoever holds the address: it says who they are, and nothing else does.

Nobody who is signed in on the device is looked at, and no cookie is set: the address acts for its own person alone.
"""

from datetime import datetime
from functools import wraps
from hashlib import sha256
from typing import Any, Final

from flask import Response as FlaskResponse
from flask import current_app, request
from flask_babel import force_locale

from app import clock
from app.blueprints.closeout import blueprint
from app.extensions import db, limiter
from app.models.person import Person
from app.services.notifications.close_address import CloseToken, read_close_token
from app.web.access import View
from app.web.identity import key_of_person
from app.web.language import choose_language
from app.web.limited import not_yet_over
from app.web.network import network
from app.web.outages import without_viewer

#: Of one address: a person with two phones, and scanners that fetch whatever stands in a mail.
_OF_AN_ADDRESS: Final = "60 per 10 minutes"
#: A whole town hall may share a network, and its mail filter may open the links of everybody.
_OF_A_NETWORK: Final = "1200 per 10 minutes"


def close_token() -> CloseToken | None:
    """What the address of this request stands for, if it is one of ours that has not run out."""
    token: str = (request.view_args or {})["token"]
    return read_close_token(token, secret=current_app.config["SECRET_KEY"], now=clock.now())


def bearer_key() -> str:
    """Whose limit a request counts in: that of the person whom the address names, wherever they do it."""
    token = close_token()
    return key_of_person(token.person_id) if token else network()


def bearer_limited_until() -> datetime | None:
    """Until when the person whom the address names may not write; None for who may."""
    person = _bearer()
    return not_yet_over(person.limited_until) if person else None


def for_its_bearer(view: View) -> View:
    """For every route here, under the access rule: in the language of whoever the address is for, as for a stranger
    whoever is signed in, and not too often."""

    @wraps(view)
    def answered(*args: Any, **kwargs: Any) -> Any:
        without_viewer()
        with force_locale(_language()):
            return view(*args, **kwargs)

    per_address = limiter.shared_limit(_OF_AN_ADDRESS, "close address", key_func=_address_key)
    per_network = limiter.shared_limit(_OF_A_NETWORK, "close network", key_func=network)
    guarded: View = per_network(per_address(answered))
    return guarded


@blueprint.after_request
def keep_to_the_bearer(response: FlaskResponse) -> FlaskResponse:
    """The address is a key: it is in no cache, and no page that one goes on to is told it."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _language() -> str:
    person = _bearer()
    return person.language if person else choose_language()


def _bearer() -> Person | None:
    token = close_token()
    return db.session.get(Person, token.person_id) if token else None


def _address_key() -> str:
    """The counts hold no key that opens anything."""
    return sha256((request.view_args or {})["token"].encode()).hexdigest()[:24]
