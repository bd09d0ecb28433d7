"""The forms of challenges and tips on a phone: what comes up in a challenge's plan, by keyboard; and nothing that was
written is lost without a network or a session."""

import re
from datetime import date, timedelta

from playwright.sync_api import BrowserContext, Page, expect

from app import clock
from app.extensions import db
from app.models.person import Person, Role
from app.models.tip import TipKind
from tests.browser.live import Live
from tests.browser.phones import Enter, enter_as
from tests.challenge_makers import DONE_WHEN, make_challenge, make_undertaking
from tests.factories import focus_area, make_activity, make_outcome, make_person, make_tip, value

_TODAY = date.today()  # noqa: DTZ011  as the phone has it
_DAY = _TODAY + timedelta(days=12)
_LAST = _TODAY + timedelta(days=9)
_WAITS = "Skickas när du är uppkopplad igen"
_ABOUT = {"value": "manskligt", "focus_area": "besok"}


def test_a_challenges_plan_offers_ideas_tips_and_company_and_is_made_by_keyboard(
    page: Page, signed_in: Enter, live: Live
) -> None:
    number, idea, trap = _challenge_with_company(live)
    signed_in("Kaj Kant", "bastad")
    _open(page, f"/activities/new?challenge={number}")
    expect(page.locator("#peers")).to_contain_text("Räkna stolarna först")
    _press(page, f"#idea-{idea}", "Space")
    expect(page.locator("#tie")).to_contain_text("Lånat av Ida Idé")
    _press(page, f"#peers [value='{trap}']", "Space")
    page.locator("[name=planned_for]").fill(_DAY.isoformat())
    page.keyboard.press("Tab")
    expect(page.locator("#alike")).to_contain_text("Dagen är efter utmaningens sista dag")
    expect(page.locator("#alike")).to_contain_text("Höganäs planerar samma sak.")
    _press(page, "#alike [name=alike]", "Space")
    expect(page.locator(f"#peers [value='{trap}']")).to_be_checked()

    page.locator("[name=place]").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/activities/\d+$"))
    expect(page.locator("#challenge")).to_contain_text("Laga en trottoarkant ihop")
    expect(page.locator("article")).to_contain_text("Lånat av Ida Idé")
    expect(page.locator("#heeded")).to_contain_text("Räkna stolarna först")
    expect(page.locator("#together")).to_contain_text("Sam Samma")


def test_the_button_to_plan_is_in_view_however_much_the_challenge_asks_for(
    page: Page, signed_in: Enter, live: Live
) -> None:
    with live.app.app_context():
        asks = [
            f"{part} så att alla i båda kommunerna ser vad som händer och vågar säga det" for part in "abcdef"
        ]
        number = make_challenge(done_when=asks, opens_on=_TODAY, closes_on=_LAST).id
    signed_in("Lina Lång", "bastad")
    _open(page, f"/activities/new?challenge={number}")
    expect(page.locator(".plan .flow-l").first).not_to_be_in_viewport()
    expect(page.locator(".conc .btn")).to_be_in_viewport(ratio=1)


