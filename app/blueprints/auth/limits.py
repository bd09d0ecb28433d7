"""How often codes may be asked for and tried.

A code belongs to the browser that asked for it, so nobody can use up another's tries. What strangers can do is to ask
for codes to somebody's address, and guess. Each limit is held against both sides of that:

* A browser may ask five times in a quarter of an hour: more than that is impatience.
* A network may ask ten times an hour for one address, and all networks together sixty times. So it takes six networks
  to keep somebody from getting a code, and even then a code that she has asked for goes on working. With five tries in
  a million for each code, a stranger gets in within an hour with a chance of 1 to 20,000 from one network, or 1 to
  3,300 from many, while the person is sent a mail a minute.
* A whole town hall is one network, and at a kick-off three hundred people sign in within minutes, some of them twice.
  So a network may ask for six hundred codes an hour. Of the wrong ones it may type a hundred; after that, each browser
  still has its first try, so that nobody near a vandal is shut out. A stranger who guesses at all addresses from one
  network gets into one of them within an hour with a chance of 1 to 1,400 at most.
"""

from flask import Response, current_app, request
from flask_babel import gettext as _

from app.blueprints.auth.in_progress import sign_in_in_progress, this_browser
from app.email_address import canonical_or_none
from app.extensions import limiter
from app.services.accounts.sign_in import was_tried
from app.text import one_line
from app.web.network import network
from app.web.refusal import keeps_form


def _address() -> str:
    """The e-mail address that gets the next code. For another code it is the one in the cookie, whatever is sent; else
    the form's, in its one spelling, so that all spellings of an address count together."""
    in_progress = sign_in_in_progress()
    if request.endpoint == "auth.another_code" and in_progress:
        return in_progress["email"]
    return canonical_or_none(one_line(request.form.get("email"))) or network()


def _address_from_here() -> str:
    return f"{_address()} {network()}"


def _address_from_this_browser() -> str:
    return f"{_address_from_here()} {this_browser()}"


def _is_first_try() -> bool:
    in_progress = sign_in_in_progress()
    if in_progress is None:
        return False
    secret = current_app.config["SECRET_KEY"]
    return not was_tried(in_progress["browser"], in_progress["email"], secret=secret)


def _succeeded(response: Response) -> bool:
    return response.status_code < 400


def _was_refused(response: Response) -> bool:
    return response.status_code == 422


codes_per_browser = limiter.shared_limit(
    "5 per 15 minutes", "codes-per-browser", key_func=_address_from_this_browser, deduct_when=_succeeded
)
codes_per_address_from_here = limiter.shared_limit(
    "10 per hour", "codes-per-address-from-here", key_func=_address_from_here, deduct_when=_succeeded
)
codes_per_address = limiter.shared_limit(
    "60 per hour", "codes-per-address", key_func=_address, deduct_when=_succeeded
)
codes_per_network = limiter.shared_limit(
    "600 per hour", "codes-per-network", key_func=network, deduct_when=_succeeded
)
wrong_codes_per_network = limiter.shared_limit(
    "100 per hour",
    "wrong-codes-per-network",
    key_func=network,
    exempt_when=_is_first_try,
    deduct_when=_was_refused,
)


def _no_more_codes(wait: str) -> str:
    return _(
        "Many codes have been asked for, perhaps by somebody else. One that you have asked for on this device still"
        " works for its ten minutes. You can ask again in %(wait)s, or at once from another network.",
        wait=wait,
    )


def _no_more_tries(wait: str) -> str:
    return _(
        "Many wrong codes have been typed from this network. Ask for a new code and type it carefully, or wait"
        " %(wait)s.",
        wait=wait,
    )


#: Above the limits: the form comes back as it was filled.
keeps_address = keeps_form(_no_more_codes)
keeps_code = keeps_form(_no_more_tries)
