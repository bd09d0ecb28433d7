"""A picture's tile on the way: the device's own picture, then the prepared one, or why there is none."""

from playwright.sync_api import FilePayload, Page, expect

from app.extensions import db
from tests.browser.live import Live
from tests.browser.phones import PREPARED_MS, Enter
from tests.factories import make_activity
from tests.pictures import jpeg, picture_file


def test_one_is_prepared_while_its_description_is_written_and_a_broken_one_says_so(
    page: Page, signed_in: Enter, live: Live
) -> None:
    alice = signed_in()
    with live.app.app_context():
        activity = make_activity(db.session.merge(alice)).id
    page.goto(f"/activities/{activity}/outcome")
    page.locator("input[type=file]").set_input_files(
        [_file("brygga.jpg", jpeg()), _file("trasig.png", _broken())]
    )
    tiles = page.locator(".shot[id]")
    expect(tiles).to_have_count(2)
    tiles.first.locator("input").fill("En brygga i dimma")
    tiles.first.locator("input").focus()
    expect(tiles.first.locator("img[src^='/media/']")).to_be_visible(timeout=PREPARED_MS)
    expect(tiles.first.locator("input")).to_have_value("En brygga i dimma")
    expect(tiles.first.locator("input")).to_be_focused()
    expect(tiles.last).to_contain_text("Den här bilden gick inte att läsa.", timeout=PREPARED_MS)
    tiles.last.get_by_role("button", name="Ta bort bilden").click()
    expect(tiles).to_have_count(1)


def _file(name: str, data: bytes) -> FilePayload:
    return {"name": name, "mimeType": "image/jpeg", "buffer": data}


def _broken() -> bytes:
    """In order from outside, and broken within."""
    data = bytearray(picture_file("PNG"))
    at = data.index(b"IDAT")
    data[at + 8 : at + 14] = b"\xff" * 6
    return bytes(data)
