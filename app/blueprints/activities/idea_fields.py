"""What a new plan may begin from: somebody's idea, and plans alike. Fields of the form, and what stands around them."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any, Final

from flask import request
from wtforms import SelectMultipleField, StringField

from app.models.activity import Activity
from app.services.activities.adoption import borrowable, tie_of_new
from app.services.activities.alike import plans_alike, plans_of_the_idea
from app.services.activities.begin import Ties
from app.services.activities.ideas import proven_ideas
from app.services.activities.spread import root_of
from app.web.catalogue import catalogue
from app.web.identity import viewer
from app.web.paging import row_number

#: As many plans alike as are shown can be ticked.
_MOST_ASKED: Final = 2


class IdeaFields:
    """A part of the form for new plans."""

    #: The number of the activity that the plan is borrowed from. A text field that the template hides, as `request_key`
    #: is, so that the stored draft has it.
    borrowed_from = StringField()
    #: The choice among the ideas that were offered; it rules where there is one.
    idea = StringField()
    #: Numbers of plans alike whose owners are asked to join forces.
    alike = SelectMultipleField(validate_choice=False)

    @cached_property
    def origin(self) -> Activity | None:
        chosen = self.idea.data if self.idea.raw_data else self.borrowed_from.data
        return None if request.form.get("look") == "own" else borrowable(row_number(chosen), viewer())

    @property
    def ties(self) -> Ties:
        """What the valid form says."""
        numbers = (row_number(text) for text in (self.alike.data or ())[:_MOST_ASKED])
        return Ties(self.origin, [number for number in numbers if number])


def beginnings_of(form: Any) -> dict[str, Any]:
    """What the page of a new plan shows of ideas and plans alike; nothing for other forms."""
    if not isinstance(form, IdeaFields):
        return {}
    areas: Any = form
    slugs = {"focus_area": areas.focus_area.data, "value": areas.value.data}
    alike = alike_for(slugs, areas.planned_for.data, form.origin)
    return ideas_for(slugs, form.origin) | alike | {"asked": form.alike.data or ()}


def ideas_for(slugs: Mapping[str, str | None], origin: Activity | None) -> dict[str, Any]:
    """Proven ideas once focus area and value are chosen, and what the plan is tied to."""
    area, value = _numbered("focus_areas", slugs.get("focus_area")), _numbered("values", slugs.get("value"))
    ideas = proven_ideas(viewer(), area, value) if area and value else []
    return {"origin": origin, "tie": tie_of_new(origin) if origin else None, "ideas": ideas}


def alike_for(slugs: Mapping[str, str | None], day: date | None, origin: Activity | None) -> dict[str, Any]:
    """Plans alike, once focus area and day are chosen; before the day, those of the idea that is borrowed."""
    area, today = _numbered("focus_areas", slugs.get("focus_area")), catalogue().today()
    if area and day:
        return {"plans_alike": plans_alike(viewer(), area, day, today)}
    of_the_idea = plans_of_the_idea(viewer(), area, root_of(origin.id), today) if area and origin else []
    return {"plans_alike": of_the_idea}


def _numbered(parts: str, slug: str | None) -> int | None:
    found: dict[int, Any] = getattr(catalogue(), parts)
    return next((part.id for part in found.values() if part.slug == slug), None)
