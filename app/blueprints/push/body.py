"""What a browser sends about its subscription: JSON that anybody could have written."""

from typing import Any, Final

from flask import request

from app.services.delivery.subscriptions import BrowserSubscription

#: Endpoints are at most 2 kB long; nothing longer is even read.
_LONGEST: Final = 16_384


def browser_subscription(*, ours: str) -> BrowserSubscription | None:
    """The subscription in the request's body; None if there is none. `ours` is the public key that it was made with
    unless it says otherwise."""
    content = _json()
    keys = content.get("keys")
    if not isinstance(keys, dict):
        return None
    texts = (content.get("endpoint"), keys.get("p256dh"), keys.get("auth"))
    server_key = content.get("applicationServerKey", ours)
    if not all(isinstance(text, str) for text in (*texts, server_key)):
        return None
    endpoint, p256dh, auth = map(str, texts)
    return BrowserSubscription(endpoint, p256dh, auth, server_key)


def endpoint_in_body() -> str | None:
    """`{"endpoint": …}` of the request's body, if it is one that could be an endpoint."""
    endpoint = _json().get("endpoint")
    if isinstance(endpoint, str) and endpoint.isascii() and endpoint.isprintable():
        return endpoint
    return None


def _json() -> dict[str, Any]:
    if (request.content_length or 0) > _LONGEST:
        return {}
    try:
        content = request.get_json(silent=True)
    except RecursionError:  # thousands of brackets
        return {}
    return content if isinstance(content, dict) else {}
