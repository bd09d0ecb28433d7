"""What follows from taking on a challenge: how far each municipality has come, the points of the promise, and who is
asked for approval; all of it as it should be by now (PRODUCT: Challenge)."""

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Integer, bindparam, select, update

from app.extensions import db
from app.models.activity import Activity
from app.models.completion import is_completed, promises_of, waits_for_review
from app.models.contribution import is_visible
from app.models.undertaking import ChallengeProgress, Undertaking
from app.models.upsert import upsert
from app.services.points import award
from app.services.sums.review_call import call_for_review

_KEY = ["challenge_id", "municipality_id"]
_BY_NOW: Final = select(
    Undertaking, is_visible(Undertaking.activity_id), is_completed(), waits_for_review()
).where(Undertaking.activity_id == bindparam("activity_id"))
_PROMISES: Final = promises_of(bindparam("person_id", type_=Integer), bindparam("challenge_id"))


class _Counted(NamedTuple):
    """In which of the two counts an undertaking is."""

    taken_on: bool
    completed: bool


def settle_undertaking(activity: Activity, now: datetime) -> None:
    """Count it where it belongs by now, give or take the points that were promised, and call for a review if it has
    come to wait for one."""
    found = db.session.execute(
        _BY_NOW, {"activity_id": activity.id}, execution_options={"populate_existing": True}
    ).first()
    if found is None:
        return
    undertaking, visible, completed, waits = found
    for person_id in sorted(activity.owner_ids()):
        balance_promises(person_id, undertaking.challenge_id, now)
    _count(undertaking, activity.municipality_id, _Counted(visible, completed))
    _wait(undertaking, activity, waits, now)
    db.session.flush()


def balance_promises(person_id: int, challenge_id: int, now: datetime) -> None:
    """A challenge earns a person once, however often they have done it: by the first that is completed. What is hidden
    or withdrawn keeps its entries, which are reversed as a whole."""
    has_earned = False
    which = {"person_id": person_id, "challenge_id": challenge_id}
    for activity_id, points, completed, visible in db.session.execute(_PROMISES, which).all():
        if visible:
            activity = db.session.get_one(Activity, activity_id)
            earns = points if completed and not has_earned else 0
            award.balance_challenge(activity, person_id, earns, now)
        has_earned |= completed


def untie(undertaking: Undertaking, activity: Activity) -> None:
    """Take it out of what is counted, and delete it: the promise goes, the activity stays."""
    db.session.refresh(undertaking)
    _count(undertaking, activity.municipality_id, _Counted(taken_on=False, completed=False))
    db.session.delete(undertaking)
    db.session.flush()


def _count(undertaking: Undertaking, municipality_id: int, now_counted: _Counted) -> None:
    before = _Counted(undertaking.is_standing, undertaking.is_counted)
    if now_counted == before:
        return
    undertaking.is_standing, undertaking.is_counted = now_counted
    _add(
        undertaking.challenge_id,
        municipality_id,
        taken_on=now_counted.taken_on - before.taken_on,
        completed=now_counted.completed - before.completed,
    )


def _add(challenge_id: int, municipality_id: int, *, taken_on: int, completed: int) -> None:
    """In the database and not in Python: two may report at once."""
    row = ChallengeProgress
    key = {"challenge_id": challenge_id, "municipality_id": municipality_id}
    empty = upsert(row).values(**key, taken_on=0, completed=0)
    db.session.execute(empty.on_conflict_do_nothing(index_elements=_KEY))
    here = update(row).where(row.challenge_id == challenge_id, row.municipality_id == municipality_id)
    db.session.execute(
        here.values(taken_on=row.taken_on + taken_on, completed=row.completed + completed),
        execution_options={"synchronize_session": False},
    )


def _wait(undertaking: Undertaking, activity: Activity, waits: bool, now: datetime) -> None:
    if waits and undertaking.waits_since is None:
        undertaking.waits_since = now
        call_for_review(activity, now)
    elif not waits:
        undertaking.waits_since = None
