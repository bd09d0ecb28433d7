"""The screen in a lobby, lying and standing: whole everywhere, calm without a network, empty when it is revoked."""

from collections.abc import Callable, Collection, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, expect
from sqlalchemy import select, update

from app import clock
from app.extensions import db
from app.gateways.images import prepare
from app.gateways.media import MediaStore
from app.models.outcome import Outcome, Permission
from app.models.person import Role
from app.services.activities.best_practice import lift, lower
from app.services.activities.photos import describe_photo, keep_photo
from app.services.activities.visibility import whole_activity
from app.services.publishing.lobby_address import lobby_address, make_address, revoke_address
from tests.browser.live import Live
from tests.browser.phones import watch
from tests.factories import focus_area, make_activity, make_outcome, make_person, value
from tests.pictures import jpeg

#: A maker of one, with this title and story.
BestPractice = Callable[[str, str], None]

_SIZES = ((1920, 1080), (1080, 1920), (1280, 720), (3840, 2160), (390, 844), (320, 640), (844, 390))
#: Those of screens in lobbies: there all is to be seen at once.
_LOBBIES = _SIZES[:4]
_LONG = "Ordna en gemensam introduktionsdag för nyanställda samhällsbyggnadsingenjörer i Söderåsenkommunerna"
_STORY = "Vid varje gräns lämnade vi över en tröja till nästa kommun. Då började folk prata. Och sedan slutade de inte."

_OVERFLOWING = """() => {
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.documentElement;
    return [scrollWidth - clientWidth, scrollHeight - clientHeight];
}"""
#: Parts that lie over each other, or for which there was no room.
_CLASHES = """() => {
    const names = ["header", ".tiles", ".kiosk-shot .photo", ".kiosk-shot figcaption", ".kiosk-foot"];
    const parts = names.map((name) => [name, document.querySelector(name).getBoundingClientRect()]);
    const meet = (one, other) => one.left < other.right - 1 && other.left < one.right - 1
        && one.top < other.bottom - 1 && other.top < one.bottom - 1;
    const over = parts.filter(([, box], place) => parts.slice(place + 1).some(([, other]) => meet(box, other)));
    const small = parts.filter(([, { width, height }]) => width < 40 || height < 40);
    return [...over, ...small].map(([name]) => name);
}"""
_FINDINGS = """async () => (await axe.run(document, { resultTypes: ["violations"] })).violations
    .flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 160)}`))"""


@pytest.fixture
def address(live: Live) -> Iterator[str]:
    """Of a screen that shows nothing but what the test makes; revoked after it."""
    with live.app.app_context():
        elsewhere = db.session.scalars(
            select(Outcome.activity_id).where(Outcome.permission == Permission.EXTERNAL)
        ).all()
        _permit(elsewhere, Permission.INTERNAL)
        lead = make_person("Lena Lind", "helsingborg", Role.LEAD)
        make_address(instead_of="", by=lead, now=clock.now())
        db.session.commit()
        held = lobby_address()
        assert held
        secret = held.secret
    yield f"/screen/{secret}"
    with live.app.app_context():
        revoke_address(secret)
        _permit(elsewhere, Permission.EXTERNAL)
        db.session.commit()


def _permit(activity_ids: Collection[int], permission: Permission) -> None:
    theirs = update(Outcome).where(Outcome.activity_id.in_(activity_ids))
    db.session.execute(theirs.values(permission=permission.value))


@pytest.fixture
def screen(browser: Browser, browser_context_args: dict[str, Any], base_url: str) -> Iterator[BrowserContext]:
    wishes = {**browser_context_args, "is_mobile": False, "has_touch": False}
    context = browser.new_context(**{**wishes, "viewport": {"width": 1920, "height": 1080}})
    faults = watch(context, base_url)
    yield context
    context.close()
    assert faults == []


@pytest.fixture
def best_practice(live: Live) -> Iterator[BestPractice]:
    """`best_practice(title, story)` is one from Landskrona, with a picture, until the test is over."""
    numbers: list[int] = []
    yield lambda title, story: numbers.append(_lifted(live, title, story))
    with live.app.app_context():
        for number in numbers:
            lead, activity = make_person("", "helsingborg", Role.LEAD), whole_activity(number)
            assert activity
            lower(activity, by=lead, now=clock.now())
        db.session.commit()


