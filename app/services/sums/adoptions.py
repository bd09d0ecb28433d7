"""Where ideas have spread, and what that earns those who had them (PRODUCT: "whose idea do you borrow?")."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import select, update

from app.extensions import db
from app.models.activity import Activity
from app.models.adoption import Adoption, IdeaSpread
from app.models.contribution import is_visible, wait_for_turn
from app.models.ledger import PointEntry
from app.models.upsert import upsert
from app.services.points import award

_REASON = "borrowed"


def settle_adoptions(activity: Activity, now: datetime) -> None:
    """Both as the one that borrows and as the one that others borrowed."""
    adoption = db.session.get(Adoption, activity.id, populate_existing=True)
    if adoption:
        _count(adoption, activity)
        credit_origin(adoption.origin_id, now, only=activity.id)
    credit_origin(activity.id, now)


def credit_origin(origin_id: int, now: datetime, only: int | None = None) -> None:
    """Make what those who made it have for each borrowing (or for `only` that one) be what was decided, and nothing for
    one that is out of sight. While it is hidden itself moderation has its points: they are made right when it is shown.

    The borrowing waits for its turn before the borrowed, never the other way round.
    """
    borrowings = _worth(origin_id, only)
    if not borrowings:
        return
    wait_for_turn(origin_id)
    if not db.session.scalar(select(is_visible(origin_id))):
        return
    origin = db.session.get_one(Activity, origin_id)
    earned, makers = _earned(origin_id), len(origin.owner_ids())
    for activity_id, stage_id, points in _worth(origin_id, only):
        if earned[activity_id] != points * makers:
            award.credit(origin, _cause(activity_id), _REASON, points, stage_id, now)


def _count(adoption: Adoption, activity: Activity) -> None:
    """In its municipality, while it is visible. The change is made in the database: two may borrow at once."""
    visible = bool(db.session.scalar(select(is_visible(activity.id))))
    if adoption.is_counted is visible:
        return
    adoption.is_counted = visible
    place = {"root_id": adoption.root_id, "municipality_id": activity.municipality_id}
    if visible:
        one_more = upsert(IdeaSpread).values(**place, adoptions=1)
        more = {"adoptions": IdeaSpread.adoptions + 1}
        db.session.execute(one_more.on_conflict_do_update(index_elements=[*place], set_=more))
    else:
        one_less = update(IdeaSpread).filter_by(**place).values(adoptions=IdeaSpread.adoptions - 1)
        db.session.execute(one_less, execution_options={"synchronize_session": False})
    db.session.flush()


def _worth(origin_id: int, only: int | None) -> list[tuple[int, int, int]]:
    """Of each borrowing its number, its stage, and what each maker of the origin should have for it by now."""
    query = (
        select(Adoption.activity_id, Activity.stage_id, Adoption.points, is_visible(Adoption.activity_id))
        .join(Activity, Activity.id == Adoption.activity_id)
        .where(Adoption.origin_id == origin_id, Adoption.points > 0)
        .order_by(Adoption.activity_id)
    )
    if only:
        query = query.where(Adoption.activity_id == only)
    return [(number, stage, points * visible) for number, stage, points, visible in db.session.execute(query)]


def _earned(origin_id: int) -> dict[int, int]:
    """What all its makers together have for each borrowing."""
    earned: dict[int, int] = defaultdict(int)
    entries = select(PointEntry.source, PointEntry.points).where(
        PointEntry.contribution_id == origin_id, PointEntry.reason == _REASON
    )
    for source, points in db.session.execute(entries):
        earned[int(source.partition(":")[2].partition("#")[0])] += points
    return earned


def _cause(activity_id: int) -> str:
    return f"borrowed:{activity_id}"
