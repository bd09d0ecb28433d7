"""How often codes may be asked for and tried: for an address, and from one network.

A whole town hall shares one network address, and three hundred people join at a kick-off within minutes: so a network
may ask for many codes, and is stopped by wrong ones.
"""

from flask import Response, request
from flask_limiter.util import get_remote_address

from app.blueprints.auth.entering import entering
from app.extensions import limiter
from app.web.texts import one_line


def _address() -> str:
    """The address that the next code goes to: from the form, cleaned as the form cleans it, so that each spelling of
    one is the same one; else from the cookie, which another code goes to whatever else is sent."""
    begun = entering()
    if request.endpoint == "auth.another_code" and begun:
        return begun["email"]
    return one_line(request.form.get("email")).lower() or get_remote_address()


def _address_from_here() -> str:
    return f"{_address()} {get_remote_address()}"


def _went_through(response: Response) -> bool:
    return response.status_code < 400


def _was_wrong(response: Response) -> bool:
    return response.status_code == 422


#: Nobody is locked out by somebody elsewhere who asks for codes to their address; nor is their inbox flooded.
codes_per_address_from_here = limiter.shared_limit(
    "5 per 15 minutes", "codes-per-address-from-here", key_func=_address_from_here, deduct_when=_went_through
)
codes_per_address = limiter.shared_limit(
    "30 per hour", "codes-per-address", key_func=_address, deduct_when=_went_through
)
codes_per_network = limiter.shared_limit("400 per hour", "codes-per-network", deduct_when=_went_through)
wrong_codes_per_network = limiter.shared_limit(
    "100 per hour", "wrong-codes-per-network", deduct_when=_was_wrong
)
