"""Pushes on the device that shows the page, as the server knows them. The page's script holds the browser to it."""

from typing import Literal, NamedTuple

from flask import Flask, current_app

from app.config import Settings
from app.models.sign_in import PushChoice
from app.services.accounts.devices import Glance
from app.services.delivery.sender import push_sender
from app.services.delivery.subscriptions import fingerprint
from app.web.identity import glance_or_none


class PushHere(NamedTuple):
    """Each is a text, and empty when there is nothing to say."""

    #: The public key that browsers subscribe with.
    key: str
    #: Which subscription of this device and this person the server holds, if pushes to it can arrive.
    held: str
    #: What the person chose for this device: a `PushChoice`.
    choice: str

    @property
    def state(self) -> Literal["on", "off", "ended"]:
        """`ended`: the person wants pushes, and there is no subscription to send them to."""
        if self.held:
            return "on"
        return "ended" if self.choice == PushChoice.ON else "off"


def init_app(app: Flask) -> None:
    """Give templates `push_here()`."""
    app.jinja_env.globals["push_here"] = push_here


def push_here() -> PushHere:
    """What holds for the signed-in person's device, without a query of its own; on every page."""
    key, glance = application_server_key(), glance_or_none()
    if glance is None:
        return PushHere(key, "", "")
    return PushHere(key, _held(glance, key), glance.push_choice or "")


def application_server_key() -> str:
    """The public key that browsers subscribe with; empty when pushes are not set up, or their settings are wrong: the
    worker says what is, and no page is lost by it."""
    settings: Settings = current_app.config["SETTINGS"]
    try:
        sender = push_sender(settings)
    except ValueError:
        return ""
    return sender.vapid.application_server_key if sender else ""


def _held(glance: Glance, key: str) -> str:
    endpoint, p256dh, auth = glance.push_endpoint, glance.push_p256dh, glance.push_auth
    if endpoint is None or p256dh is None or auth is None or glance.push_server_key not in ("", key):
        return ""
    return fingerprint(endpoint, p256dh, auth)
