"""A page of the feed as markup.

Everybody reads much the same page, so a card is drawn once and kept under all that it shows.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import Any

from flask import current_app
from flask_babel import format_date
from markupsafe import Markup

from app.blueprints.feed.labels import Labels, labels
from app.models.feed import FeedKind
from app.services.feed.page import CARD
from app.web.cache import Cache
from app.web.catalogue import Catalogue
from app.web.filters import ago_at, day, timed
from app.web.language import page_language

#: As much of a story as a card tells; the rest is on the activity's page.
_EXCERPT = 180
#: A card is about 2 kB.
_DRAWN: Cache[Markup] = Cache(
    "cards", key="the labels that it is drawn with, all that it shows", at_most=2000
)
_KIND = attrgetter("kind")
#: Activities are pinned, planned or reported; and challenges.
_PINNABLE = (FeedKind.PLANNED, FeedKind.REPORTED, FeedKind.CHALLENGE)


class CardRenderer:
    """Draws for one viewer and moment."""

    def __init__(self, viewer_id: int, programme: Catalogue, now: datetime) -> None:
        self.viewer_id = viewer_id
        self.programme = programme
        self.now = now.replace(second=0)
        self.language = page_language()
        self.today = self.programme.today(now)
        self.labels: Labels = labels(self.programme, self.language)
        self._drawn = _DRAWN.of(current_app)

    @cached_property
    def macros(self) -> Any:
        return current_app.jinja_env.get_template("feed/card.html").module

    def page(self, rows: Iterable[Any], first_page: bool) -> Markup:
        """The rows in order; plans that stand together share a heading, those whose day has passed another one below.
        The first picture of all is not lazy."""
        pieces: list[str] = []
        eager = first_page
        for kind, alike in groupby(rows, _KIND):
            if kind == FeedKind.PLANNED:
                pieces += self._plans(list(alike))
                continue
            for row in alike:
                pieces.append(self._item(row, eager))
                eager = eager and not row.key
        return Markup("".join(pieces))  # noqa: S704 - every piece comes from a template

    def pinned(self, rows: Iterable[Any]) -> Markup:
        """What stands on top, short: each with its title, why it is a model or what is told of it, and until when."""
        pieces = [self._pin(row) for row in rows if row.kind in _PINNABLE]
        return (
            self._once(("pins", *pieces), lambda: self.macros.pins(Markup("").join(pieces)))
            if pieces
            else Markup()
        )

    def _pin(self, row: Any) -> Markup:
        until = day(self._last_day(row.at))
        about = self._about_challenge if row.kind == FeedKind.CHALLENGE else self._about
        return self._once(
            ("pin", until, row[CARD]), lambda: self.macros.pin(row, until, _photo(row), about(row))
        )

    def _last_day(self, ends: datetime) -> date:
        return self.programme.today(ends - timedelta(seconds=1))

    def _item(self, row: Any, eager: bool) -> Markup:
        if row.kind == FeedKind.REPORTED:
            return self._card(row, eager)
        return self._challenge(row) if row.kind == FeedKind.CHALLENGE else self._other(row)

    def _card(self, row: Any, eager: bool) -> Markup:
        when = ago_at(row.at, self.now, self.programme.timezone, self.language)
        spark = "own" if row.partner or row.owner_id == self.viewer_id else "given" if row.cheered else "open"
        return self._once(
            ("card", when, eager, spark, row[CARD]),
            lambda: self.macros.card(row, when, eager, spark, _photo(row), self._about(row)),
        )

    def _plans(self, rows: list[Any]) -> Iterator[Markup]:
        for passed in (False, True):
            plans = [self._plan(row) for row in rows if self._has_passed(row) is passed]
            if plans:
                yield self._group(plans, passed)

    def _has_passed(self, row: Any) -> bool:
        return row.planned_for is not None and row.planned_for < self.today

    def _group(self, plans: list[Markup], passed: bool) -> Markup:
        return self._once(
            ("plans", passed, *plans), lambda: self.macros.plans(Markup("").join(plans), passed)
        )

    def _plan(self, row: Any) -> Markup:
        key = ("plan", self.today, row[CARD])
        return self._once(key, lambda: self.macros.plan(row, self._about(row)))

    def _challenge(self, row: Any) -> Markup:
        about = self._about_challenge(row)
        return self._once(("challenge", row[CARD]), lambda: self.macros.challenge(row, about))

    def _about_challenge(self, row: Any) -> dict[str, Any]:
        place = self.programme.municipalities.get(row.challenge_place_id)
        return {
            "mark": self.programme.values[row.challenge_value_id].mark,
            "value": self.labels.values[row.challenge_value_id],
            "area": self.labels.areas[row.challenge_area_id],
            "place": place.name if place else "",
        }

    def _other(self, row: Any) -> Markup:
        """A kind that asks nothing but its row: the macro that has its name."""
        draw = getattr(self.macros, row.kind)
        return self._once((row.kind, row[CARD]), lambda: draw(row, json.loads))

    def _about(self, row: Any) -> dict[str, Any]:
        return {
            "mark": self.programme.values[row.value_id].mark,
            "value": self.labels.values[row.value_id],
            "area": self.labels.areas[row.focus_area_id],
            "place": self.programme.municipalities[row.municipality_id].name,
            "owner": {
                "id": row.owner_id,
                "name": row.name,
                "left_at": row.left_at,
            },
            "story": _excerpt(row.story or ""),
            "on": _coming(row.planned_for, row.starts_at, self.today),
        }

    def _once(self, key: tuple[Any, ...], draw: Callable[[], Markup]) -> Markup:
        return self._drawn.get((self.labels, key), draw)


def _coming(planned_for: date | None, starts_at: time | None, today: date) -> str:
    """`torsdag 14.30` within a week, else `7 sep`; empty for a plan without a date."""
    if planned_for is None:
        return ""
    near = 0 <= (planned_for - today).days < 7
    words = str(format_date(planned_for, "EEEE", rebase=False)) if near else day(planned_for)
    return timed(words, starts_at)


def _excerpt(story: str) -> str:
    if len(story) <= _EXCERPT:
        return story
    begins = story[:_EXCERPT]
    whole_words = begins.rsplit(None, 1)[0]
    return (whole_words if len(whole_words) > _EXCERPT // 2 else begins).rstrip(".,;: ") + " …"


def _photo(row: Any) -> dict[str, Any] | None:
    return {"key": row.key, "alt": row.alt, "sizes": json.loads(row.sizes)} if row.key else None
