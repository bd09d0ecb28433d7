"""Pushes to this device: subscribe, unsubscribe, and test whether one arrives."""

from typing import Any

from flask import Response as FlaskResponse
from flask import current_app, flash, jsonify, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.push import blueprint
from app.config import Settings
from app.extensions import db, limiter
from app.services.delivery.pushes import TrialResult, try_push
from app.services.delivery.sender import push_sender
from app.services.delivery.subscriptions import BrowserSubscription, subscribe, unsubscribe
from app.web.access import signed_in
from app.web.htmx import go_to
from app.web.identity import device, viewer


@blueprint.post("/push/subscriptions")
@limiter.limit("60/hour")
@signed_in
def add_subscription() -> FlaskResponse | tuple[FlaskResponse, int]:
    """The browser's `PushSubscription` as JSON: from now on this device gets pushes."""
    browser = _browser_subscription()
    if browser is None:
        return _refusal(gettext("That is no push subscription."))
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
    endpoint = _json().get("endpoint")
    if not isinstance(endpoint, str) or not endpoint.isascii() or not endpoint.isprintable():
        return _refusal(gettext("That is no push subscription."))
    unsubscribe(device(), endpoint)
    db.session.commit()
    return "", 204


@blueprint.post("/push/test")
@limiter.limit("20/hour")
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
        TrialResult.GONE: gettext(
            "The push service no longer knows this device. Switch reminders off and on again."
        ),
        TrialResult.REFUSED: gettext("The push service refuses our messages. Tell the programme office."),
        TrialResult.RETRY: gettext("The push service does not answer right now. Try again in a while."),
        TrialResult.OFF: gettext("Reminders are not on for this device."),
        TrialResult.NO_KEYS: gettext("Reminders are not set up on this server yet."),
    }[result]


def _browser_subscription() -> BrowserSubscription | None:
    subscription = _json()
    keys = subscription.get("keys")
    if not isinstance(keys, dict):
        return None
    endpoint, p256dh, auth = subscription.get("endpoint"), keys.get("p256dh"), keys.get("auth")
    if isinstance(endpoint, str) and isinstance(p256dh, str) and isinstance(auth, str):
        return BrowserSubscription(endpoint, p256dh, auth)
    return None


def _json() -> dict[str, Any]:
    try:
        content = request.get_json(silent=True)
    except RecursionError:  # thousands of brackets
        return {}
    return content if isinstance(content, dict) else {}


def _refusal(why: str) -> tuple[FlaskResponse, int]:
    return jsonify(error=why), 422
