"""The same activity told twice: a coordinator makes one of the two, and may part them again.

It is a decision like any other: it stands in the log, takes the double out of sight, and is undone by showing it again.
"""

from contextlib import suppress
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models.activity import Activity, is_made_by
from app.models.adoption import Adoption
from app.models.contribution import is_visible, takes_part
from app.models.double import Double, kept_instead_of
from app.models.moderation import Decision, Verdict
from app.models.notification import Kind
from app.models.outcome import is_reported
from app.models.person import Person
from app.models.tip import Tip
from app.models.undertaking import Undertaking
from app.services.activities.best_practice import NotTheirsToLiftError, may_lift
from app.services.activities.locking import ClosedError, demand_visible
from app.services.activities.visibility import activities_for_rows
from app.services.moderation.acts import (
    AlreadyDecidedError,
    put_out_of_sight,
    settle_flags,
    source_of,
    write_decision,
)
from app.services.moderation.decide import restore
from app.services.moderation.moving import move_all, settle_kept
from app.services.notifications.notify import notify
from app.services.points.doubles import take_back_what_counts_twice
from app.services.sums.turns import wait_for_all_around

#: So many others are shown to choose from.
_MOST_SHOWN: Final = 12
_MOST_READ: Final = 200


class NoDoubleError(ValueError):
    """They cannot become one: `why` is "stage", "reported", "challenge" or "away"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def merge(double: Activity, kept: Activity, *, by: Person, now: datetime) -> None:
    """The double leads to the other from now on. Who made it, cheers, comments, lessons, who comes along and what was
    borrowed move there, once each; points of one kind that a person had for both count once. All are told. A second
    time changes nothing.

    Raises:
        NotTheirsToLiftError: `may_lift` says no to one of them.
        NoDoubleError: when something would be lost by it.
    """
    if not may_lift(by, double) or not may_lift(by, kept):
        raise NotTheirsToLiftError
    idea_id = db.session.scalar(select(Adoption.origin_id).where(Adoption.activity_id == kept.id))
    tips = db.session.scalars(select(Tip.id).where(Tip.activity_id == kept.id)).all()
    wait_for_all_around(double, beside={kept.id, *([idea_id] if idea_id else [])}, tip_ids=tips)
    if kept_instead_of(double.id) == kept.id:
        return
    _demand_same(double, kept)
    told = {"merged": double.owner_ids(), "joined": kept.owner_ids() - double.owner_ids()}
    decision = write_decision(double, by, Verdict.MERGE, now)
    moved = move_all(double, kept, by, now)
    db.session.add(Double(activity_id=double.id, kept_id=kept.id, decision_id=decision.id, moved=moved))
    take_back_what_counts_twice(double.id, kept.id, source_of(decision), now)
    put_out_of_sight(double, decision, None, now)
    settle_flags(double, decision, now)
    settle_kept(kept.id, now)
    for event, person_ids in told.items():
        about = {"event": event, "title": kept.title, "name": by.name}
        key = f"{event}:{decision.id}"
        notify(person_ids - {by.id}, Kind.MODERATION, key=key, url=kept.path, parameters=about, now=now)


def part(double: Activity, *, by: Person, now: datetime) -> None:
    """They are two again, and all that has moved goes back. A second time changes nothing.

    Raises:
        NotTheirsToLiftError: `may_lift` says no to it.
    """
    if not may_lift(by, double):
        raise NotTheirsToLiftError
    if kept_instead_of(double.id):
        with suppress(AlreadyDecidedError):  # by a second tap, for which this has waited
            restore(double, by, now)


def doubles_of(kept_id: int) -> list[Double]:
    """What has become one with it, oldest first, with who decided it."""
    rows = select(Double).where(Double.kept_id == kept_id).order_by(Double.decision_id)
    relations = (joinedload(Double.activity), joinedload(Double.decision).joinedload(Decision.by))
    return list(db.session.scalars(rows.options(*relations)))


def may_be_doubles(activity: Activity, viewer: Person) -> list[Activity]:
    """Of the same stage, and what the viewer may decide about: those with most words of the title in common first, then
    those of the same owner, then the newest. No more than the newest are looked at."""
    area = viewer.moderated_municipality_ids
    others = select(Activity.id, Activity.title, Activity.owner_id).where(
        Activity.stage_id == activity.stage_id,
        Activity.id != activity.id,
        is_visible(Activity.id),
        ~is_made_by(viewer.id, Activity),
    )
    if area is not None:
        theirs = select(takes_part.c.contribution_id).where(takes_part.c.municipality_id.in_(area))
        others = others.where(Activity.id.in_(theirs))
    words = set(activity.title.casefold().split())
    found = [
        (-len(words & set(title.casefold().split())), owner_id != activity.owner_id, -number)
        for number, title, owner_id in db.session.execute(
            others.order_by(Activity.id.desc()).limit(_MOST_READ)
        )
    ]
    numbers = [-place[2] for place in sorted(found)[:_MOST_SHOWN]]
    by_id = {one.id: one for one in activities_for_rows(numbers)}
    return [by_id[number] for number in numbers if number in by_id]


def _demand_same(double: Activity, kept: Activity) -> None:
    try:
        demand_visible(double)
        demand_visible(kept)
    except ClosedError as error:
        raise NoDoubleError("away") from error
    if double.stage_id != kept.stage_id:
        raise NoDoubleError("stage")
    numbers = {double.id, kept.id}
    reported = set(
        db.session.scalars(select(Activity.id).where(Activity.id.in_(numbers), is_reported(Activity.id)))
    )
    if reported == {double.id}:
        raise NoDoubleError("reported")
    if db.session.scalar(select(Undertaking.activity_id).where(Undertaking.activity_id == double.id)):
        raise NoDoubleError("challenge")
