"""Idéns väg: where an idea has spread, step by step, and how it came out in each place."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, NamedTuple

from sqlalchemy import bindparam, func, select, tuple_
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.extensions import db
from app.models.activity import Activity
from app.models.adoption import Adoption, IdeaSpread
from app.models.contribution import is_visible
from app.models.paging import PAGE_SIZE, Page, prepared_page
from app.models.tip import Tip, TipKind
from app.services.activities.visibility import whole_activity
from app.services.activities.wholes import WHETHER_VISIBLE

#: Up to this rating, what went wrong teaches more than what worked.
_BAD: Final = 2


class Reach(NamedTuple):
    """How often an idea has been borrowed, and in how many municipalities."""

    adoptions: int
    municipalities: int


@dataclass(frozen=True)
class Borrowing:
    """One who borrowed. `origin` is None while that is hidden or withdrawn; `is_later`: not directly from the first."""

    activity: Activity
    origin: Activity | None
    branch_id: int

    @property
    def is_later(self) -> bool:
        return self.branch_id != self.activity.id


_ROOT: Final = select(Adoption.root_id).where(Adoption.activity_id == bindparam("activity_id"))
_VISIBLE: Final = select(Activity).where(
    Activity.id.in_(bindparam("activity_ids", expanding=True)), is_visible(Activity.id)
)
_REACH: Final = select(func.coalesce(func.sum(IdeaSpread.adoptions), 0), func.count()).where(
    IdeaSpread.root_id == bindparam("root_id"), IdeaSpread.adoptions > 0
)
_PLACE: Final = (Adoption.branch_id, Adoption.activity_id)
_BORROWINGS: Final = (
    select(Adoption)
    .join(Adoption.activity)
    .options(
        contains_eager(Adoption.activity).options(
            joinedload(Activity.owner, innerjoin=True),
            joinedload(Activity.outcome),
            selectinload(Activity.tips).options(*WHETHER_VISIBLE),
        )
    )
    .where(Adoption.root_id == bindparam("root_id"), is_visible(Adoption.activity_id))
    .where(tuple_(*_PLACE) > tuple_(bindparam("branch_id"), bindparam("activity_id")))
    .order_by(*_PLACE)
    .limit(bindparam("size"))
)


def root_of(activity_id: int) -> int:
    """The first of its chain; itself when nobody borrowed it from another."""
    return db.session.connection().scalar(_ROOT, {"activity_id": activity_id}) or activity_id


def reach_of(root_id: int) -> Reach:
    """From the running counts: one row for each municipality, however often it was borrowed."""
    return Reach._make(db.session.connection().execute(_REACH, {"root_id": root_id}).one())


def visible_root(root_id: int) -> Activity | None:
    """The first of the chain with all its relations, unless it is hidden or withdrawn."""
    root = whole_activity(root_id)
    return root if root and root.is_visible else None


def spread_page(root_id: int, last: tuple[int, int] | None = None, size: int = PAGE_SIZE) -> Page[Borrowing]:
    """Who has borrowed it, directly or of one another, each branch together, in the order in which they began. `last`
    is the branch and the activity of the last one seen."""
    branch_id, activity_id = last or (0, 0)
    seen = {"root_id": root_id, "branch_id": branch_id, "activity_id": activity_id}
    rows: Page[Adoption] = prepared_page(_BORROWINGS, seen, size)
    origins = _visible({row.origin_id for row in rows.items})
    steps = [Borrowing(row.activity, origins.get(row.origin_id), row.branch_id) for row in rows.items]
    return Page(steps, rows.has_more)


def _visible(activity_ids: Collection[int]) -> dict[int, Activity]:
    origins = db.session.scalars(_VISIBLE, {"activity_ids": list(activity_ids)}) if activity_ids else ()
    return {activity.id: activity for activity in origins}


def changes(copy: Activity, root: Activity) -> list[str]:
    """What the copy says otherwise than the first of the chain: its title, its place and whom it was for."""
    pairs = ((getattr(copy, column), getattr(root, column)) for column in ("title", "place", "audience"))
    return [ours for ours, theirs in pairs if ours and ours.casefold() != theirs.casefold()]


def chief_lesson(activity: Activity) -> Tip | None:
    """The one lesson to show: what to avoid where it went badly, and what worked elsewhere."""
    rating = activity.outcome.rating if activity.outcome else None
    went_badly = not activity.is_carried_out or (rating or 0) <= _BAD
    first = TipKind.PITFALL if went_badly else TipKind.SUCCESS
    return min(activity.lessons, key=lambda tip: tip.kind_of_tip != first, default=None)
