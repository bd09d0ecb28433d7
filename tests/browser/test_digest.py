"""The digest as a mail program with a browser's engine draws it: axe finds nothing, and nothing is cut off."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request

from app.models.person import Person
from tests.cast import Cast
from tests.digests import ask_how_it_went, digest_at, invite_to, local, praise
from tests.factories import make_activity

_NIGHT, _SLOT = local("2026-11-10 00:05"), local("2026-11-10 08:30")
_LONG = "Ordna en gemensam introduktionsdag för nyanställda samhällsbyggnadsingenjörer i Söderåsenkommunerna"

_FINDINGS: Final = """async () => (await axe.run(document, {
        resultTypes: ["violations"],
        runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] },
    })).violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 160)}`))"""
_WIDER: Final = "() => document.scrollingElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def program(browser: Browser) -> Iterator[Page]:
    """It runs no script of the mail, and asks nobody for anything."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    context.on("request", note)
    context.add_init_script(Axe().axe_script)
    yield context.new_page()
    context.close()
    assert asked == []


def _letter(reader: Person, cast: Cast) -> str:
    """One with questions, invitations and thanks."""
    for title in ("Fika med nyinflyttade", _LONG):
        plan = make_activity(
            reader, title=title, planned_for=date(2026, 11, 9), now=_NIGHT - timedelta(days=1)
        )
        ask_how_it_went(plan, _NIGHT)
    invite_to(reader, make_activity(cast.bob, title=_LONG), _NIGHT)
    for number in range(14):
        praise(reader, _NIGHT, f"Byt jobb en dag {number}")
    (letter,) = [letter for letter in digest_at(_SLOT) if letter.to == reader.email]
    assert letter.html
    return letter.html


@pytest.mark.parametrize("language", ["sv", "en"])
def test_axe_finds_nothing_in_either_theme_and_nothing_is_too_wide(
    program: Page, cast: Cast, language: str
) -> None:
    cast.alice.language = language
    program.set_content(_letter(cast.alice, cast))
    assert program.evaluate("() => document.documentElement.lang") == language
    faults = []
    for width in (320, 390, 1280):
        program.set_viewport_size({"width": width, "height": 844})
        for scheme in ("light", "dark"):
            program.emulate_media(color_scheme=scheme)
            faults += [f"{width} {scheme} {finding}" for finding in program.evaluate(_FINDINGS)]
        wider = program.evaluate(_WIDER)
        faults += [f"{width}: {wider} px too wide"] if wider else []
    assert not faults, "\n".join(faults)
