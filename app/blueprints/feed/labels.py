"""The words of the programme as the feed writes them, made once for each language and not for each card."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from flask import current_app
from flask_babel import gettext
from markupsafe import Markup

from app.models.feed import ALL, REPORTED
from app.web.catalogue import Catalogue, catalogue
from app.web.language import local_text, page_language


@dataclass(frozen=True)
class Chip:
    """A filter: its scope (app/models/feed.py), and how it looks."""

    scope: str
    url: str
    label: Markup
    css: str


@dataclass(frozen=True)
class Labels:
    """Ready markup by id."""

    values: dict[int, Markup]
    areas: dict[int, Markup]
    #: All but the viewer's municipality, which differs from viewer to viewer.
    chips: tuple[Chip, ...]
    #: Cards as they have been drawn, by all that they show; gone with these labels, so within seconds.
    drawn: dict[tuple[Any, ...], Markup] = field(default_factory=dict)

    def chips_of(self, municipality_id: int, name: str, chosen: str) -> tuple[Chip, ...]:
        """In their order, but the chosen one next to the first: nobody sees what stands beyond the edge."""
        everything, *others = self.chips
        mine = Chip(f"m:{municipality_id}", f"/?show=m:{municipality_id}", Markup.escape(name), "")
        return (everything, *sorted((mine, *others), key=lambda chip: chip.scope != chosen))


def labels() -> Labels:
    """Those of the page's language, for as long as the catalogue is the same one."""
    return _make(catalogue(), page_language())


@lru_cache(maxsize=2)
def _make(programme: Catalogue, _language: str) -> Labels:
    values = {value.id: _value(value.mark, local_text(value.name)) for value in programme.values.values()}
    areas = {area.id: _area(area.icon, local_text(area.name)) for area in programme.focus_areas.values()}
    chips = (
        Chip(ALL, "/", Markup.escape(gettext("All")), ""),
        Chip(REPORTED, f"/?show={REPORTED}", Markup.escape(gettext("Reported")), ""),
        *(
            Chip(f"f:{area.id}", f"/?show=f:{area.id}", _icon(area.icon, "ic-s") + local_text(area.name), "")
            for area in programme.focus_areas.values()
        ),
        *(
            Chip(
                f"v:{value.id}",
                f"/?show=v:{value.id}",
                _icon(f"v-{value.mark}", "mark") + local_text(value.name),
                f" v-{value.mark}",
            )
            for value in programme.values.values()
        ),
    )
    return Labels(values, areas, chips)


def _value(mark: str, name: str) -> Markup:
    return Markup('<span class="tag v-{}">{}{}</span>').format(mark, _icon(f"v-{mark}", "mark"), name)


def _area(icon: str, name: str) -> Markup:
    return Markup('<span class="tag neu">{}{}</span>').format(_icon(icon, "ic-s"), name)


def _icon(name: str, css: str) -> Markup:
    sprite = current_app.jinja_env.globals["sprite_url"]
    return Markup('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>').format(css, sprite, name)
