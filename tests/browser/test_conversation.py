"""Talking about an activity: by keyboard, without JavaScript, without a network, and with whatever one may paste."""

from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import func, select

from app import clock
from app.extensions import db
from app.models.activity import Activity
from app.models.comment import Comment
from app.models.person import Person
from tests.browser.live import Live
from tests.browser.phones import Enter, enter_as, until
from tests.comment_makers import make_comment
from tests.conversation.test_links import ADDRESSES, PAYLOADS
from tests.factories import make_activity, make_person


def test_a_keyboard_comments_answers_changes_takes_back_and_puts_back(
    page: Page, signed_in: Enter, live: Live
) -> None:
    activity, question = _talked_about(live, "Går bussen hem?")
    signed_in("Kajsa Knapp", "bjuv")
    page.goto(activity)
    page.get_by_label("Din kommentar").focus()
    page.keyboard.type("Fritidsgården lånar ut sex lampor.")
    page.keyboard.press("Tab")  # to the button that names people
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="2 kommentarer")).to_be_visible()
    expect(page.locator("#talk-status")).to_have_text("Din kommentar är med.")
    own = page.locator(".said").last
    expect(own).to_be_focused()
    expect(own.get_by_role("heading", level=3)).to_contain_text("Du")
    expect(page.get_by_label("Din kommentar")).to_have_value("")

    page.locator(f"#comment-{question}").get_by_role("link", name="Svara").press("Enter")
    expect(page.locator(".answering textarea")).to_be_focused()
    page.keyboard.type("Ja, klockan sex.")
    page.locator(".answering .send").press("Enter")
    answer = page.locator(".answers .said")
    expect(answer).to_be_focused()
    expect(answer).to_contain_text("Ja, klockan sex.")
    expect(page.locator(".answering")).to_have_count(0)

    answer.get_by_role("link", name="Ändra").press("Enter")
    field = page.locator("#threads textarea")
    expect(field).to_be_focused()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Och sju.")
    page.get_by_role("button", name="Spara ändringen").press("Enter")
    expect(answer).to_contain_text("Ja, klockan sex. Och sju.")
    expect(answer).to_contain_text("ändrad")

    answer.get_by_role("button", name="Ta bort").press("Enter")
    expect(page.get_by_role("heading", name="2 kommentarer")).to_be_visible()
    undo = page.get_by_role("button", name="Ångra")
    expect(undo).to_be_focused()
    page.keyboard.press("Enter")
    expect(answer).to_be_focused()
    expect(page.get_by_role("heading", name="3 kommentarer")).to_be_visible()


def test_a_spark_and_the_switch_keep_the_focus(page: Page, signed_in: Enter, live: Live) -> None:
    activity, question = _talked_about(live, "Går bussen hem?")
    signed_in()
    page.goto(activity)
    spark = page.locator(f"#cheer-{question}")
    spark.press("Enter")
    expect(spark).to_have_attribute("aria-pressed", "true")
    expect(spark).to_have_accessible_name("1 gnista. Ge en gnista")
    expect(spark).to_be_focused()
    switch = page.locator("#mute-button")
    for words in ("Tystat", "Tysta"):
        switch.press("Enter")
        expect(switch).to_have_accessible_name(f"{words} : aviseringar om det som sägs här")
        expect(switch).to_be_focused()


def test_whoever_one_means_is_chosen_with_the_arrows(page: Page, signed_in: Enter, live: Live) -> None:
    activity, _ = _talked_about(live, "Hej.")
    with live.app.app_context():
        for place in ("bjuv", "klippan"):
            make_person("Xerxes Xander", place, title="kock")
    signed_in()
    page.goto(activity)
    field = page.get_by_label("Din kommentar")
    field.focus()
    page.keyboard.type("Hej @xer")
    options = page.locator("#body-whom").get_by_role("option")
    expect(options).to_have_count(2)
    expect(page.locator("mention-field [role=status]")).to_have_text("2 förslag. Välj med piltangenterna.")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    chosen = options.nth(1).get_attribute("data-person")
    expect(field).to_have_attribute("aria-activedescendant", f"whom-{chosen}")
    page.keyboard.press("Enter")
    expect(field).to_have_value("Hej @Xerxes Xander ")
    expect(options).to_have_count(0)
    page.keyboard.type("och @Klip")
    expect(options).to_have_count(1)
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    page.keyboard.press("Backspace")
    expect(options).to_have_count(1)
    options.first.click()
    expect(field).to_have_value("Hej @Xerxes Xander och @Klippan ")
    page.locator("#say .send").click()
    said = page.locator(".said").last
    expect(said.get_by_role("link", name="@Xerxes Xander", exact=True)).to_have_attribute(
        "href", f"/people/{chosen}"
    )
    expect(said.get_by_role("link", name="@Klippan", exact=True)).to_be_visible()


