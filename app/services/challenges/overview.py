"""What the overview shows of the challenges of the running stage: each of them once, in the first list that has it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import bindparam, select

from app.extensions import db
from app.models.activity import activities_of
from app.models.challenge import Challenge, is_shown_challenge
from app.models.contribution import is_visible, is_withdrawn
from app.models.person import Person
from app.models.undertaking import Undertaking
from app.services.challenges.fitting import (
    CANDIDATE,
    Candidate,
    Fitting,
    in_order_of_fit,
    open_candidates,
    open_for,
    planned_areas,
)
from app.services.challenges.progress import municipalities_with

MOST_FITTING: Final = 3
_MOST_IN_A_LIST: Final = 6
_MOST_DRAFTS: Final = 50
#: So long a challenge is new after its first day.
NEWS: Final = timedelta(days=7)
#: So long before its last day it closes soon.
_SOON: Final = timedelta(days=7)


_UNDERTAKINGS: Final = (
    select(Undertaking.is_counted, *CANDIDATE)
    .join(Undertaking.challenge)
    .where(Undertaking.activity_id.in_(activities_of(bindparam("person_id"))))
    .where(is_visible(Undertaking.activity_id))
    .where(Challenge.stage_id == bindparam("stage_id"), is_shown_challenge())
    .order_by(Undertaking.activity_id.desc())
)


@dataclass(frozen=True)
class Overview:
    """Lists of challenges: what the viewer has taken on and not completed, up to three that fit, what closes soon, what
    is new; and, for those who make them, the drafts."""

    mine: list[Candidate]
    fitting: list[Candidate]
    closing: list[Candidate]
    new: list[Candidate]
    drafts: list[Challenge]
    #: How many municipalities have taken each of them on.
    places: dict[int, int]


def overview(viewer: Person, stage_id: int, lively: set[tuple[int, int]], today: date) -> Overview:
    """`lively` are the squares where something has been carried out. A fixed number of queries."""
    undertakings = _undertakings(viewer, stage_id)
    mine = list({one.id: one for is_counted, one in undertakings if not is_counted}.values())
    person = Fitting(
        viewer.municipality_id,
        planned_areas(viewer.id),
        frozenset(one.id for _is_counted, one in undertakings),
    )
    rest = open_for(person, open_candidates(stage_id, today))
    fitting = in_order_of_fit(person, rest, lively)[:MOST_FITTING]
    closing = _without(fitting, (one for one in rest if one.closes_on <= today + _SOON))
    new = _without([*fitting, *closing], (one for one in rest if is_new(one, today)))
    return Overview(
        mine=mine,
        fitting=fitting,
        closing=closing,
        new=new,
        drafts=_drafts(viewer),
        places=municipalities_with([one.id for one in [*mine, *fitting, *closing, *new]]),
    )


def is_new(candidate: Candidate, today: date) -> bool:
    return candidate.opens_on > today - NEWS


def _undertakings(viewer: Person, stage_id: int) -> list[tuple[bool, Candidate]]:
    """What the viewer has taken on in the stage, alone or with others, and not called off, latest first; and whether it
    is completed."""
    theirs = {"person_id": viewer.id, "stage_id": stage_id}
    rows = db.session.connection().execute(_UNDERTAKINGS, theirs)
    return [(row[0], Candidate._make(row[1:])) for row in rows]


def _without(shown: list[Candidate], candidates: Iterable[Candidate]) -> list[Candidate]:
    return [one for one in candidates if one not in shown][:_MOST_IN_A_LIST]


def _drafts(viewer: Person) -> list[Challenge]:
    """Of every stage, what the viewer may change, latest first."""
    area = viewer.moderated_municipality_ids
    if area is not None and not area:
        return []
    query = select(Challenge).where(Challenge.is_draft, ~is_withdrawn(Challenge.id))
    if area is not None:
        query = query.where(Challenge.municipality_id.in_(area))
    return list(db.session.scalars(query.order_by(Challenge.id.desc()).limit(_MOST_DRAFTS)))
