"""What is tied to an activity: most have nothing of it, and an empty answer costs as much as a full one."""

from typing import Final, NamedTuple

from sqlalchemy import Integer, bindparam, exists, select

from app.extensions import db
from app.models.adoption import Adoption
from app.models.credit import Credit
from app.models.tip import HeededTip, Tip
from app.models.undertaking import Undertaking
from app.services.sums.undone_reports import may_rest


class Tied(NamedTuple):
    """Of which there is any."""

    undertaking: bool
    adoption: bool
    heeds: bool
    lessons: bool
    credits: bool
    #: Of what its report has earned something rests, or may have to.
    rest: bool


_ACTIVITY_ID: Final = bindparam("activity_id", type_=Integer)
_TIED: Final = select(
    *(
        exists().where(table.activity_id == _ACTIVITY_ID)
        for table in (Undertaking, Adoption, HeededTip, Tip, Credit)
    ),
    may_rest(_ACTIVITY_ID),
)


def tied_to(activity_id: int) -> Tied:
    return Tied._make(db.session.execute(_TIED, {"activity_id": activity_id}).one())
