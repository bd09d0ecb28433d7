"""The main job on a phone: join, plan, report with a picture, see it, get points; and what a coordinator may do."""

import io
import re
from collections.abc import Callable
from datetime import date
from urllib.parse import urljoin

from PIL import Image
from playwright.sync_api import FilePayload, Page, expect
from sqlalchemy import select

from app import clock
from app.extensions import db
from app.models.person import Role
from app.models.programme import Municipality
from app.models.tip import Tip
from app.services.activities.cheer import cheer
from app.services.moderation.acts import UNNOTICED_FOR
from app.services.notifications.held import tell_what_is_due
from tests.browser.live import Live
from tests.browser.phones import PREPARED_MS, Enter, newcomer
from tests.factories import focus_area, make_activity, make_outcome, make_person
from tests.pictures import jpeg

_TRAP = "Skicka inte inbjudan i semesterveckan"
_TITLE = "Bjud hem grannkommunens biblioteksvärdar på fika"
_TODAY = date.today().isoformat()  # noqa: DTZ011  as the phone has it


def test_from_joining_to_the_leaderboard_and_out_again_when_it_is_hidden(
    page: Page, phone: Callable[[], Page], live: Live
) -> None:
    _a_peer_leaves_a_trap(live)
    _join(page, live, "perstorp", "Selma Sjö")
    _plan(page, _TITLE)
    activity = re.sub(r"[?#].*", "", page.url)
    _report(page)
    _look_at_the_picture_in_the_feed(page)
    _points(page, mine="60", of_all="7,5")

    other, coordinator = phone(), phone()
    newcomer(live, other.context, "Otto Obs", "svalov")
    newcomer(live, coordinator.context, "Petra Perstorp", "perstorp", Role.COORDINATOR)
    _ask_for_a_look(other, activity)
    _hide(coordinator)

    _points(page, mine="0", of_all="0,0")
    gone = other.goto(activity)
    assert gone
    assert gone.status == 404
    other.goto("/")
    expect(other.get_by_role("link", name=_TITLE)).to_have_count(0)
    with live.app.app_context():
        tell_what_is_due(clock.now() + UNNOTICED_FOR, commit=db.session.commit)
    page.goto("/inbox")
    page.get_by_role("link", name="Din aktivitet har dolts").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Den är dold för andra")
    expect(page.locator("main")).to_contain_text("Namnet på besökaren står i texten.")


def test_a_colleague_from_another_municipality_makes_it_joint(
    page: Page, phone: Callable[[], Page], signed_in: Enter, live: Live
) -> None:
    signed_in("Jonna Järv", "landskrona")
    friend = phone()
    colleague = newcomer(live, friend.context, "Frans Friman", "hoganas")
    _fill(page, "Byt arbetsplats med en kollega för en dag")
    page.locator("[name=colleagues]").fill("Frans Frim")
    expect(page.locator("#colleagues")).to_contain_text("Frans Friman")
    page.locator("[name=colleagues]").fill(colleague.email)
    page.wait_for_load_state("networkidle")
    expect(page.locator("[name=colleagues]")).to_have_value(colleague.email)
    _send(page)
    expect(page.locator("#together")).to_contain_text("Frans Friman")

    friend.goto("/inbox")
    friend.get_by_role("link", name="Jonna Järv").click()
    friend.get_by_role("button", name="Jag är med").click()
    expect(friend.locator("article")).to_contain_text("Tillsammans över gränsen")
    page.reload()
    expect(page.locator("article")).to_contain_text("Landskrona")
    expect(page.locator("article")).to_contain_text("Höganäs")


def _a_peer_leaves_a_trap(live: Live) -> None:
    with live.app.app_context():
        peer, now = make_person("Peer Person", "astorp"), clock.now()
        activity = make_activity(peer, focus_area=focus_area("miljo"), now=now)
        make_outcome(activity, pitfall=_TRAP, now=now)
        # The most helpful one, whatever other tests have left.
        trap = db.session.scalars(select(Tip).where(Tip.text == _TRAP).order_by(Tip.id.desc())).first()
        assert trap
        for _ in range(6):
            cheer(trap, make_person(), now=now)
        db.session.commit()


def _join(page: Page, live: Live, place: str, name: str) -> None:
    with live.app.app_context():
        code = db.session.scalar(select(Municipality.join_code).where(Municipality.slug == place))
    address = f"{name.lower().replace(' ', '.').replace('ö', 'o')}@{place}.se"
    page.goto(f"/join/{code}")
    expect(page.locator(f"input[name=municipality][value={place}]")).to_be_checked()
    page.locator("[name=email]").fill(address)
    page.locator("[name=name]").fill(name)
    page.locator("[name=informed]").check()
    page.locator("main form [type=submit]").click()
    page.wait_for_url("/login/code")
    page.locator("[name=code]").fill(live.code_for(address))
    page.locator("main form [type=submit]").first.click()
    page.wait_for_url("/")
    expect(page.locator("main")).to_contain_text(f"Hej {name.partition(' ')[0]}!")


