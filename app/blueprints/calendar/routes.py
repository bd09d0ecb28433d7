"""A person's calendar: the dates of the stages and their own plans, for programs that fetch it without a session.

An address that is wrong, one that was switched off and one of somebody who has left are answered alike. The address is
a secret, so it is logged nowhere (app/web/trace.py).
"""

import hashlib
from typing import Any, Final

from flask import Response as FlaskResponse
from flask import abort, make_response, request
from flask_babel import force_locale

from app import clock
from app.blueprints.calendar import blueprint
from app.blueprints.calendar.stage_entries import entry_of_stage
from app.extensions import limiter
from app.models.person import Person
from app.services.accounts.calendar_address import owner_of_calendar
from app.services.activities.dated import dated_plans
from app.services.stages.dates import stage_dates
from app.web.access import public
from app.web.calendar_file import MIMETYPE, calendar_to_follow
from app.web.calendar_links import serial_and_seal
from app.web.catalogue import catalogue
from app.web.language import local_text
from app.web.network import network
from app.web.plan_entry import entry_of_plan
from app.web.trace import leaves_no_trace

#: A town hall's people may all ask from one network, and each program every quarter of an hour.
_FROM_A_NETWORK: Final = "3000 per 5 minutes"
#: Some programs on some devices; more is one that has run wild.
_OF_AN_ADDRESS: Final = "60 per 5 minutes"


def _address_key() -> str:
    """Counts may be kept in Redis, where the secret itself has no place."""
    token: Any = (request.view_args or {}).get("token", "")
    return hashlib.sha256(str(token).encode(errors="replace")).hexdigest()


@blueprint.get("/calendar/<token>.ics")
@public
@leaves_no_trace
@limiter.limit(_FROM_A_NETWORK, key_func=network)
@limiter.limit(_OF_AN_ADDRESS, key_func=_address_key)
def own(token: str) -> FlaskResponse:
    serial, is_sealed = serial_and_seal(token)
    person = owner_of_calendar(serial)
    if person is None or not is_sealed:
        abort(404)
    with force_locale(person.language):
        response = make_response(_calendar_of(person))
    response.content_type = MIMETYPE
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    response.add_etag()
    response.make_conditional(request)
    return response


def _calendar_of(person: Person) -> bytes:
    today = catalogue().today(clock.now())
    stages = [entry_of_stage(one) for one in stage_dates(today)]
    plans = [entry for plan in dated_plans(person, today) if (entry := entry_of_plan(plan))]
    return calendar_to_follow(f"person-{person.id}", local_text(catalogue().name), stages + plans)
