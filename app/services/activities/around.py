"""What there is around an activity, and what of it is its reader's, as one row: most have little of it, and a page asks
only for what there is."""

from typing import Any, Final, NamedTuple

from sqlalchemy import BindParameter, bindparam, exists, func, select

from app.extensions import db
from app.models.activity import Activity
from app.models.adoption import Adoption
from app.models.best_practice import BestPractice
from app.models.contribution import Cheer
from app.models.follow import Follow
from app.models.tip import HeededTip
from app.models.undertaking import Undertaking
from app.services.activities.visibility import POINTS_GIVEN


class Around(NamedTuple):
    takes_on_challenge: bool
    heeds_tips: bool
    is_best_practice: bool
    #: What it is borrowed from, and the first of that chain; None when it is nobody's but its owner's.
    origin_id: int | None
    root_id: int | None
    #: All points for it, less those taken back, of all who took part.
    points: int
    #: How the reader has cheered for it.
    cheer: str | None
    #: Whether the reader follows it.
    is_followed: bool


_ACTIVITY: Final[BindParameter[Any]] = bindparam("activity_id")
_READER: Final[BindParameter[Any]] = bindparam("reader_id")
#: The columns are in the order of `Around`.
_AROUND: Final = (
    select(
        exists().where(Undertaking.activity_id == _ACTIVITY),
        exists().where(HeededTip.activity_id == _ACTIVITY),
        exists().where(BestPractice.contribution_id == _ACTIVITY),
        Adoption.origin_id,
        Adoption.root_id,
        func.coalesce(POINTS_GIVEN.scalar_subquery(), 0),
        Cheer.kind,
        exists().where(Follow.activity_id == _ACTIVITY, Follow.person_id == _READER),
    )
    .select_from(Activity)
    .outerjoin(Adoption, Adoption.activity_id == Activity.id)
    .outerjoin(Cheer, (Cheer.contribution_id == Activity.id) & (Cheer.person_id == _READER))
    .where(Activity.id == _ACTIVITY)
)


def around(activity_id: int, reader_id: int) -> Around:
    """Of an activity that there is."""
    asked = {"activity_id": activity_id, "reader_id": reader_id}
    return Around._make(db.session.connection().execute(_AROUND, asked).one())
