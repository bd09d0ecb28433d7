"""The words of the programme as the feed writes them, made once for each language and not for each card."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import current_app
from flask_babel import gettext
from markupsafe import Markup

from app.models.feed import ALL, REPORTED
from app.services.feed.page import FOR_YOU
from app.web.catalogue import Catalogue


@dataclass(frozen=True)
class Chip:
    """A filter: its scope (app/models/feed.py), and how it looks."""

    scope: str
    url: str
    label: Markup
    css: str


@dataclass(frozen=True, eq=False)
class Labels:
    """Ready markup by id. Compared by identity, so that a programme that is loaded again gets new cards."""

    values: dict[int, Markup]
    areas: dict[int, Markup]
    #: All but the viewer's municipality, which differs from viewer to viewer.
    chips: tuple[Chip, ...]

    def chips_of(self, municipality_id: int, name: str, chosen: str) -> tuple[Chip, ...]:
        """In their order, but the chosen one next to the first two: nobody sees what stands beyond the edge."""
        for_you, everything, *others = self.chips
        mine = Chip(f"m:{municipality_id}", f"/?show=m:{municipality_id}", Markup.escape(name), "")
        return (for_you, everything, *sorted((mine, *others), key=lambda chip: chip.scope != chosen))


@lru_cache(maxsize=4)
def labels(programme: Catalogue, _language: str) -> Labels:
    """Those of the programme in the page's language, which must be the one given."""
    tags: Any = current_app.jinja_env.get_template("components/values.html").module
    chips = (
        Chip(FOR_YOU, f"/?show={FOR_YOU}", Markup.escape(gettext("My feed")), ""),
        Chip(ALL, f"/?show={ALL}", Markup.escape(gettext("All")), ""),
        Chip(REPORTED, f"/?show={REPORTED}", Markup.escape(gettext("Reported")), ""),
        *(
            Chip(f"f:{area.id}", f"/?show=f:{area.id}", tags.area_words(area), "")
            for area in programme.focus_areas.values()
        ),
        *(
            Chip(f"v:{value.id}", f"/?show=v:{value.id}", tags.value_words(value), f" v-{value.mark}")
            for value in programme.values.values()
        ),
    )
    return Labels(
        {value.id: tags.value_tag(value) for value in programme.values.values()},
        {area.id: tags.area_tag(area) for area in programme.focus_areas.values()},
        chips,
    )
