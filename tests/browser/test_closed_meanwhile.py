"""Somebody writes about a thing that closes before they send: their words are shown to them, and kept on the device."""

from playwright.sync_api import Page, expect

from app import clock
from app.extensions import db
from app.models.comment import Comment
from app.models.person import Person
from app.services.conversation.write import withdraw_comment
from tests.browser.live import Live
from tests.browser.phones import Enter, until
from tests.challenge_makers import whole
from tests.comment_makers import make_comment
from tests.factories import make_activity, make_joint, make_outcome, make_person

_WORDS = "Söderåsens nationalpark, vid entrén"


def test_a_plan_that_a_partner_has_reported_gives_the_words_back(
    page: Page, signed_in: Enter, live: Live
) -> None:
    alice = signed_in()
    with live.app.app_context():
        partner = make_person()
        activity = make_joint(partner, db.session.merge(alice))
        number, partner_id = activity.id, partner.id
    page.goto(f"/activities/{number}/edit")
    page.locator("[name=place]").fill(_WORDS)
    with live.app.app_context():
        make_outcome(whole(number), by=db.session.get_one(Person, partner_id))
    page.locator("concreteness-meter [type=submit]").click()
    expect(page.locator("main")).to_contain_text("Aktiviteten har rapporterats under tiden.")
    expect(page.get_by_label("Var?")).to_have_value(_WORDS)
    until(page, "Object.keys(localStorage).some((name) => name.includes('plan-'))")
    page.get_by_role("link", name="Till aktiviteten").click()
    expect(page).to_have_url(f"{live.url}/activities/{number}")
    page.goto(f"/activities/{number}/edit")
    expect(page.get_by_label("Var?")).to_have_value(_WORDS)


def test_an_answer_to_what_was_taken_back_stays_in_its_form(page: Page, signed_in: Enter, live: Live) -> None:
    signed_in()
    with live.app.app_context():
        writer = make_person()
        activity = make_activity(writer)
        comment = make_comment(activity, writer)
        path, number, writer_id = activity.path, comment.id, writer.id
    page.goto(path)
    page.locator(f"a[href='/comments/{number}/answer']").first.click()
    form = page.locator("form.say2[hx-post$='/answer']")
    form.locator("textarea").fill(_WORDS)
    with live.app.app_context():
        comment = db.session.get_one(Comment, number)
        withdraw_comment(comment, db.session.get_one(Person, writer_id), now=clock.now())
        db.session.commit()
    form.locator("[type=submit]").click()
    expect(page.locator("#toasts")).to_contain_text("Din text finns kvar här.")
    expect(form.locator("textarea")).to_have_value(_WORDS)


def test_what_was_not_sent_stands_where_its_form_was(page: Page, signed_in: Enter, live: Live) -> None:
    alice = signed_in()
    with live.app.app_context():
        partner = make_person()
        activity = make_joint(partner, db.session.merge(alice))
        number, partner_id = activity.id, partner.id
    page.goto(f"/activities/{number}/edit")
    page.locator("[name=place]").fill(_WORDS)
    until(page, "Object.keys(localStorage).some((name) => name.includes('plan-'))")
    with live.app.app_context():
        make_outcome(whole(number), by=db.session.get_one(Person, partner_id))
    page.reload()
    expect(page.get_by_label("Var?")).to_have_value(_WORDS)