def test_whoever_was_chosen_is_still_meant_after_a_reload(page: Page, signed_in: Enter, live: Live) -> None:
    activity, _ = _talked_about(live, "Hej.")
    with live.app.app_context():
        for place in ("bjuv", "klippan"):
            make_person("Yngve Ymer", place)
        db.session.commit()
    signed_in()
    page.goto(activity)
    page.get_by_label("Din kommentar").focus()
    page.keyboard.type("Hej @yng")
    option = page.locator("#body-whom").get_by_role("option").last
    chosen = option.get_attribute("data-person")
    option.click()
    until(page, "Object.values(localStorage).some((draft) => draft.includes('Yngve Ymer'))")
    page.reload()
    expect(page.get_by_label("Din kommentar")).to_have_value("Hej @Yngve Ymer ")
    page.locator("#say .send").click()
    name = page.locator(".said").last.get_by_role("link", name="@Yngve Ymer", exact=True)
    expect(name).to_have_attribute("href", f"/people/{chosen}")
    expect(page.locator("#say [name=mention]")).to_have_value("")
    expect(page.get_by_role("button", name="Börja om")).to_be_hidden()


def test_the_field_stays_where_one_writes_while_names_are_suggested(
    page: Page, signed_in: Enter, live: Live
) -> None:
    activity, _ = _talked_about(live, "Hej.")
    with live.app.app_context():
        for number in range(5):
            make_person(f"Ylva Y{number}", "bjuv")
    signed_in()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(activity)
    field = page.get_by_label("Din kommentar")
    field.press_sequentially("Hej @Ylv")
    page.locator("#body-whom").get_by_role("option").first.wait_for()
    expect(field).to_be_in_viewport(ratio=1)
    suggested = field.bounding_box()
    page.keyboard.press("Escape")
    expect(page.locator("#body-whom")).to_be_hidden()
    assert field.bounding_box() == suggested


