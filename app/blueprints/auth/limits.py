"""How often codes may be asked for and tried: for an address, and from one network.

A whole town hall shares one network address, and three hundred people join at a kick-off within minutes: so a network
may ask for many codes, and is stopped by wrong ones.
"""

from flask import Response, request
from flask_limiter.util import get_remote_address

from app.blueprints.auth.entering import entering
from app.extensions import limiter


def _address() -> str:
    """The address that a code is for: in the form, or when another code is asked for, in the cookie."""
    begun = entering()
    email = request.form.get("email") or (begun["email"] if begun else "")
    return email.strip().lower() or get_remote_address()


def _went_through(response: Response) -> bool:
    return response.status_code < 400


def _was_wrong(response: Response) -> bool:
    return response.status_code == 422


codes_per_address = limiter.shared_limit(
    "5 per 15 minutes", "codes-per-address", key_func=_address, deduct_when=_went_through
)
codes_per_network = limiter.shared_limit("400 per hour", "codes-per-network", deduct_when=_went_through)
wrong_codes_per_network = limiter.shared_limit(
    "40 per hour", "wrong-codes-per-network", deduct_when=_was_wrong
)
