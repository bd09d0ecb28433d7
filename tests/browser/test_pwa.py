"""Eldsjäl as an app: a browser finds everything that it needs to install it."""

from playwright.sync_api import BrowserContext, Page

from tests.browser.phones import Enter, controlled


def test_the_browser_finds_nothing_that_hinders_installing(
    page: Page, context: BrowserContext, signed_in: Enter
) -> None:
    signed_in()
    page.goto("/")
    controlled(page)
    session = context.new_cdp_session(page)
    assert session.send("Page.getAppManifest")["errors"] == []
    hindrances = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [one["errorId"] for one in hindrances if one["errorId"] != "in-incognito"] == []


def test_every_picture_that_the_manifest_names_is_there_in_its_size(page: Page, signed_in: Enter) -> None:
    signed_in()
    page.goto("/")
    wrong = page.evaluate(
        """async () => {
            const manifest = await (await fetch(document.querySelector("link[rel=manifest]").href)).json();
            const shown = async ({ src, sizes }) => {
                const image = new Image();
                image.src = src;
                await image.decode();
                return sizes === "any" || sizes === `${image.naturalWidth}x${image.naturalHeight}` ? "" : src;
            };
            const pictures = [...manifest.icons, ...manifest.screenshots];
            return (await Promise.all(pictures.map(shown))).filter(Boolean);
        }"""
    )
    assert wrong == []
