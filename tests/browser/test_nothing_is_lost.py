"""What a person wrote survives a lost network, a lost answer and a lost session; and a retry never posts twice."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, FilePayload, Locator, Page, Route, expect
from sqlalchemy import func, select

from app import clock
from app.extensions import db
from app.models.activity import Activity
from app.models.person import Person, Role
from app.services.moderation.flags import flag
from tests.browser.live import Live
from tests.browser.phones import PREPARED_MS, Enter, enter_as, newcomer, until
from tests.factories import focus_area, make_activity, make_person, make_tip
from tests.pictures import jpeg

_TITLE = "Gå en promenad med grannkommunens nya chefer"


def test_a_draft_is_there_after_a_reload(page: Page, signed_in: Enter, live: Live) -> None:
    """And stays what it is when the advice that comes for its focus area has boxes that nobody has ticked."""
    signed_in()
    with live.app.app_context():
        make_tip(make_person(), focus_area=focus_area("larande"), now=clock.now())
    _fill(page)
    expect(page.locator("[data-draft-state]")).to_have_text("Sparat på den här enheten")
    page.reload()
    _expect_all_of_it(page)
    expect(page.locator("#peers [name=heed]").first).to_be_attached()
    page.wait_for_load_state("networkidle")
    expect(page.locator("[data-draft-state]")).to_have_text("Vi har kvar det du skrev.")


def test_a_double_tap_plans_once(page: Page, signed_in: Enter, live: Live) -> None:
    alice = signed_in()
    _fill(page)
    _button(page).dblclick()
    page.wait_for_url(_SHOWN)
    assert _planned(live, alice) == 1


def test_back_and_send_again_plans_once(page: Page, signed_in: Enter, live: Live) -> None:
    alice = signed_in()
    _fill(page)
    _button(page).click()
    page.wait_for_url(_SHOWN)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vad ska du göra?")
    page.wait_for_load_state()
    if page.locator("[name=title]").input_value():
        _button(page).click()
        page.wait_for_url(_SHOWN)
    assert _planned(live, alice) == 1


def test_without_a_network_the_form_waits_and_goes_by_itself(
    page: Page, context: BrowserContext, signed_in: Enter, live: Live
) -> None:
    alice = signed_in()
    _fill(page)
    context.set_offline(True)
    _button(page).click()
    expect(page.locator("[data-draft-state]")).to_contain_text("Skickas när du är uppkopplad igen")
    assert _planned(live, alice) == 0
    context.set_offline(False)
    page.wait_for_url(_SHOWN)
    assert _planned(live, alice) == 1
    page.goto("/activities/new")
    expect(page.locator("[name=title]")).to_have_value("")


def test_a_link_without_internet_is_not_taken_for_a_network(
    new_context: Callable[..., BrowserContext], live: Live
) -> None:
    context = new_context(service_workers="block")  # a request that the worker makes cannot be cut off here
    alice, page = newcomer(live, context), context.new_page()
    _fill(page)
    page.route("**/healthz", lambda route: route.abort())
    context.set_offline(True)
    _button(page).dblclick()
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/healthz")):
        context.set_offline(False)
    expect(page.locator("[data-draft-state]")).to_contain_text("Skickas när du är uppkopplad igen")
    assert _planned(live, alice) == 0
    page.unroute_all()
    page.wait_for_url(_SHOWN)
    assert _planned(live, alice) == 1


def test_an_answer_that_is_lost_on_the_way_loses_no_text_and_doubles_nothing(
    new_context: Callable[..., BrowserContext], live: Live
) -> None:
    context = new_context(service_workers="block")  # a request that the worker makes cannot be cut off here
    alice, page = newcomer(live, context), context.new_page()
    _fill(page)
    page.route("**/activities/new", _lose_the_answer)
    with page.expect_event("requestfailed"):
        _button(page).click(no_wait_after=True)
    page.unroute_all()
    page.goto("/activities/new")
    _expect_all_of_it(page)
    _button(page).click()
    page.wait_for_url(_SHOWN)
    assert _planned(live, alice) == 1


def test_who_signed_in_anew_in_another_tab_goes_on_in_the_old_one(
    page: Page, context: BrowserContext, signed_in: Enter, live: Live
) -> None:
    """The old page's token is of the session before."""
    alice, bob = signed_in(), _somebody_else(live)
    with live.app.app_context():
        theirs, mine = make_activity(db.session.merge(bob)).id, make_activity(db.session.merge(alice)).id
    page.goto(f"/activities/{mine}/outcome")
    context.clear_cookies(name="eldsjal")
    page.locator("input[type=file]").set_input_files(_picture())
    expect(page.locator("[data-result]")).to_contain_text("Du har loggats ut")
    # A late answer to who was signed out would take the new cookie's place.
    page.wait_for_load_state("networkidle")
    with live.app.app_context():
        enter_as(live, context, db.session.merge(alice))
    page.get_by_role("button", name="Skicka igen").click()
    expect(page.locator(".shot img[alt^='Din bild']")).to_be_visible(timeout=PREPARED_MS)

    page.goto(f"/activities/{theirs}")
    context.clear_cookies(name="eldsjal")
    with live.app.app_context():
        enter_as(live, context, db.session.merge(alice))
    page.locator(f"#cheer-{theirs}-spark").click()
    expect(page.locator(f"#cheer-{theirs}-spark")).to_have_attribute("aria-pressed", "true")


