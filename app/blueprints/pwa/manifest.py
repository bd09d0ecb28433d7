"""The web app manifest: how the installed app is named, drawn and entered."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask_babel import gettext
from PIL import Image

_STATIC = Path(__file__).resolve().parents[2] / "static"
_SCREENSHOTS = {"feed-narrow": "narrow", "plan-narrow": "narrow", "feed-wide": "wide"}

Asset = Callable[[str], str]


def manifest(asset: Asset, language: str) -> dict[str, Any]:
    """The manifest in the current language; `asset` gives the address of a static file."""
    return {
        "id": "/",
        "name": "Eldsjäl",
        "short_name": "Eldsjäl",
        "description": gettext("Plan something concrete, do it together, share what worked."),
        "lang": language,
        "dir": "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#F9F7F2",
        "theme_color": "#FAD753",
        "categories": ["productivity", "social"],
        "icons": _icons(asset),
        "screenshots": [
            _screenshot(asset, name, form) for name, form in _SCREENSHOTS.items() if _path(name).is_file()
        ],
        "shortcuts": [
            _shortcut(asset, gettext("Plan"), "/activities/new"),
            _shortcut(asset, gettext("Report"), "/activities/mine"),
        ],
    }


def _icons(asset: Asset) -> list[dict[str, str]]:
    png, svg = "image/png", "image/svg+xml"
    rows = (
        ("app-icon-192.png", "192x192", png, "any"),
        ("app-icon-512.png", "512x512", png, "any"),
        ("app-icon-maskable-512.png", "512x512", png, "maskable"),
        ("app-icon.svg", "any", svg, "any"),
        ("app-icon-maskable.svg", "any", svg, "maskable"),
        ("badge.svg", "any", svg, "monochrome"),
    )
    return [
        {"src": asset(f"icons/{name}"), "sizes": sizes, "type": kind, "purpose": purpose}
        for name, sizes, kind, purpose in rows
    ]


def _shortcut(asset: Asset, name: str, url: str) -> dict[str, Any]:
    return {"name": name, "url": url, "icons": [{"src": asset("icons/app-icon-192.png"), "sizes": "192x192"}]}


def _screenshot(asset: Asset, name: str, form: str) -> dict[str, str]:
    labels = {
        "feed-narrow": gettext("What colleagues did"),
        "plan-narrow": gettext("Plan an activity"),
        "feed-wide": gettext("What colleagues did"),
    }
    return {
        "src": asset(f"img/screenshots/{name}.webp"),
        "sizes": _size(name),
        "type": "image/webp",
        "form_factor": form,
        "label": labels[name],
    }


def _path(name: str) -> Path:
    return _STATIC / "img" / "screenshots" / f"{name}.webp"


@lru_cache
def _size(name: str) -> str:
    with Image.open(_path(name)) as picture:
        return f"{picture.width}x{picture.height}"
