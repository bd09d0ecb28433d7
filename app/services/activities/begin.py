"""Everything that happens when a plan is sent for the first time: the plan itself, and what it is tied to."""

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.models.activity import Activity
from app.models.person import Person
from app.models.stage import Stage
from app.services.activities.alike import AskedAlreadyError, ask_to_join_forces, plan_alike
from app.services.activities.locking import ClosedError
from app.services.activities.plan import Plan, TooManyAskedError, plan_activity
from app.services.programme.clock import local_today


@dataclass(frozen=True)
class Ties:
    """The idea that the plan is borrowed from, and the numbers of plans alike whose owners are asked to join forces."""

    idea: Activity | None = None
    alike: Collection[int] = ()


NO_TIES: Final = Ties()


def begin_activity(
    owner: Person,
    plan: Plan,
    colleagues: Iterable[Person] = (),
    *,
    ties: Ties = NO_TIES,
    stage: Stage,
    request_key: str,
    now: datetime,
) -> Activity:
    """Plan it as `plan_activity` does, and tie it. A retry ties nothing twice; what came to an end in the meantime does
    not stop the plan."""
    activity = plan_activity(
        owner,
        plan,
        colleagues,
        idea=ties.idea,
        beside=ties.alike,
        stage=stage,
        request_key=request_key,
        now=now,
    )
    for number in sorted(ties.alike):
        _ask(activity, number, owner, now)
    return activity


def _ask(activity: Activity, other_id: int, owner: Person, now: datetime) -> None:
    other = plan_alike(activity, other_id, local_today(now))
    if other:
        with suppress(AskedAlreadyError, ClosedError, TooManyAskedError):
            ask_to_join_forces(activity, other, by=owner, now=now)
