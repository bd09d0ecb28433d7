"""What a browser does to a page's service worker: gives it a push, a tap on one, word of a changed subscription."""

import json
from time import monotonic
from typing import Any

from playwright.sync_api import BrowserContext, Page

from tests.browser.phones import until

#: Resolves when the worker says that it has shown a push. To ask for the list of notifications until it is in there
#: would not do: Chromium forgets one that it is asked for while it puts it up.
_WATCH = """() => {
    self.shown = new Promise((resolve) => navigator.serviceWorker.addEventListener("message", resolve, { once: true }));
}"""


def push(page: Page, context: BrowserContext, data: str) -> None:
    """Into the worker, as the browser does when its push service says so; back when it is shown."""
    origin = page.evaluate("location.origin")
    session = context.new_cdp_session(page)
    found: list[dict[str, Any]] = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(event["registrations"]))
    session.send("ServiceWorker.enable")
    deadline = monotonic() + 20
    while not found:
        assert monotonic() < deadline, "no service worker is registered"
        page.wait_for_timeout(20)
    registration = next(one for one in found if one["scopeURL"] == f"{origin}/")
    page.evaluate(_WATCH)
    session.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": origin, "registrationId": registration["registrationId"], "data": data},
    )
    until(page, "await self.shown.then(() => true)")
    session.detach()


def notifications(page: Page) -> list[dict[str, str]]:
    return page.evaluate(  # type: ignore[no-any-return]
        """async () => (await (await navigator.serviceWorker.ready).getNotifications())
            .map(({ title, body, tag, lang, data }) => ({ title, body, tag, lang, url: data.url }))"""
    )


def tap(context: BrowserContext, action: str = "") -> None:
    """On the notification that is shown, or on that button of it."""
    context.service_workers[0].evaluate(
        """async (action) => {
            let notification;
            const end = Date.now() + 20_000;
            while (!notification && Date.now() < end) [notification] = await self.registration.getNotifications();
            self.dispatchEvent(new NotificationEvent("notificationclick", { notification, action }));
        }""",
        action,
    )


def change_subscription(
    context: BrowserContext, *, to_be_had: dict[str, Any] | None, given: dict[str, Any] | None
) -> None:
    """The event `pushsubscriptionchange`: with the new subscription `given`, or without; `to_be_had` is what the worker
    gets when it subscribes itself. Back when the worker has done what it does."""
    context.service_workers[0].evaluate(
        f"""async () => {{
            const made = (json, key) => json && {{ toJSON: () => json, options: {{ applicationServerKey: key }} }};
            PushManager.prototype.subscribe = async (options) => {{
                const fresh = made({json.dumps(to_be_had)}, options.applicationServerKey);
                if (!fresh) throw new DOMException("no push service", "AbortError");
                return fresh;
            }};
            const event = new Event("pushsubscriptionchange");
            event.newSubscription = made({json.dumps(given)}, undefined);
            event.oldSubscription = null;
            await new Promise((resolve) => {{
                event.waitUntil = (work) => work.then(resolve);
                self.dispatchEvent(event);
            }});
        }}"""
    )
