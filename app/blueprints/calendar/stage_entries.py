"""The dates of a stage as they stand in a calendar."""

from typing import Final

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.models.stage import Stage
from app.services.stages.dates import StageDate
from app.web.calendar_file import Entry
from app.web.language import local_text

_WORDS: Final[dict[str, LazyString]] = {
    "measure": _l("Measure"),
    "activate": _l("Act"),
    "learn": _l("Learn"),
    "last_day": _l("Last day to act"),
    "survey_closes": _l("Last day to answer the survey"),
}


def entry_of_stage(one: StageDate) -> Entry:
    """In the language of the page."""
    return Entry(
        key=f"stage-{one.stage.number}-{one.what}",
        title=_("Stage %(number)s: %(what)s", number=one.stage.number, what=_WORDS[one.what]),
        begins=one.first_day,
        ends=one.day_after,
        changed_at=one.changed_at,
        path=url_for("stages.show", number=one.stage.number),
        about=_about(one.stage),
    )


def _about(stage: Stage) -> str:
    return f"{local_text(stage.name)}. {local_text(stage.theme)}"