def _plan(page: Page, title: str) -> None:
    """The meter grows with each answer, and what a peer learned stands there once the area is chosen."""
    page.get_by_role("navigation", name="Huvudmeny").get_by_role("link", name="Planera").click()
    page.wait_for_url("**/activities/new")
    meter = page.locator("concreteness-meter [data-count]")
    expect(meter).to_have_text("0 av 5")
    answers = (("title", title), ("planned_for", _TODAY), ("place", "Biblioteket"), ("audience", "Biblioteksvärdar"),
               ("success_sign", "Två bokar ett eget besök"))  # fmt: skip
    for count, (name, answer) in enumerate(answers, 1):
        page.locator(f"[name={name}]").fill(answer)
        expect(meter).to_have_text(f"{count} av 5")
    _choose(page, "value", "valkomnande")
    expect(page.locator("#peers")).not_to_contain_text(_TRAP)
    _choose(page, "focus_area", "miljo")
    expect(page.locator("#peers")).to_contain_text(_TRAP)
    _send(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def _fill(page: Page, title: str) -> None:
    """The plan form, with what it must have."""
    page.goto("/activities/new")
    page.locator("[name=title]").fill(title)
    _choose(page, "value", "gemensamt")
    _choose(page, "focus_area", "larande")


def _send(page: Page) -> None:
    page.locator("concreteness-meter [type=submit]").click()
    page.wait_for_url(re.compile(r"/activities/\d+$"))


def _choose(page: Page, name: str, value: str) -> None:
    page.locator(f"label:has(input[name={name}][value={value}])").click()


def _report(page: Page) -> None:
    page.get_by_role("link", name="Rapportera").click()
    _choose(page, "carried_out", "yes")
    page.locator("label:has(input[name=rating][value='5'])").click()
    page.locator("[name=story]").fill("Sju kom, och två bokade ett eget besök på plats.")
    page.locator("[name=reached]").fill("7")
    picture: FilePayload = {
        "name": "fika.jpg",
        "mimeType": "image/jpeg",
        "buffer": jpeg(size=(1600, 1200), place=True),
    }
    page.locator("photo-picker input[type=file]").set_input_files(picture)
    page.locator(".shot input[name^=alt-]").fill("Sju personer runt ett fikabord")
    expect(page.locator(".shot img[src^='/media/']")).to_be_visible(timeout=PREPARED_MS)
    page.locator("[name=success]").fill("Vi frågade vem som ville baka, och fyra sade ja.")
    page.locator("[name=pitfall]").fill("Boka rummet i god tid, det tog en vecka.")
    _choose(page, "permission", "internal")
    page.locator("form.report [type=submit]:visible").last.click()
    page.wait_for_url("**/outcome/thanks")
    expect(page.get_by_role("heading", level=1)).to_have_text("Första lappen")
    expect(page.get_by_role("heading", level=2)).to_have_text("50 poäng till Perstorp!")


def _look_at_the_picture_in_the_feed(page: Page) -> None:
    page.get_by_role("link", name="Se den i flödet").click()
    card = page.locator("article.act", has_text=_TITLE)
    expect(card.get_by_role("link", name=_TITLE)).to_be_visible()
    shown = card.get_by_role("img", name="Sju personer runt ett fikabord")
    expect(shown).to_be_visible()
    fallback, modern = shown.get_attribute("src"), card.locator("source").get_attribute("srcset")
    assert fallback
    assert modern
    for address, form in ((fallback, "WEBP"), (modern.partition(" ")[0], "AVIF")):
        answer = page.request.get(urljoin(page.url, address))
        assert answer.ok
        with Image.open(io.BytesIO(answer.body())) as picture:
            assert picture.format == form
            assert dict(picture.getexif()) == {}
            assert not {"exif", "xmp", "icc_profile"} & {key for key, kept in picture.info.items() if kept}


def _points(page: Page, mine: str, of_all: str) -> None:
    page.goto("/me")
    expect(page.locator(".num").first).to_have_text(re.compile(rf"^\s*{mine}\s*poäng"))
    page.goto("/leaderboard")
    expect(page.locator(".tiles .me b")).to_have_text(of_all)


def _ask_for_a_look(page: Page, activity: str) -> None:
    page.goto(activity)
    page.get_by_role("link", name="Be en samordnare titta").click()
    _choose(page, "reason", "personal_data")
    page.get_by_role("button", name="Skicka till samordnaren").click()
    page.wait_for_url(lambda url: "/moderation/report" not in url)


def _hide(page: Page) -> None:
    page.goto("/moderation")
    page.locator("#queue article", has_text=_TITLE).get_by_role("link", name="Gör något").click()
    page.locator("label:has(input[value=hide])").click()
    page.locator("label:has(input[value=personal_data])").click()
    page.locator("form[action$=decision] textarea").fill("Namnet på besökaren står i texten.")
    page.get_by_role("button", name="Dölj och meddela").click()
    expect(page.locator("#queue [role=status]")).to_contain_text("dold")