def test_the_chosen_template_is_in_view(page: Page, signed_in: Enter) -> None:
    signed_in("Kora Kord", "bjuv", Role.COORDINATOR)
    _open(page, "/challenges/new")
    last = page.locator(".chips a").last
    last.click()
    page.wait_for_url(re.compile("template="))
    expect(page.locator(".chips [aria-current]")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()


def test_a_tip_written_without_a_network_goes_when_it_is_back(
    page: Page, context: BrowserContext, signed_in: Enter
) -> None:
    signed_in()
    _open(page, "/tips/new?focus_area=larande&value=kreativt")
    page.locator("[name=text]").fill("Börja med ett namn på dörren. Då kom alla.")
    context.set_offline(True)
    _send(page)
    expect(page.locator("[data-draft-state]")).to_contain_text(_WAITS)
    context.set_offline(False)
    page.wait_for_url(re.compile(r"/tips/\d+$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Börja med ett namn på dörren")
    _open(page, "/tips/new?focus_area=larande&value=kreativt")
    expect(page.locator("[name=text]")).to_have_value("")


def test_a_tip_is_there_after_signing_in_anew(
    page: Page, context: BrowserContext, signed_in: Enter, live: Live
) -> None:
    person = signed_in()
    _open(page, "/tips/new")
    page.locator("[name=text]").fill("Fråga vaktmästaren. Hen vet.")
    page.locator("label:has([name=kind][value=pitfall])").click()
    _lose_and_find_the_session(page, context, live, person)
    expect(page.locator("[name=text]")).to_have_value("Fråga vaktmästaren. Hen vet.")
    expect(page.locator("[name=kind][value=pitfall]")).to_be_checked()


def test_a_challenge_is_there_after_signing_in_anew(
    page: Page, context: BrowserContext, signed_in: Enter, live: Live
) -> None:
    person = signed_in("Kora Kord", "bjuv", Role.COORDINATOR)
    _open(page, "/challenges/new")
    page.locator("[name=title]").fill("Hälsa på en granne")
    page.locator("[name=done_when]").fill("ni har fikat")
    page.locator("label:has([name=kind][value=municipality])").click()
    page.locator("[name=goal]").fill("7")
    page.locator("[name=needs_photo]").check(force=True)
    _lose_and_find_the_session(page, context, live, person)
    for name, text in (("title", "Hälsa på en granne"), ("done_when", "ni har fikat"), ("goal", "7")):
        expect(page.locator(f"[name={name}]")).to_have_value(text)
    expect(page.locator("[name=needs_photo]")).to_be_checked()


def test_what_a_report_ticks_waits_for_the_network_and_outlives_a_reload(
    page: Page, context: BrowserContext, signed_in: Enter, live: Live
) -> None:
    person = signed_in("Signe Ström", "astorp")
    with live.app.app_context():
        challenge = make_challenge(opens_on=_TODAY, closes_on=_LAST)
        mine = make_undertaking(db.session.merge(person), challenge, now=clock.now()).id
    _open(page, f"/activities/{mine}/outcome")
    page.locator("label:has(input[name=carried_out][value=yes])").click()
    page.locator("label:has(input[name=rating][value='4'])").click()
    page.get_by_label(DONE_WHEN[1]).check()
    expect(page.locator("[data-draft-state]")).to_have_text("Sparat på den här enheten")
    page.reload()
    expect(page.get_by_label(DONE_WHEN[1])).to_be_checked()
    expect(page.get_by_label(DONE_WHEN[0])).not_to_be_checked()
    context.set_offline(True)
    _send(page)
    expect(page.locator("[data-draft-state]")).to_contain_text(_WAITS)
    context.set_offline(False)
    page.wait_for_url("**/outcome/thanks")
    expect(page.locator("main")).to_contain_text("Något i listan är inte avbockat.")


def _challenge_with_company(live: Live) -> tuple[int, int, int]:
    """A challenge whose last day comes before the one that is chosen, an idea and a trap of its square, and somebody
    who plans the same; the numbers of the first three."""
    with live.app.app_context():
        square = {"value": value(_ABOUT["value"]), "focus_area": focus_area(_ABOUT["focus_area"])}
        idea = make_activity(make_person("Ida Idé", "bjuv"), title="Rullstolsrundan", **square)
        make_outcome(idea, pitfall="", success="")
        trap = make_tip(
            make_person("Tilda Tips", "klippan"), kind=TipKind.PITFALL, text="Räkna stolarna först.", **square
        )
        make_activity(make_person("Sam Samma", "hoganas"), planned_for=_DAY, **square)
        challenge = make_challenge(
            title="Laga en trottoarkant ihop", opens_on=_TODAY, closes_on=_LAST, **square
        )
        return challenge.id, idea.id, trap.id


def _press(page: Page, selector: str, key: str) -> None:
    page.locator(selector).focus()
    page.keyboard.press(key)
    expect(page.locator(selector)).to_be_checked()


def _send(page: Page) -> None:
    page.locator("draft-form .btn[type=submit]").last.click()


def _open(page: Page, path: str) -> None:
    """The form there is one that keeps what is written from now on."""
    page.goto(path)
    expect(page.locator("draft-form:defined")).not_to_have_count(0)


def _lose_and_find_the_session(page: Page, context: BrowserContext, live: Live, person: Person) -> None:
    """The form is sent when the session has ended; then its person signs in again and comes back to it."""
    address = page.url
    expect(page.locator("[data-draft-state]")).to_have_text("Sparat på den här enheten")
    context.clear_cookies(name="eldsjal")
    _send(page)
    page.wait_for_url(re.compile("/login"))
    with live.app.app_context():
        enter_as(live, context, db.session.merge(person))
    page.goto(address)
