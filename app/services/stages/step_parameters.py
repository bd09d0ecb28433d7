"""What the text of a step is made from, beside whom and what it is about."""

from datetime import date, timedelta
from typing import Any, Final

from flask_babel import force_locale, gettext
from sqlalchemy import ColumnElement, bindparam, select

from app.extensions import db
from app.models.notification import Kind
from app.models.playbook import StepText
from app.models.programme import FocusArea, Municipality, Value
from app.models.stage import Stage
from app.models.stage_figure import StageFigure
from app.services.notifications import playbook
from app.services.notifications.kinds import words_of
from app.services.notifications.playbook import PLAYBOOK, Step
from app.services.notifications.wording import Words
from app.services.stages.lessons import first_published
from app.services.sums.shares import ALL

_NUMBERS: Final = {"rank": 2, "score": 4.2, "quiet": 12, "waiting": 3}
_TOTALS: Final = select(StageFigure.carried_out, StageFigure.planned).where(
    StageFigure.stage_id == bindparam("stage_id"), StageFigure.scope == ALL
)
_OWN_TEXTS: Final = select(StepText).where(StepText.stage_id == bindparam("stage_id"))


def common_parameters(step: Step, stage: Stage, all_stages: list[Stage], today: date) -> dict[str, Any]:
    """What every text of the stage may speak of: how far it has come, and what follows it."""
    done, planned = db.session.execute(_TOTALS, {"stage_id": stage.id}).one_or_none() or (0, 0)
    following = next((other for other in all_stages if other.number > stage.number), None)
    next_stage = (
        {"next_name": following.name, "next_day": following.measure_on.isoformat()} if following else {}
    )
    return {
        **playbook.parameters_of(step, stage),
        "done": done,
        "planned": planned,
        "days": max((stage.learn_on - today).days, 0),
        **next_stage,
        **(first_lesson(stage) if step.url_with_lessons else {}),
    }


def first_lesson(stage: Stage) -> dict[str, Any]:
    """With which the acting opens: the first of the lessons that an earlier stage has published, if any is shown."""
    lesson = first_published(stage)
    if lesson is None:
        return {}
    return {"lesson": lesson.heading, "lessons_of": lesson.of_stage, "contribution_id": lesson.tip_id}


def step_texts(stage_id: int) -> dict[str, StepText]:
    """What leads have written instead of the table's texts in that stage, by step."""
    rows = db.session.scalars(_OWN_TEXTS, {"stage_id": stage_id})
    return {row.step: row for row in rows}


def own_texts() -> dict[tuple[int, str], dict[str, Any]]:
    """All that leads have written, by stage and step, as `own_words`; as it is now, whatever is committed after."""
    return {(text.stage_id, text.step): own_words(text) for text in db.session.scalars(select(StepText))}


def own_words(text: StepText | None) -> dict[str, Any]:
    """The same as parameters of a notification, which keeps what it said when it was told."""
    return {"own_title": text.title, "own_body": text.body} if text else {}


class Previews:
    """The steps' words as they would be, by the function that makes the real ones, with examples for what is somebody's
    own. Reads what they speak of once, for all steps and both languages."""

    def __init__(self, stage: Stage, all_stages: list[Stage], today: date) -> None:
        self._parameters = (
            common_parameters(PLAYBOOK[0], stage, all_stages, today) | first_lesson(stage) | _NUMBERS
        )
        self._example = _example(today)

    def own_words(self, kind: Kind, own: dict[str, Any], language: str) -> Words:
        """Of what stands in no table but is a lead's own."""
        return words_of(kind.value, self._parameters | self._example | own, language)

    def words(self, step: Step, own: dict[str, Any], language: str) -> Words:
        """`own` is what a lead has written (`own_words`)."""
        with force_locale(language):
            about = {"title": gettext("Coffee with new neighbours"), "author": gettext("Ali Svensson")}
        parameters = self._parameters | self._example | about | own | {"step": step.name}
        return words_of(step.kind.value, parameters, language)


def _first(part: type[Municipality] | type[FocusArea] | type[Value]) -> ColumnElement[Any]:
    return select(part.name).order_by(part.position).limit(1).scalar_subquery()


_FIRSTS: Final = select(
    _first(Municipality).label("place"), _first(FocusArea).label("area"), _first(Value).label("value")
)


def _example(today: date) -> dict[str, Any]:
    """A place, a square and a day that there are."""
    row = db.session.connection().execute(_FIRSTS).one()
    firsts = {name: first or "" for name, first in row._mapping.items()}
    return firsts | {"day": (today + timedelta(days=1)).isoformat(), "time": "14:30"}
