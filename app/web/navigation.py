"""The main menu, by role: tabs on a phone, a rail on a desktop."""

from typing import NamedTuple

from flask import Flask, request, url_for
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString
from flask_login import current_user

from app.models.person import LANGUAGES, Role
from app.web.cache import Cache
from app.web.language import page_language

_STAFF = frozenset({Role.COORDINATOR, Role.LEAD})
_READERS = frozenset({Role.COORDINATOR, Role.LEAD, Role.STEERING})
_COORDINATORS = frozenset({Role.COORDINATOR})
_LEADS = frozenset({Role.LEAD})
_ALL = frozenset(Role)


class Place(NamedTuple):
    """One entry. `css` says where it is: a tab (empty), the middle button (`do`) or only in the rail (`wide`)."""

    endpoint: str
    url: str
    icon: str
    icon_on: str
    label: str
    css: str


_PLACES: tuple[tuple[str, str, str, LazyString, str, frozenset[Role]], ...] = (
    ("feed.index", "home", "home-on", lazy_gettext("Feed"), "", _ALL),
    ("challenges.index", "challenge", "challenge-on", lazy_gettext("Challenges"), "", _ALL),
    ("activities.new", "plus", "plus", lazy_gettext("Plan"), "do", _ALL),
    ("leaderboard.index", "rank", "rank-on", lazy_gettext("Leaderboard"), "", _ALL),
    ("me.index", "me", "me-on", lazy_gettext("Me"), "", _ALL),
    ("activities.mine", "list", "list", lazy_gettext("My activities"), "wide sep", _ALL),
    ("tips.index", "tip", "tip", lazy_gettext("Tips and pitfalls"), "wide", _ALL),
    ("stages.index", "journey", "journey-on", lazy_gettext("The journey"), "wide", _ALL),
    ("inbox.index", "bell", "bell", lazy_gettext("Notifications"), "wide", _ALL),
    ("coordinator.index", "sun", "sun", lazy_gettext("The coordinator’s day"), "wide sep", _COORDINATORS),
    ("moderation.index", "shield", "shield", lazy_gettext("Review"), "wide", _STAFF),
    ("undertakings.reviews", "check", "check", lazy_gettext("Challenges to approve"), "wide", _STAFF),
    ("questions.queue", "chat", "chat", lazy_gettext("Questions about points"), "wide", _STAFF),
    ("people.invite", "qr", "qr", lazy_gettext("Invite colleagues"), "wide", _STAFF),
    ("insights.index", "chart", "chart", lazy_gettext("Analysis"), "wide", _READERS),
    ("admin.index", "compass", "compass", lazy_gettext("Programme"), "wide", _LEADS),
    ("settings.index", "gear", "gear", lazy_gettext("Settings"), "wide sep", _ALL),
)

_PLACES_BY_ROLE: Cache[tuple[Place, ...]] = Cache(
    "places", key="role, language", at_most=len(Role) * len(LANGUAGES)
)


def init_app(app: Flask) -> None:
    """Give templates `nav()`, `place_is_current(place)` and `place_leads_here(place)`."""
    app.jinja_env.globals["nav"] = places
    app.jinja_env.globals["place_is_current"] = place_is_current
    app.jinja_env.globals["place_leads_here"] = place_leads_here


def places() -> tuple[Place, ...]:
    """What the signed-in person may visit. Cached by role and language, so that a page needs no `url_for` for them."""
    role = current_user.glance.role
    return _PLACES_BY_ROLE.get((role, page_language()), lambda: _places(role))


def _places(role: str) -> tuple[Place, ...]:
    return tuple(
        Place(endpoint, url_for(endpoint), icon, icon_on, str(label), css)
        for endpoint, icon, icon_on, label, css, roles in _PLACES
        if role in roles
    )


def place_is_current(place: Place) -> bool:
    """Whether the page belongs to that place: its own page, or another one of an area that has only this entry."""
    if request.endpoint == place.endpoint:
        return True
    area = place.endpoint.partition(".")[0]
    return area not in {"activities", "people"} and request.blueprint == area


def place_leads_here(place: Place) -> bool:
    """Whether a phone reaches the page by that place: `me.index` lists the places that are only in the rail, and tips
    are the second view of the challenges' screen."""
    if request.blueprint in ("tips", "lessons"):
        return place.endpoint == "challenges.index"
    return place.endpoint == "me.index" and any(
        place_is_current(other) for other in places() if "wide" in other.css
    )
