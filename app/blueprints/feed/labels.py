"""The words of the programme as the feed writes them, made once for each language and not for each card."""

from dataclasses import dataclass
from functools import lru_cache

from flask import current_app
from flask_babel import gettext
from markupsafe import Markup

from app.models.feed import ALL, REPORTED
from app.web.catalogue import Catalogue
from app.web.language import local_text


@dataclass(frozen=True)
class Chip:
    """A filter: its scope (app/models/feed.py), and how it looks."""

    scope: str
    url: str
    label: Markup
    css: str


@dataclass(frozen=True, eq=False)
class Labels:
    """Ready markup by id. As each reading of the catalogue they come from, these are a key of their own."""

    values: dict[int, Markup]
    areas: dict[int, Markup]
    #: All but the viewer's municipality, which differs from viewer to viewer.
    chips: tuple[Chip, ...]

    def chips_of(self, municipality_id: int, name: str, chosen: str) -> tuple[Chip, ...]:
        """In their order, but the chosen one next to the first: nobody sees what stands beyond the edge."""
        everything, *others = self.chips
        mine = Chip(f"m:{municipality_id}", f"/?show=m:{municipality_id}", Markup.escape(name), "")
        return (everything, *sorted((mine, *others), key=lambda chip: chip.scope != chosen))


@lru_cache(maxsize=4)
def labels(programme: Catalogue, _language: str) -> Labels:
    """Those of the programme in the page's language, which must be the one given."""
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
