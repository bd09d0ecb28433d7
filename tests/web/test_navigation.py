"""Who finds what in the menu."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.models.person import Person
from app.web.navigation import _PLACES
from tests.cast import Cast

Browser = Callable[[Person], FlaskClient]


def test_every_place_exists(app: Flask) -> None:
    assert [place[0] for place in _PLACES if place[0] not in app.view_functions] == []


@pytest.mark.parametrize(
    ("who", "shown", "hidden"),
    [
        (
            "alice",
            {"/", "/stages", "/activities/new", "/leaderboard", "/me", "/inbox"},
            {"/moderation", "/insights"},
        ),
        ("cora", {"/moderation", "/insights"}, {"/admin"}),
        ("lena", {"/moderation", "/insights", "/admin"}, set()),
        ("stig", {"/insights"}, {"/moderation", "/admin"}),
    ],
)
def test_the_menu_follows_the_role(
    cast: Cast, as_: Browser, who: str, shown: set[str], hidden: set[str]
) -> None:
    page = as_(getattr(cast, who)).get("/settings").text
    menu = page.partition('<nav class="rail"')[2].partition("</nav>")[0]
    assert {url for url in shown if f'href="{url}' not in menu} == set()
    assert {url for url in hidden if f'href="{url}' in menu} == set()


@pytest.mark.parametrize("path", ["/settings", "/inbox", "/activities/mine"])
def test_a_phone_finds_what_is_only_in_the_rail_by_ones_own_page(cast: Cast, as_: Browser, path: str) -> None:
    menu = as_(cast.alice).get(path).text.partition('<nav class="rail"')[2]
    assert '<a href="/me" aria-current="true">' in menu
    assert menu.count('aria-current="page"') == 1


def test_the_menu_says_where_one_is(cast: Cast, as_: Browser) -> None:
    menu = as_(cast.alice).get("/leaderboard").text.partition('<nav class="rail"')[2]
    assert menu.count('aria-current="page"') == 1
    assert menu.index('href="/leaderboard') < menu.index("aria-current") < menu.index('href="/me')
