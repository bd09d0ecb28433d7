"""What a person's own activities ask of them, as one column of the feed's page.

It is asked there for everybody who opens the feed, because a query of its own takes as long as signing in, and most
people have nothing that waits. What it is about is read only when there is something. Which of it comes first, and what
else may be expected of somebody, says services/stages/expected.py.
"""

from datetime import date, time, timedelta
from enum import IntEnum
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Integer,
    bindparam,
    case,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from app.extensions import db
from app.models.activity import Activity, Answer, CoOwner, activities_of
from app.models.contribution import is_visible
from app.models.outcome import is_open_invitation, is_reported
from app.models.person import Person
from app.models.undertaking import Undertaking

#: After this time nobody is reminded of a plan whose day has passed.
NUDGE_WITHIN: Final = timedelta(days=21)


class Waiting(IntEnum):
    """The first of these that is true, in this order."""

    #: A plan that one makes, alone or with others, whose day has passed, has no report.
    REPORT = 1
    #: A colleague has asked one to join.
    INVITATION = 2
    #: A coordinator has sent the completion of a challenge back, in the stage that runs.
    CORRECTION = 3
    #: Something is planned for today or later; or for no day yet, in the stage that runs.
    PLAN = 4
    #: Something has been reported in the stage that runs.
    DONE = 5
    NOTHING = 6


class OwnPlan(NamedTuple):
    """A plan that the person makes, alone or with others."""

    id: int
    title: str
    value_id: int
    planned_for: date | None
    starts_at: time | None
    place: str
    audience: str
    success_sign: str


class Invitation(NamedTuple):
    """Somebody asks the person to join an activity."""

    id: int
    title: str
    value_id: int
    name: str


_viewer: BindParameter[int] = bindparam("viewer_id")
_today = bindparam("today", type_=Date)
_mine = aliased(Activity)
_answer = aliased(CoOwner)
_of_running_stage = _mine.stage_id == bindparam("stage_id")
_is_open = ~is_reported(_mine.id)
#: These are about a thing of the viewer's own that is visible, which the queries see to once.
_is_due = (
    _mine.planned_for.between(bindparam("nudge_since", type_=Date), bindparam("yesterday", type_=Date))
    & _is_open
)
_is_asked = (CoOwner.person_id == _viewer) & is_open_invitation()
_is_sent_back = Undertaking.approved.is_(False) & _of_running_stage
_is_planned = ((_mine.planned_for >= _today) | (_mine.planned_for.is_(None) & _of_running_stage)) & _is_open
_is_done = _of_running_stage & is_reported(_mine.id)

#: What the viewer makes, or is asked to.
_concerning_viewer = union_all(
    select(Activity.id).where(Activity.owner_id == _viewer),
    select(CoOwner.activity_id).where(CoOwner.person_id == _viewer, CoOwner.answer != Answer.DECLINED.value),
)


def _as_it_is(waiting: Waiting) -> ColumnElement[int]:
    """Written into the query: each parameter takes the feed as long as a line of Python."""
    return literal_column(str(waiting.value), Integer)


#: For a query with the parameters of `parameters_for`: a number of `Waiting`, the same in each of its rows. One pass
#: over what concerns the viewer.
WAITING: Final = (
    select(
        func.coalesce(
            func.min(
                case(
                    (
                        _answer.answer == Answer.INVITED.value,
                        case((_is_open, _as_it_is(Waiting.INVITATION)), else_=_as_it_is(Waiting.NOTHING)),
                    ),
                    (_is_due, _as_it_is(Waiting.REPORT)),
                    (_is_sent_back, _as_it_is(Waiting.CORRECTION)),
                    (_is_planned, _as_it_is(Waiting.PLAN)),
                    (_is_done, _as_it_is(Waiting.DONE)),
                    else_=_as_it_is(Waiting.NOTHING),
                )
            ),
            _as_it_is(Waiting.NOTHING),
        )
    )
    .select_from(_mine)
    .outerjoin(_answer, (_answer.activity_id == _mine.id) & (_answer.person_id == _viewer))
    .outerjoin(Undertaking, Undertaking.activity_id == _mine.id)
    .where(_mine.id.in_(_concerning_viewer), is_visible(_mine.id))
    .scalar_subquery()
)
_ALONE: Final = select(WAITING)

_is_made_by_viewer = _mine.id.in_(activities_of(_viewer)) & is_visible(_mine.id)
#: In the order of `OwnPlan`.
_PLAN_COLUMNS: Final = (
    _mine.id,
    _mine.title,
    _mine.value_id,
    _mine.planned_for,
    _mine.starts_at,
    _mine.place,
    _mine.audience,
    _mine.success_sign,
)
_DUE: Final = (
    select(*_PLAN_COLUMNS)
    .where(_is_made_by_viewer, _is_due)
    .order_by(_mine.planned_for.desc(), _mine.id.desc())
    .limit(1)
)
_NEXT: Final = (
    select(*_PLAN_COLUMNS)
    .where(_is_made_by_viewer, _is_planned)
    .order_by(_mine.planned_for.is_(None), _mine.planned_for, _mine.id)
    .limit(1)
)
_SENT_BACK: Final = (
    select(*_PLAN_COLUMNS)
    .join(Undertaking, Undertaking.activity_id == _mine.id)
    .where(_is_made_by_viewer, _is_sent_back)
    .order_by(_mine.id.desc())
    .limit(1)
)
_INVITED: Final = (
    select(_mine.id, _mine.title, _mine.value_id, Person.name)
    .select_from(CoOwner)
    .join(_mine, _mine.id == CoOwner.activity_id)
    .join(Person, Person.id == _mine.owner_id)
    .where(_is_asked)
    .order_by(CoOwner.id.desc())
    .limit(1)
)


def parameters_for(viewer_id: int, stage_id: int | None, today: date) -> dict[str, Any]:
    """`stage_id` is the stage that people act in."""
    return {
        "viewer_id": viewer_id,
        "stage_id": stage_id,
        "today": today,
        "yesterday": today - timedelta(days=1),
        "nudge_since": today - NUDGE_WITHIN,
    }


def what_waits(viewer_id: int, stage_id: int | None, today: date) -> Waiting:
    """The same by a query of its own, where no feed is shown."""
    parameters = parameters_for(viewer_id, stage_id, today)
    return Waiting(db.session.connection().execute(_ALONE, parameters).scalar_one())


def next_due(viewer_id: int, stage_id: int | None, today: date) -> OwnPlan | None:
    """The latest of the viewer's plans whose day has passed without a report."""
    return _plan(_DUE, viewer_id, stage_id, today)


def next_plan(viewer_id: int, stage_id: int | None, today: date) -> OwnPlan | None:
    """The first of those that are still to come; one without a day comes after all others."""
    return _plan(_NEXT, viewer_id, stage_id, today)


def sent_back(viewer_id: int, stage_id: int | None, today: date) -> OwnPlan | None:
    """The latest whose completion a coordinator has sent back."""
    return _plan(_SENT_BACK, viewer_id, stage_id, today)


def latest_invitation(viewer_id: int, stage_id: int | None, today: date) -> Invitation | None:
    row = db.session.connection().execute(_INVITED, parameters_for(viewer_id, stage_id, today)).first()
    return Invitation._make(row) if row else None


def _plan(query: Any, viewer_id: int, stage_id: int | None, today: date) -> OwnPlan | None:
    row = db.session.connection().execute(query, parameters_for(viewer_id, stage_id, today)).first()
    return OwnPlan._make(row) if row else None
