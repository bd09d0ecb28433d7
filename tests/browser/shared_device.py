"""A device that several people use: who is on it, how they go, and whose pages it shows."""

from playwright.sync_api import BrowserContext, Page
from playwright.sync_api import Error as PlaywrightError

from app import clock
from app.extensions import db
from app.models.person import Person
from app.services.accounts.devices import end_all_sessions
from tests.browser.live import Live
from tests.factories import make_person

#: How somebody's time on a device ends.
CLEARED, ENDED, SIGNED_OUT, NOTHING = "cookie cleared", "ended elsewhere", "signed out", "nothing"


def end_session_of(how: str, page: Page, device: BrowserContext, live: Live, person: str) -> None:
    if how == CLEARED:
        device.clear_cookies()
    if how == ENDED:
        with live.app.app_context():
            end_all_sessions(db.session.get_one(Person, int(person)), clock.now())
            db.session.commit()
    if how == SIGNED_OUT:
        page.goto("/settings")
        page.locator("form[data-sign-out] button").first.click()
        page.wait_for_url("/login")


def somebody(live: Live) -> Person:
    with live.app.app_context():
        person = make_person("Bob Berg", "klippan")
        db.session.commit()
        db.session.refresh(person)
        db.session.expunge(person)
    return person


def whose_pages(device: BrowserContext) -> list[str]:
    """The persons for whom pages are shown from now on."""
    persons: list[str] = []
    device.expose_binding("shows", lambda _source, person: persons.append(person))
    device.add_init_script(
        """addEventListener("DOMContentLoaded", () => {
            const { person } = document.body.dataset;
            if (person) shows(person);
        });"""
    )
    return persons


def shown_person(page: Page) -> str:
    return page.locator("body").get_attribute("data-person") or ""


def kept_for(page: Page) -> str | None:
    return page.evaluate(  # type: ignore[no-any-return]
        "caches.match('/', { cacheName: 'feed' }).then((kept) => kept?.headers.get('X-Eldsjal-Owner') ?? null)"
    )


def in_worker(device: BrowserContext, script: str) -> None:
    """Run it in the device's service worker. A very busy browser may stop it in the midst of this, and starts it again
    for the page that is asked for meanwhile; there it is run anew."""
    worker = device.service_workers[-1]
    try:
        worker.evaluate(script)
    except PlaywrightError as error:
        if "Service worker restarted" not in error.message:
            raise
        worker.evaluate(script)
