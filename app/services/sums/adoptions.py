"""Where ideas have spread (PRODUCT: "whose idea do you borrow?")."""

from typing import Final

from sqlalchemy import bindparam, select, update

from app.extensions import db
from app.models.activity import Activity
from app.models.adoption import Adoption, IdeaSpread
from app.models.contribution import is_visible
from app.models.upsert import upsert

_BY_NOW: Final = select(Adoption, is_visible(Adoption.activity_id)).where(
    Adoption.activity_id == bindparam("activity_id")
)
_AFRESH: Final = {"populate_existing": True}


def count_adoption(activity: Activity) -> None:
    """Count what it has borrowed in its municipality, while it is visible. The change is made in the database: two may
    borrow at once."""
    found = db.session.execute(_BY_NOW, {"activity_id": activity.id}, execution_options=_AFRESH).first()
    if found is None:
        return
    adoption, visible = found
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