def test_a_moderators_words_are_there_after_a_reload_and_gone_once_decided(
    page: Page, signed_in: Enter, live: Live
) -> None:
    with live.app.app_context():
        activity = make_activity(make_person("", "hoganas"))
        flag(activity, make_person(), "tone", "", clock.now())
        db.session.commit()
        number = activity.id
    signed_in("", "hoganas", Role.COORDINATOR)
    page.goto(f"/moderation/{number}")
    page.locator("#to-ask").check()
    words = page.locator("form[action$=decision] textarea")
    words.fill("Skriv gärna om det utan namn.")
    until(page, "Object.keys(localStorage).some((name) => name.includes('review-'))")
    page.reload()
    expect(words).to_be_visible()
    expect(words).to_have_value("Skriv gärna om det utan namn.")
    page.locator("[name=reason][value=tone]").check()
    page.locator("form[action$=decision] [type=submit]").click()
    expect(page.locator("#queue [role=status]")).to_be_visible()
    until(page, "!Object.keys(localStorage).some((name) => name.includes('review-'))")


def test_a_session_that_ended_keeps_the_text(
    page: Page, context: BrowserContext, signed_in: Enter, live: Live
) -> None:
    alice = signed_in()
    _fill(page)
    context.clear_cookies(name="eldsjal")
    page.locator("label:has(input[name=focus_area][value=miljo])").click()
    expect(page.locator("#toasts")).to_contain_text("Du har loggats ut. Det du skriver sparas här.")
    page.locator("label:has(input[name=focus_area][value=larande])").click()
    _button(page).click()
    page.wait_for_url(re.compile("/login"))
    page.locator("[name=email]").fill(alice.email)
    page.locator("main form [type=submit]").first.click()
    page.wait_for_url("/login/code")
    page.locator("[name=code]").fill(live.code_for(alice.email))
    page.locator("main form [type=submit]").first.click()
    page.wait_for_url("/activities/new")
    _expect_all_of_it(page)
    _button(page).click()
    page.wait_for_url(_SHOWN)
    assert _planned(live, alice) == 1


def test_whoever_signs_in_in_another_tab_while_writing_sends_from_the_old_one(
    page: Page, context: BrowserContext, signed_in: Enter, live: Live
) -> None:
    alice = signed_in()
    _fill(page)
    context.clear_cookies(name="eldsjal")
    page.locator("label:has(input[name=focus_area][value=miljo])").click()
    expect(page.locator("#toasts")).to_contain_text("Du har loggats ut")
    page.wait_for_load_state("networkidle")
    with live.app.app_context():
        enter_as(live, context, db.session.merge(alice))
    with page.expect_response("**/settings"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_load_state("networkidle")
    _button(page).click()
    page.wait_for_url(_SHOWN)
    assert _planned(live, alice) == 1


_SHOWN = re.compile(r"/activities/\d+$")


def _fill(page: Page) -> None:
    page.goto("/activities/new")
    page.locator("[name=title]").fill(_TITLE)
    page.locator("label:has(input[name=value][value=gemensamt])").click()
    page.locator("label:has(input[name=focus_area][value=larande])").click()
    page.locator("[name=place]").fill("Söderåsens nationalpark")
    # What the choices ask for is there: HTMX complains of a request that is cut off in the middle.
    expect(page.locator(".htmx-request")).to_have_count(0)


def _expect_all_of_it(page: Page) -> None:
    expect(page.locator("[name=title]")).to_have_value(_TITLE)
    expect(page.locator("[name=value][value=gemensamt]")).to_be_checked()
    expect(page.locator("[name=focus_area][value=larande]")).to_be_checked()
    expect(page.locator("[name=place]")).to_have_value("Söderåsens nationalpark")


def _button(page: Page) -> Locator:
    return page.locator("concreteness-meter [type=submit]")


def _lose_the_answer(route: Route) -> None:
    """The server gets the form; the phone never hears of it, nor of the cookie that came with the answer."""
    context = route.request.frame.page.context
    cookies = context.cookies()
    route.fetch(max_redirects=0)
    context.clear_cookies()
    context.add_cookies(cookies)  # type: ignore[arg-type]
    route.abort()


def _planned(live: Live, person: Person) -> int:
    with live.app.app_context():
        return db.session.scalar(select(func.count()).where(Activity.owner_id == person.id)) or 0


def _somebody_else(live: Live) -> Person:
    with live.app.app_context():
        person = make_person()
        db.session.commit()
        db.session.refresh(person)
        db.session.expunge(person)
    return person


def _picture() -> FilePayload:
    return {"name": "fika.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
