"""A phone whose push service is within reach: a stand-in for the browser's own, which tests cannot ask.

It keeps to the specification: the same key gets the same subscription, another key is refused while there is one, and
after `unsubscribe` the next one has another endpoint. What it knows survives the page, and is shared by the tabs.
"""

import json
from dataclasses import dataclass, field
from itertools import islice

from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from app.extensions import db
from app.models.notification import PushSubscription
from app.models.person import Person
from tests.browser.live import Live
from tests.browser.phones import until
from tests.push_device import Device
from tests.push_service import PushService

_PUSH_MANAGER = """(devices) => {
    const known = () => JSON.parse(localStorage.getItem("browser") ?? '{"next": 0, "held": null}');
    const know = (more) => localStorage.setItem("browser", JSON.stringify({ ...known(), ...more }));
    const subscription = ({ json, key }) => ({
        ...json,
        options: { applicationServerKey: Uint8Array.from(key).buffer },
        toJSON: () => json,
        unsubscribe: async () => { know({ held: null }); return true; },
    });
    PushManager.prototype.getSubscription = async () => known().held && subscription(known().held);
    PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
        const { next, held, away } = known();
        const key = [...new Uint8Array(applicationServerKey)];
        if (away) throw new DOMException("Registration failed - push service error", "AbortError");
        if (held && String(held.key) !== String(key)) throw new DOMException("another key", "InvalidStateError");
        if (!held) know({ next: next + 1, held: { json: devices[next], key } });
        return subscription(known().held);
    };
}"""


@dataclass
class PushPhone:
    """`switch_on()` is a tap in the settings; `page` is then there."""

    page: Page
    context: BrowserContext
    live: Live
    service: PushService
    name: str
    devices: list[Device] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.grant_permissions(["notifications"], origin=self.live.url)
        self.devices = [self.service.device(f"{self.name}-{number}") for number in range(6)]
        given = [device.subscription() for device in self.devices]
        self.context.add_init_script(f"({_PUSH_MANAGER})({json.dumps(given)})")

    def switch_on(self) -> None:
        self.page.goto("/settings")
        self.page.locator("push-toggle [data-action=enable]").click()
        self.expect("on")

    def expect(self, state: str) -> None:
        """What the switch of the settings says."""
        expect(self.page.locator("push-toggle")).to_have_attribute("data-now", state)

    def endpoint(self) -> str | None:
        """What the browser has."""
        held = self.page.evaluate("JSON.parse(localStorage.getItem('browser'))?.held")
        return held["json"]["endpoint"] if held else None

    def lose(self) -> None:
        """The browser loses its subscription without a word."""
        self.change("held: null")

    def change(self, knowledge: str) -> None:
        self.page.evaluate(
            f"""localStorage.setItem("browser", JSON.stringify(
                {{ ...JSON.parse(localStorage.getItem("browser") ?? '{{"next": 0}}'), {knowledge} }}))"""
        )

    def await_held(self, person: Person, number: int) -> None:
        """Until the server pushes to that one of the phone's devices, and to no other of this person's."""
        wanted = [self.devices[number].endpoint]
        for _ in islice(iter(int, 1), 400):
            if held_by(self.live, person) == wanted:
                break
            self.page.wait_for_timeout(50)
        assert held_by(self.live, person) == wanted
        until(
            self.page,
            f"JSON.parse(localStorage.getItem('browser')).held.json.endpoint === {json.dumps(wanted[0])}",
        )


def held_by(live: Live, person: Person) -> list[str]:
    """The endpoints that the server pushes to for that person."""
    with live.app.app_context():
        endpoints = select(PushSubscription.endpoint).where(PushSubscription.person_id == person.id)
        return list(db.session.scalars(endpoints.order_by(PushSubscription.id)))
