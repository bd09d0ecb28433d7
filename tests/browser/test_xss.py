"""Whatever somebody writes is text: in every field, on every page that shows it, under the browser's own eyes."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, expect
from sqlalchemy import select, text
from wtforms import StringField

from app import clock
from app.extensions import db
from app.models.person import Person
from app.models.playbook import StepText
from app.models.point_question import PointQuestion
from app.services.moderation.reading import add_note
from app.services.points.members import count_everybody
from app.services.points.questions import answer
from app.text import one_line
from app.web.forms import Form
from tests.browser.hostile import harmless_words, words_of, write_everywhere
from tests.browser.live import Live, running
from tests.browser.payloads import FILE_NAMES, PAYLOADS
from tests.browser.phones import enter_as, watch
from tests.browser.world import World, make_world
from tests.browser.written import KEPT, MORE_PAGES, NO_TEXTS, READ_ONLY, SENT, Sent
from tests.factories import make_activity, make_person, stage
from tests.point_makers import make_question

#: Everything by which a script could run leaves a trace. What we write ourselves asks nothing of this.
_TRAPS: Final = """(() => {
    globalThis.ran = [];
    const note = (what) => () => { globalThis.ran.push(what); return null; };
    for (const name of ["boo", "alert", "confirm", "prompt"]) globalThis[name] = note(name);
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
        globalThis.ran.push(`${violatedDirective} forbids ${blockedURI}`));
})()"""

#: The elements of the page with their attributes' names, in order, but for links that stand in texts; what it says;
#: and addresses and handlers that no page of ours has.
_SNAPSHOT: Final = """() => {
    const inTexts = (one) => one.matches("a[rel~=ugc]");
    const all = [...document.querySelectorAll("*")];
    const ours = all.filter((one) => !inTexts(one));
    const shape = ours.map((one) => [one.tagName, ...one.getAttributeNames().sort()].join(" "));
    const wrong = all.flatMap((one) => [...one.attributes].flatMap(({ name, value }) => {
        const leads = /^(href|src|action|formaction|data|poster|xlink:href|ping|srcset)$/.test(name);
        const address = leads ? new URL(value, location) : null;
        const known = !leads || ["http:", "https:", "blob:"].includes(address.protocol)
            || (inTexts(one) && address.protocol === "mailto:") || address.href.startsWith(`webcal://${location.host}/`);
        const stays = !leads || inTexts(one) || address.host === location.host || address.protocol === "blob:";
        const handles = /^on|^hx-on|^style$|^srcdoc$/.test(name);
        return known && stays && !handles ? [] : [`${one.tagName} ${name}=${value.slice(0, 80)}`];
    }));
    const fields = [...document.querySelectorAll("input, textarea")].map(({ value }) => value);
    const texts = [...document.querySelectorAll("title, body")].map(({ textContent }) => textContent);
    return { shape, wrong, says: [...texts, ...fields].join("\\n"), ran: globalThis.ran };
}"""

#: Every field that takes text, also those that are not seen.
_FILL: Final = """([selector, texts]) => {
    const form = document.querySelector(selector);
    if (!form) throw Error(`${location} has no ${selector}: ${document.title}`);
    const fields = form.querySelectorAll("textarea, input:is([type=text], [type=email], [type=search], :not([type]))");
    fields.forEach((one, place) => {
        one.removeAttribute("maxlength");
        if (one.type === "email") one.type = "text";
        if (one.value !== "" && /request_key|seen/.test(one.name)) return;
        one.value = texts[place % texts.length];
    });
    form.submit();
}"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """An installation of its own: everything that is written in it will be hostile."""
    with running(tmp_path_factory.mktemp("hostile")) as live:
        yield live


@pytest.fixture(scope="module")
def world(house: Live) -> World:
    world = make_world(house)
    with house.app.app_context():
        db.session().expire_on_commit = False
        people = {name: db.session.get_one(Person, number) for name, number in world.people.items()}
        add_note(world.activities["questioned"], people["lead"], "Ring hellre.", clock.now())
        for _ in range(7):  # enough of them that a coordinator is told how many are quiet
            make_person(place="bjuv", signed_in_at=datetime(2020, 1, 1, tzinfo=UTC))
        count_everybody(stage())
        asked = db.session.scalars(select(PointQuestion)).one()
        answer(asked, people["lead"], "Nu är det rätt.", False, clock.now())
        world.tokens["answered_entry"] = str(asked.entry_id)
        make_question(make_activity(make_person("Ask Arvid", "bjuv")).owner, "plan")
        db.session.add(
            StepText(
                stage_id=stage().id,
                step="eve",
                title={},
                body={},
                changed_at=clock.now(),
                by_id=people["lead"].id,
            )
        )
        world.tokens["screen"] = db.session.execute(text("select secret from lobby_address")).scalar_one()
        world.tokens["join"] = db.session.execute(
            text("select join_code from municipality where slug = 'bjuv'")
        ).scalar_one()
        db.session.commit()
    return world


@pytest.fixture
def visitor(
    browser: Browser, browser_context_args: dict[str, Any], house: Live, world: World
) -> Iterator[Callable[[str], Page]]:
    """`visitor("lead")` is a page of theirs; what any page did wrong fails the test."""
    contexts: dict[str, BrowserContext] = {}
    faults: list[str] = []

    def refuse(dialog: Dialog) -> None:
        faults.append(dialog.message)
        dialog.dismiss()

    def come(who: str) -> Page:
        if who not in contexts:
            wishes = {**browser_context_args, "base_url": house.url, "service_workers": "block"}
            contexts[who] = context = browser.new_context(**wishes)
            watch(context, house.url, faults)
            context.add_init_script(_TRAPS)
            context.on("dialog", refuse)
            if number := world.people.get(who):
                with house.app.app_context():
                    enter_as(house, context, db.session.get_one(Person, number))
            context.new_page()
        return contexts[who].pages[0]

    yield come
    for context in contexts.values():
        context.close()
    assert faults == []


def test_there_are_many_kinds_and_each_is_another() -> None:
    assert len(PAYLOADS) == len(set(PAYLOADS)) > 200


def test_every_text_that_people_write_has_its_place_here() -> None:
    written = {
        f"{form.__module__.removeprefix('app.').removeprefix('blueprints.').removeprefix('web.')}.{form.__qualname__}.{name}"
        for form in _forms()
        for name in _own_text_fields(form)
    }
    placed = {field for sent in SENT for field in sent.fields}
    assert written == placed | READ_ONLY, sorted(written ^ (placed | READ_ONLY))
    columns = {column for sent in SENT for column in sent.fields.values()} - {""}
    assert columns <= {kept.column for kept in KEPT}


def test_what_is_kept_is_text_on_every_page_that_shows_it(
    visitor: Callable[[str], Page], house: Live, world: World
) -> None:
    pages = list(dict.fromkeys([*((kept.who, kept.path) for kept in KEPT), *MORE_PAGES]))
    _look(visitor, "participant", "/inbox", world)  # what has been read there loses its mark, on every page
    write_everywhere(house, harmless_words)
    harmless = {page: _look(visitor, *page, world) for page in pages}
    write_everywhere(house, lambda words: words)
    hostile = {page: _look(visitor, *page, world) for page in pages}
    faults = [f"{page} {fault}" for page in pages for fault in _faults(harmless[page], hostile[page])]
    missing = [
        f"{kept.column} is not whole at {kept.path}"
        for kept in KEPT
        if _squeezed(words_of(kept)) not in _squeezed(hostile[kept.who, kept.path]["says"])
    ]
    assert not faults + missing, "\n".join(faults + missing)


@pytest.mark.parametrize("who", sorted({sent.who for sent in SENT}))
def test_what_comes_back_in_a_form_is_text(visitor: Callable[[str], Page], world: World, who: str) -> None:
    """Each field gets another part of the payloads, and all of them are in some field."""
    faults = []
    for sent in (sent for sent in SENT if sent.who == who):
        parts = _parts(sent.longest)
        harmless = _send(visitor(who), sent, world, [harmless_words(part) for part in parts])
        hostile = _send(visitor(who), sent, world, parts)
        faults += [f"{sent.screen.path} {fault}" for fault in _faults(harmless, hostile)]
        if not any(_squeezed(part) in _squeezed(hostile["says"]) for part in parts):
            faults.append(f"{sent.screen.path} forgets what was written")
    assert not faults, "\n".join(faults)


def test_the_name_of_a_file_is_text(visitor: Callable[[str], Page], world: World) -> None:
    page = visitor("participant")
    page.goto(f"/activities/{world.activities['due']}/outcome")
    page.wait_for_load_state("networkidle")
    before = page.evaluate(_SNAPSHOT)
    for start in range(0, len(FILE_NAMES), 5):
        names = [name.replace("\0", "") for name in FILE_NAMES[start : start + 5]]
        files: list[Any] = [
            {"name": name, "mimeType": "image/jpeg", "buffer": b"no picture"} for name in names
        ]
        page.locator("input[type=file]").set_input_files(files)
        page.wait_for_load_state("networkidle")
        after = page.evaluate(_SNAPSHOT)
        assert after["ran"] == before["wrong"] == after["wrong"] == []
    assert not page.locator("main img[src=x], main script, main svg[onload]").count()


def _forms() -> Iterator[type[Form]]:
    found: list[type[Form]] = [Form]
    for form in found:
        found += [below for below in form.__subclasses__() if below not in found]
    yield from (form for form in found[1:] if form.__module__.startswith("app."))


def _own_text_fields(form: type[Form]) -> Iterator[str]:
    """Also those that it has from another; not the forms that a page makes for itself, which have no name of ours."""
    if form.__name__ in ("AgainForm", "FormOfTheseWords"):
        return
    for name in dir(form):
        kind = getattr(getattr(form, name), "field_class", None) if not name.startswith("_") else None
        if isinstance(kind, type) and issubclass(kind, StringField) and name not in NO_TEXTS:
            yield name


def _parts(longest: int) -> list[str]:
    parts = [""]
    for payload in map(one_line, PAYLOADS):
        if len(parts[-1]) + len(payload) >= longest:
            parts.append("")
        parts[-1] += f"{payload} "
    return [part.strip() for part in parts]


def _squeezed(words: str) -> str:
    """Lines may become paragraphs, but not a letter may go."""
    return "".join(words.split())


def _look(visitor: Callable[[str], Page], who: str, path: str, world: World) -> dict[str, Any]:
    page = visitor(who)
    found = page.goto(_address(path, world), wait_until="networkidle")
    assert found
    assert found.status == 200, path
    return _snapshot(page)


def _send(page: Page, sent: Sent, world: World, parts: list[str]) -> dict[str, Any]:
    screen = sent.screen
    page.goto(_address(screen.path, world), wait_until="networkidle")
    with page.expect_event("load"):
        page.evaluate(_FILL, [screen.send, parts])
    page.wait_for_load_state("networkidle")
    return _snapshot(page)


def _snapshot(page: Page) -> dict[str, Any]:
    """With what its scripts make of it: a busy machine may be quiet on the network before they have run."""
    expect(page.locator(":not(:defined)")).to_have_count(0)
    return dict(page.evaluate(_SNAPSHOT))


def _address(path: str, world: World) -> str:
    return path.format(**world.people, **world.activities, **world.challenges, **world.tokens)


def _faults(harmless: dict[str, Any], hostile: dict[str, Any]) -> Iterator[str]:
    yield from (f"ran {what}" for what in hostile["ran"])
    yield from hostile["wrong"]
    before, after = harmless["shape"], hostile["shape"]
    if before != after:
        place = next(
            (n for n, (one, other) in enumerate(zip(before, after, strict=False)) if one != other), -1
        )
        yield f"becomes another page: {before[place - 1 : place + 2]}, {after[place - 1 : place + 2]}"
