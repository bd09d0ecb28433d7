"""How often codes may be asked for and tried: for an address, and from one network.

A whole town hall shares one network address, and at a kick-off three hundred people join within minutes. So a network
may ask for many codes, and only many wrong codes stop it.
"""

from flask import Response, request
from flask_limiter.util import get_remote_address

from app.blueprints.auth.in_progress import sign_in_in_progress
from app.email_address import canonical_or_none
from app.extensions import limiter
from app.text import one_line


def _address() -> str:
    """The e-mail address that gets the next code. For another code it is the one in the session, whatever is sent; else
    the form's, in its one spelling, so that all spellings of an address count together."""
    in_progress = sign_in_in_progress()
    if request.endpoint == "auth.another_code" and in_progress:
        return in_progress["email"]
    return canonical_or_none(one_line(request.form.get("email"))) or get_remote_address()


def _address_from_here() -> str:
    return f"{_address()} {get_remote_address()}"


def _succeeded(response: Response) -> bool:
    return response.status_code < 400


def _was_refused(response: Response) -> bool:
    return response.status_code == 422


#: Somebody elsewhere who asks for codes to one's address can neither lock one out nor flood the inbox.
codes_per_address_from_here = limiter.shared_limit(
    "5 per 15 minutes", "codes-per-address-from-here", key_func=_address_from_here, deduct_when=_succeeded
)
codes_per_address = limiter.shared_limit(
    "30 per hour", "codes-per-address", key_func=_address, deduct_when=_succeeded
)
codes_per_network = limiter.shared_limit("400 per hour", "codes-per-network", deduct_when=_succeeded)
wrong_codes_per_network = limiter.shared_limit(
    "100 per hour", "wrong-codes-per-network", deduct_when=_was_refused
)