def test_without_a_choice_every_key_writes(page: Page, signed_in: Enter, live: Live) -> None:
    activity, _ = _talked_about(live, "Hej.")
    signed_in()
    page.goto(activity)
    page.get_by_role("button", name="Nämn en person eller en kommun").click()
    field = page.get_by_label("Din kommentar")
    expect(field).to_be_focused()
    page.keyboard.type("Klip")
    expect(page.locator("#body-whom").get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(field).to_have_value("@Klip\n")


def test_without_javascript_one_says_answers_and_takes_back(
    browser: Browser, live: Live, base_url: str
) -> None:
    activity, question = _talked_about(live, "Går bussen hem?")
    context = browser.new_context(base_url=base_url, java_script_enabled=False, locale="sv-SE")
    with live.app.app_context():
        enter_as(live, context, make_person("Plana Plansson"))
    page = context.new_page()
    page.goto(activity)
    page.get_by_label("Din kommentar").fill("Sex lampor, @Klippan.")
    page.get_by_role("button", name="Skicka").click()
    expect(page.locator(".said").last).to_contain_text("Sex lampor, @Klippan.")
    page.locator(f"#comment-{question}").get_by_role("link", name="Svara").click()
    page.get_by_label("Din kommentar").fill("Ja, klockan sex.")
    page.get_by_role("button", name="Skicka").click()
    expect(page.locator(".answers .said")).to_contain_text("Ja, klockan sex.")
    page.locator(".answers").get_by_role("button", name="Ta bort").click()
    expect(page.locator(".undo")).to_contain_text("Kommentaren är borta.")
    page.get_by_role("button", name="Ångra").click()
    expect(page.locator(".answers .said")).to_contain_text("Ja, klockan sex.")
    context.close()


def test_without_a_network_what_is_written_waits_and_is_said_once(
    page: Page, context: BrowserContext, signed_in: Enter, live: Live
) -> None:
    activity, _ = _talked_about(live, "Hej.")
    alva = signed_in("Alva Avlägsen")
    page.goto(activity)
    expect(page.locator("draft-form:defined")).not_to_have_count(0)
    page.get_by_label("Din kommentar").fill("Jag tar med termos till alla.")
    expect(page.locator("[data-draft-state]")).to_have_text("Sparat på den här enheten")
    context.set_offline(True)
    page.locator("#say .send").click()
    expect(page.locator("[data-draft-state]")).to_have_text(
        "Skickas när du är uppkopplad igen. Låt sidan vara öppen."
    )
    context.set_offline(False)
    expect(page.locator(".said").last).to_contain_text("Jag tar med termos till alla.")
    expect(page.locator("[data-draft-state]")).to_have_text("")
    page.reload()
    expect(page.get_by_label("Din kommentar")).to_have_value("")
    assert _said_by(live, alva) == 1


def test_a_text_is_there_after_a_reload_and_a_double_tap_says_it_once(
    page: Page, signed_in: Enter, live: Live
) -> None:
    activity, _ = _talked_about(live, "Hej.")
    dubbel = signed_in("Doris Dubbel")
    page.goto(activity)
    expect(page.locator("draft-form:defined")).not_to_have_count(0)
    page.get_by_label("Din kommentar").fill("Jag kommer gärna.")
    expect(page.locator("[data-draft-state]")).to_have_text("Sparat på den här enheten")
    page.reload()
    expect(page.get_by_label("Din kommentar")).to_have_value("Jag kommer gärna.")
    page.locator("#say .send").dblclick()
    expect(page.locator(".said").last).to_contain_text("Jag kommer gärna.")
    assert _said_by(live, dubbel) == 1


def test_an_answer_is_sent_and_changed_from_a_page_of_its_own(
    page: Page, signed_in: Enter, live: Live
) -> None:
    _, comment = _talked_about(live, "När då?")
    svea = signed_in("Svea Svar")
    page.goto(f"/comments/{comment}/answer")
    page.wait_for_load_state("networkidle")
    page.get_by_role("textbox").fill("På fredag.")
    page.get_by_role("button", name="Skicka").click()
    expect(page.locator(".said-text")).to_have_text(["När då?", "På fredag."])
    assert _said_by(live, svea) == 1
    with live.app.app_context():
        own = db.session.scalar(select(Comment.id).where(Comment.owner_id == svea.id))
    page.goto(f"/comments/{own}/edit")
    page.wait_for_load_state("networkidle")
    page.get_by_role("textbox").fill("På lördag.")
    page.get_by_role("button", name="Spara ändringen").click()
    expect(page.locator(".said-text")).to_have_text(["När då?", "På lördag."])


def test_a_double_tap_mutes_however_soon_the_answer_comes(page: Page, signed_in: Enter, live: Live) -> None:
    """The second one hits the button that the first one has brought."""
    activity, _ = _talked_about(live, "Hej.")
    signed_in()
    page.add_init_script(
        "Object.defineProperty(Event.prototype, 'timeStamp', { get: () => window.now ?? 0 })"
    )
    page.goto(activity)
    page.wait_for_load_state("networkidle")
    switch = page.locator("#mute-button")
    for now, words in ((1000, "Tystat"), (2000, "Tysta")):
        page.evaluate("(now) => { window.now = now }", now)
        for _tap in range(2):
            switch.click()
            expect(switch).to_have_accessible_name(f"{words} : aviseringar om det som sägs här")
    page.reload()
    expect(switch).to_contain_text("Tysta:")


def test_nothing_that_is_pasted_runs(page: Page, signed_in: Enter, live: Live) -> None:
    activity, _ = _talked_about(live, *PAYLOADS, *ADDRESSES)
    signed_in()
    page.goto(activity)
    expect(page.locator(".said-text")).to_have_count(20)
    page.get_by_role("link", name="Visa fler").click()
    texts = page.locator(".said-text")
    expect(texts).to_have_count(len(PAYLOADS) + len(ADDRESSES))
    assert texts.all_inner_texts() == [*map(_as_shown, (*PAYLOADS, *ADDRESSES))]
    assert page.locator(".said-text :not(a)").count() == 0


def _as_shown(text: str) -> str:
    return text.replace("\t", " ")


def _talked_about(live: Live, *texts: str) -> tuple[str, int]:
    """Something that Ulla has asked about; its address and the number of her last comment."""
    with live.app.app_context():
        now = clock.now()
        activity: Activity = make_activity(make_person("Åke Ägare"), now=now)
        ulla = make_person("Ulla Undrar", "klippan")
        comments = [make_comment(activity, ulla, text, now=now) for text in texts]
        return activity.path, comments[-1].id


def _said_by(live: Live, person: Person) -> int:
    with live.app.app_context():
        return db.session.scalar(select(func.count()).where(Comment.owner_id == person.id)) or 0
