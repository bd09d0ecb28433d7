"""The brake: how much one person may do in a while that others see or are told of.

It is one for all such routes, on all devices of the person, so that doing several things gives nobody more. An action
weighs what its route says, or one for each person whom it tells, if those are more. So nobody causes more than 120
notifications in ten minutes, or 600 in a day, but for the last action's; and people have room: 30 plans or reports in
ten minutes, 150 in a day, or 120 cheers and 600.

Only what took effect counts. The windows are fixed, so twice as much passes where two of them meet; and without Redis
each web process counts for itself.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from flask import Response, g
from flask_babel import gettext as _

from app.extensions import limiter
from app.services.notifications.notify import take_people_told
from app.web.access import View
from app.web.htmx import wants_fragment
from app.web.identity import person_key
from app.web.limited import Until, limited_until, refused_while_limited
from app.web.refusal import keeps_form

_BUDGETS: Final = "120 per 10 minutes; 600 per day"


def braked(
    weight: int,
    *,
    form: bool = False,
    counts_told: bool = True,
    whose: Callable[[], str] = person_key,
    limited_too: bool = False,
    limited_until: Until = limited_until,
) -> Callable[[View], View]:
    """For every route whose effect others see or are told of; it goes under the access rule. Whoever is limited for a
    time is refused (app/web/limited.py), but for what is `limited_too`: what only takes away, concerns them alone, or
    answers a decision.

    With `form`, the route validates one and shows it again: refused, it comes back as it was filled. Without, a refusal
    is our page for it, and for scripts a message. `counts_told` is off where whoever is told has asked for it. `whose`
    and `limited_until` are of whoever acts, where that is not whoever is signed in.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def counted(*args: Any, **kwargs: Any) -> Any:
            take_people_told()
            response = view(*args, **kwargs)
            people_told = take_people_told()
            g.brake_cost = max(weight, people_told) if counts_told else weight
            return response

        limit = limiter.shared_limit(
            _BUDGETS,
            "brake",
            key_func=whose,
            cost=lambda: g.get("brake_cost", weight),
            deduct_when=_took_effect,
        )
        guarded: View = limit(counted)
        if form:
            guarded = keeps_form(_when_again)(guarded)
        if not limited_too:
            guarded = refused_while_limited(guarded, form=form, when=limited_until)
        guarded.brake = "form" if form else "tap"  # type: ignore[attr-defined]
        return guarded

    return decorate


def _took_effect(response: Response) -> bool:
    """A form is answered with a redirect or what was made, HTMX also with a fragment; other pages show a form again."""
    return response.status_code in (201, 303) or (wants_fragment() and response.status_code in (200, 204))


def _when_again(wait: str) -> str:
    return _("That was much in a short time. Your text is kept: send it again in %(wait)s.", wait=wait)