def _lifted(live: Live, title: str, story: str) -> int:
    now = clock.now()
    with live.app.app_context():
        owner, lead = make_person("Hilda Hav", "landskrona"), make_person("", "helsingborg", Role.LEAD)
        activity = make_activity(
            owner, title=title, value=value("kreativt"), focus_area=focus_area("miljo"), now=now
        )
        store = MediaStore.from_url(live.app.config["MEDIA_URL"])
        photo = keep_photo(activity, owner, prepare(jpeg()), store=store, now=now)
        describe_photo(photo, "Tre cyklister mellan rapsfält")
        make_outcome(activity, now=now, story=story, success="", pitfall="", permission=Permission.EXTERNAL)
        whole = whole_activity(activity.id)
        assert whole
        lift(whole, "Alla kan.", by=lead, now=now)
        db.session.commit()
        return whole.id


def test_it_is_whole_on_every_screen_in_both_themes(
    screen: BrowserContext, address: str, best_practice: BestPractice
) -> None:
    page, faults = screen.new_page(), []
    best_practice(_LONG, _STORY)
    for language in ("sv", "en"):
        page.goto(f"{address}?lang={language}")
        page.evaluate(Axe().axe_script)
        for width, height in _SIZES:
            page.set_viewport_size({"width": width, "height": height})
            wider, higher = page.evaluate(_OVERFLOWING)
            if wider > 0 or (higher > 0 and (width, height) in _LOBBIES):
                faults.append(f"{width}×{height}: {wider} too wide, {higher} too high")
            faults += [f"{width}×{height}: {name}" for name in page.evaluate(_CLASHES)]
            for theme in ("light", "dark"):
                page.emulate_media(color_scheme=theme)
                faults += [f"{width}×{height} {theme}: {finding}" for finding in page.evaluate(_FINDINGS)]
    assert faults == []


def test_it_renews_itself_without_loading_again(
    screen: BrowserContext, address: str, best_practice: BestPractice
) -> None:
    page = screen.new_page()
    page.clock.install()
    page.goto(address)
    page.evaluate("() => { window.isTheSame = true; }")
    best_practice("Strandloppet", "Tjugo sprang.")
    page.clock.run_for("00:31")
    expect(page.locator(".kiosk-shot")).to_contain_text("Strandloppet")
    assert page.evaluate("() => window.isTheSame")
    picture = page.locator(".kiosk-shot img")
    expect(picture).to_be_visible()
    assert page.evaluate("() => document.querySelector('.kiosk-shot img').naturalWidth > 0")
    assert screen.cookies() == []


def test_without_a_network_the_last_that_came_stays_and_says_how_old_it_is(
    screen: BrowserContext, address: str
) -> None:
    page = screen.new_page()
    page.clock.install()
    page.goto(address)
    heading, age = page.get_by_role("heading", level=1), page.locator(".kiosk-age")
    screen.set_offline(True)
    page.clock.run_for("09:00")
    expect(heading).to_be_visible()
    expect(age).to_be_hidden()
    page.clock.run_for("02:00")
    expect(age).to_contain_text("Så såg det ut")
    expect(heading).to_be_visible()
    screen.set_offline(False)
    page.clock.run_for("01:00")
    expect(age).to_be_hidden()


def test_a_revoked_address_leaves_the_screen_empty(screen: BrowserContext, live: Live, address: str) -> None:
    page = screen.new_page()
    page.clock.install()
    page.goto(address)
    with live.app.app_context():
        revoke_address(address.rpartition("/")[2])
        db.session.commit()
    page.clock.run_for("01:00")
    expect(page.locator(".kiosk")).to_have_count(0)


def test_somebody_in_its_picture_says_no_without_scripts_by_the_keyboard(
    browser: Browser, browser_context_args: dict[str, Any], address: str, best_practice: BestPractice
) -> None:
    best_practice(_LONG, _STORY)
    context = browser.new_context(**{**browser_context_args, "java_script_enabled": False})
    page = context.new_page()
    page.goto(address)
    shown = page.locator(".kiosk-shot img")
    expect(shown).to_be_visible()
    way = page.get_by_role("link", name="Någon på bilden vill inte")
    way.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Är du på bilden och vill inte?")
    expect(page.get_by_role("img", name="Tre cyklister mellan rapsfält")).to_be_visible()
    words = page.get_by_label("Är det något vi bör veta?")
    words.focus()
    page.keyboard.type("Jag cyklar längst fram.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tack för att du säger till.")
    page.goto(address)
    expect(page.locator(".kiosk-source").first).to_be_visible()
    expect(shown).to_have_count(0)
    context.close()
