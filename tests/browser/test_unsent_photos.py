"""Leaving a page while a photo is being sent loses nothing: it goes when the page is opened again, and arrives once."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Page, expect
from sqlalchemy import func, select

from app import clock
from app.extensions import db
from app.models.outcome import Photo
from app.models.person import Person
from app.services.activities.plan import answer_invitation, invite
from app.services.activities.visibility import whole_activity
from tests.browser.live import Live
from tests.browser.phones import PREPARED_MS, enter_as, newcomer, until
from tests.browser.slow_network import SlowNetwork
from tests.factories import make_activity, make_person
from tests.pictures import jpeg

_COUNT = """await new Promise((resolve) => {
    indexedDB.open("unsent-photos", 1).onsuccess = ({ target: { result: database } }) => {
        if (!database.objectStoreNames.length) return resolve(-1);
        const asked = database.transaction("photos").objectStore("photos").count();
        asked.onsuccess = () => { database.close(); resolve(asked.result); };
    };
})"""


class Report:
    """The form of a report, in a page of a shared device."""

    def __init__(self, page: Page, activity_id: int) -> None:
        self.page, self.activity_id = page, activity_id
        self.path = f"/activities/{activity_id}/outcome"
        self.sends = f"POST /activities/{activity_id}/photos"

    def choose(self, *pictures: FilePayload) -> None:
        self.page.locator("input[type=file]").set_input_files(list(pictures))


@pytest.fixture
def report(tablet: BrowserContext, live: Live) -> Report:
    alice = newcomer(live, tablet, "Alice Ahl", "bjuv")
    with live.app.app_context():
        number = make_activity(db.session.get_one(Person, alice.id)).id
        db.session.commit()
    report = Report(tablet.new_page(), number)
    report.page.goto(report.path)
    report.page.wait_for_load_state("networkidle")
    return report


def _goes_to_the_feed(report: Report) -> Page:
    report.page.goto("/")
    return report.page


def _closes_the_tab(report: Report) -> Page:
    context = report.page.context
    report.page.close()
    return context.new_page()


@pytest.mark.parametrize("leaves", [_goes_to_the_feed, _closes_the_tab])
def test_a_photo_on_its_way_goes_when_the_page_is_opened_again(
    report: Report, slow: SlowNetwork, live: Live, leaves: Callable[[Report], Page]
) -> None:
    slow.hold(report.sends)
    report.choose(_picture("a"), _picture("b"))
    slow.await_question(report.sends)
    until(report.page, f"({_COUNT}) === 2")
    page = leaves(report)
    slow.release(cut=True)
    page.goto(report.path)
    expect(page.locator(".shot img[alt^='Din bild']")).to_have_count(2, timeout=PREPARED_MS)
    until(page, f"({_COUNT}) === 0")
    assert _taken(live, report) == 2
    page.reload()
    expect(page.locator(".shot")).to_have_count(2)


def test_a_photo_on_its_way_goes_when_the_page_is_reloaded(
    report: Report, slow: SlowNetwork, live: Live
) -> None:
    slow.hold(report.sends)
    report.choose(_picture("a"), _picture("b"))
    slow.await_question(report.sends)
    until(report.page, f"({_COUNT}) === 2")
    report.page.reload()
    slow.release()
    expect(report.page.locator(".shot img[alt^='Din bild']")).to_have_count(2, timeout=PREPARED_MS)
    until(report.page, f"({_COUNT}) === 0")
    assert _taken(live, report) == 2


def test_a_photo_that_arrives_while_the_next_page_is_on_its_way_is_not_missing_there(
    report: Report, slow: SlowNetwork, live: Live
) -> None:
    """That page was made before the picture came; only what is still kept can show it."""
    slow.hold(report.sends)
    report.choose(_picture("a"))
    slow.await_question(report.sends)
    until(report.page, f"({_COUNT}) === 1")
    report.page.evaluate("() => { window.dispatchEvent(new Event('beforeunload')); }")
    slow.release()
    expect(report.page.locator(".shot[id]")).to_have_count(1)
    assert report.page.evaluate(f"async () => {_COUNT}") == 1
    report.page.reload()
    until(report.page, f"({_COUNT}) === 0")
    expect(report.page.locator(".shot")).to_have_count(1)
    assert _taken(live, report) == 1


def test_what_it_was_sent_again_is_said(report: Report, slow: SlowNetwork) -> None:
    slow.hold(report.sends)
    report.choose(_picture("a"))
    until(report.page, f"({_COUNT}) === 1")
    report.page.reload()
    expect(report.page.locator("[data-result]")).to_have_text("Vi har kvar dina bilder och skickar dem nu.")
    slow.release()
    expect(report.page.locator("[data-result]")).to_have_text("")


def test_a_photo_that_was_taken_though_the_answer_was_lost_is_there_once(
    report: Report, slow: SlowNetwork, live: Live
) -> None:
    slow.hold(report.sends, answers=True)
    report.choose(_picture("a"))
    slow.await_question(report.sends)
    report.page.goto("/inbox")
    slow.release(cut=True)
    report.page.goto(report.path)
    until(report.page, f"({_COUNT}) === 0")
    expect(report.page.locator(".shot")).to_have_count(1)
    assert _taken(live, report) == 1


def test_without_a_network_it_waits_also_after_the_page_was_left(
    report: Report, tablet: BrowserContext, live: Live
) -> None:
    tablet.set_offline(True)
    report.choose(_picture("a"))
    expect(report.page.locator("[data-result]")).to_contain_text("väntar på nät")
    until(report.page, f"({_COUNT}) === 1")
    report.page.close()
    tablet.set_offline(False)
    page = tablet.new_page()
    page.goto(report.path)
    expect(page.locator(".shot img[alt^='Din bild']")).to_have_count(1, timeout=PREPARED_MS)
    assert _taken(live, report) == 1


def test_a_photo_that_is_taken_away_or_refused_does_not_come_back(report: Report, slow: SlowNetwork) -> None:
    report.choose({"name": "not.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"})
    expect(report.page.locator("[data-result]")).to_contain_text("not.jpg")
    until(report.page, f"({_COUNT}) === 0")
    slow.hold(report.sends)
    report.choose(_picture("a"))
    slow.await_question(report.sends)
    slow.release(cut=True)
    report.page.get_by_role("button", name="Ta bort").click()
    until(report.page, f"({_COUNT}) === 0")


def test_a_photo_is_there_for_who_chose_it_and_for_nobody_else(
    report: Report, tablet: BrowserContext, live: Live, slow: SlowNetwork
) -> None:
    """Not even for somebody who may report the same activity; and it outlives a session that ended."""
    slow.hold(report.sends)
    report.choose(_picture("a"))
    until(report.page, f"({_COUNT}) === 1")
    alice, bob = _with_a_partner(live, report)
    report.page.goto("/inbox")
    slow.release(cut=True)
    for person, photos in ((bob, 0), (alice, 1)):
        with live.app.app_context():
            enter_as(live, tablet, db.session.get_one(Person, person))
        report.page.goto(report.path)
        report.page.wait_for_function("() => customElements.get('photo-picker') ? true : false")
        report.page.evaluate("document.querySelector('photo-picker').restored.then(() => true)")
        expect(report.page.locator(".shot")).to_have_count(photos)


@pytest.mark.parametrize(
    "refusal",
    [
        "IDBObjectStore.prototype.add = () => { throw new DOMException('full', 'QuotaExceededError'); }",
        "IDBFactory.prototype.open = () => { throw new DOMException('private', 'SecurityError'); }",
    ],
    ids=["full", "private"],
)
def test_a_browser_that_can_keep_nothing_says_so_and_sends_as_before(
    report: Report, slow: SlowNetwork, live: Live, refusal: str
) -> None:
    report.page.add_init_script(refusal)
    report.page.goto(report.path)
    slow.hold(report.sends)
    report.choose(_picture("a"))
    expect(report.page.locator("[data-result]")).to_contain_text("Stanna på sidan")
    asks = "!dispatchEvent(new Event('beforeunload', { cancelable: true }))"
    assert report.page.evaluate(asks) is True
    slow.release()
    expect(report.page.locator(".shot img[alt^='Din bild']")).to_have_count(1, timeout=PREPARED_MS)
    assert report.page.evaluate(asks) is False
    assert _taken(live, report) == 1


@pytest.mark.parametrize(
    "others", [{"count": 24, "bytes": 10, "days": 1}, {"count": 3, "bytes": 70_000_000, "days": 1}]
)
def test_photos_are_kept_neither_without_number_nor_of_any_size(
    report: Report, slow: SlowNetwork, others: dict[str, int]
) -> None:
    slow.hold(report.sends)
    report.page.evaluate(_FILL, others)
    report.choose(_picture("a"))
    expect(report.page.locator("[data-result]")).to_contain_text("Stanna på sidan")


def test_photos_are_not_kept_for_ever(report: Report) -> None:
    report.page.evaluate(_FILL, {"count": 24, "bytes": 10, "days": 15})
    report.page.reload()
    until(report.page, f"({_COUNT}) === 0")


def test_signing_out_takes_them_along(report: Report, slow: SlowNetwork, live: Live) -> None:
    slow.hold(report.sends)
    report.choose(_picture("a"))
    until(report.page, f"({_COUNT}) === 1")
    report.page.goto("/settings")
    report.page.locator("form[data-sign-out] button").first.click()
    report.page.wait_for_url("/login")
    until(report.page, f"({_COUNT}) < 1")


_FILL = """({ count, bytes, days }) => new Promise((resolve) => {
    indexedDB.open("unsent-photos", 1).onsuccess = ({ target: { result: database } }) => {
        const transaction = database.transaction("photos", "readwrite");
        const at = Date.now() - days * 24 * 3600 * 1000;
        const file = new Blob([new Uint8Array(bytes)]);
        const photo = { owner: "0", url: "/", file, at };
        for (let one = 0; one < count; one += 1) transaction.objectStore("photos").add(photo);
        transaction.oncomplete = () => { database.close(); resolve(true); };
    };
})"""


def _with_a_partner(live: Live, report: Report) -> tuple[int, int]:
    """The owner, and somebody who has agreed to be with her."""
    with live.app.app_context():
        activity = whole_activity(report.activity_id)
        assert activity
        alice, bob = activity.owner, make_person("Bob Berg", "klippan")
        answer_invitation(invite(activity, bob, by=alice, now=clock.now()), accept=True, now=clock.now())
        db.session.commit()
        return alice.id, bob.id


def _taken(live: Live, report: Report) -> int:
    with live.app.app_context():
        return db.session.scalar(select(func.count()).where(Photo.activity_id == report.activity_id)) or 0


def _picture(name: str) -> FilePayload:
    return {"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": jpeg(size=(300 + ord(name), 200))}
