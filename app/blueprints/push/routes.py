"""Pushes to this device: what the server knows of them, subscribe, switch off, and test whether one arrives."""

from flask import Response as FlaskResponse
from flask import current_app, flash, jsonify, request
from flask_babel import gettext
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.push import blueprint
from app.blueprints.push.body import browser_subscription, endpoint_in_body
from app.config import Settings
from app.extensions import db, limiter
from app.services.delivery.pushes import TrialResult, try_push
from app.services.delivery.sender import push_sender
from app.services.delivery.subscriptions import subscribe, switch_off, unsubscribe
from app.web.access import signed_in
from app.web.htmx import go_to
from app.web.identity import device, person_key, viewer
from app.web.push_here import application_server_key, push_here


@blueprint.get("/push/subscription")
@signed_in
def show() -> FlaskResponse:
    """What every page says, for the worker and for pages that may be old, with a token to act on it."""
    here = push_here()
    answer = jsonify(
        person=viewer().id, key=here.key, held=here.held, choice=here.choice, token=generate_csrf()
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/push/subscription/removal")
@signed_in
def switch_off_here() -> Response | tuple[str, int]:
    """No more pushes to this device, as its person's choice; for the script, and for a form without one."""
    switch_off(device())
    db.session.commit()
    if request.is_json:
        return "", 204
    flash(gettext("Reminders are off for this device."))
    return go_to("settings.index")


@blueprint.post("/push/subscriptions")
@limiter.limit("120/hour", key_func=person_key)
@signed_in
def add_subscription() -> FlaskResponse | tuple[FlaskResponse, int]:
    """The browser's `PushSubscription` as JSON: this device gets pushes from now on. `applicationServerKey` may say
    which key it was made with; without, it is taken to be ours."""
    key = application_server_key()
    browser = browser_subscription(ours=key)
    if browser is None:
        return _refusal(gettext("That is no push subscription."))
    if key and browser.application_server_key != key:
        return _refusal(gettext("The subscription was made with another key. Load the page again."))
    settings: Settings = current_app.config["SETTINGS"]
    try:
        subscribe(device(), browser, extra_hosts=settings.push_extra_hosts, now=clock.now())
    except ValueError:
        return _refusal(gettext("This push service or its keys cannot be used."))
    db.session.commit()
    return jsonify(ok=True), 201


@blueprint.delete("/push/subscriptions")
@signed_in
def remove_subscription() -> tuple[str, int] | tuple[FlaskResponse, int]:
    endpoint = endpoint_in_body()
    if endpoint is None:
        return _refusal(gettext("That is no push subscription."))
    unsubscribe(device(), endpoint)
    db.session.commit()
    return "", 204


@blueprint.post("/push/test")
@limiter.limit("30/hour", key_func=person_key)
@signed_in
def try_out() -> Response | tuple[FlaskResponse, int]:
    """Push to this device at once, and say what happened: as JSON for the script, as a message for a form."""
    settings: Settings = current_app.config["SETTINGS"]
    result = try_push(push_sender(settings), device(), viewer().language)
    db.session.commit()
    message = _result_message(result)
    if request.is_json:
        sent = result is TrialResult.DELIVERED
        return jsonify(message=message, tag="test", result=result.value), 200 if sent else 422
    flash(message)
    return go_to("settings.index")


def _result_message(result: TrialResult) -> str:
    return {
        TrialResult.DELIVERED: gettext("Sent. It should show within a few seconds."),
        TrialResult.GONE: gettext("The push service no longer knows this device. Switch reminders on again."),
        TrialResult.REFUSED: gettext("The push service refuses our messages. Tell the programme office."),
        TrialResult.RETRY: gettext("The push service does not answer right now. Try again in a while."),
        TrialResult.OFF: gettext("Reminders are not on for this device."),
        TrialResult.NO_KEYS: gettext("Reminders are not set up on this server yet."),
    }[result]


def _refusal(why: str) -> tuple[FlaskResponse, int]:
    return jsonify(error=why), 422
