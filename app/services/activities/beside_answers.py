"""What a plan has beside its answers, for the form that changes it: one query, since most plans have little of it."""

from typing import Final, NamedTuple

from sqlalchemy import bindparam, exists, select

from app.extensions import db
from app.models.activity import Activity
from app.models.tip import HeededTip
from app.models.undertaking import Undertaking


class BesideAnswers(NamedTuple):
    #: The numbers of the tips that it takes into account.
    heeded: list[int]
    takes_on_challenge: bool


_BESIDE: Final = (
    select(HeededTip.tip_id, exists().where(Undertaking.activity_id == Activity.id))
    .select_from(Activity)
    .outerjoin(HeededTip, HeededTip.activity_id == Activity.id)
    .where(Activity.id == bindparam("activity_id"))
    .order_by(HeededTip.tip_id)
)


def beside_answers(activity_id: int) -> BesideAnswers:
    """Of an activity that there is."""
    rows = db.session.connection().execute(_BESIDE, {"activity_id": activity_id}).all()
    return BesideAnswers([tip_id for tip_id, _takes_on in rows if tip_id], rows[0][1])
