"""What a screen in a lobby may show: sums, and what coordinators lifted as models for all, as far as the people shown
agreed that everybody may see it. Nobody is named."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload, selectinload

from app.extensions import db
from app.models.activity import Activity
from app.models.best_practice import BestPractice, is_best_practice
from app.models.contribution import ContributionId, is_visible
from app.models.outcome import Photo, may_be_public
from app.models.stage_figure import StageFigure
from app.services.sums.shares import ALL

#: How many take turns.
MOST_SHOWN: Final = 12


def public_best_practices(since: datetime) -> list[int]:
    """Numbers of the activities that take turns: the latest that were lifted since then, newest first."""
    number = BestPractice.contribution_id
    rows = select(number).where(BestPractice.at >= since, _is_released(number))
    newest_first = rows.order_by(BestPractice.at.desc(), number.desc())
    return list(db.session.scalars(newest_first.limit(MOST_SHOWN)))


def public_best_practice(activity_id: int) -> Activity | None:
    """One of them with what a screen shows of it: its pictures, its story, and where it was done."""
    relations = (
        joinedload(Activity.value, innerjoin=True),
        joinedload(Activity.outcome),
        selectinload(Activity.municipalities),
        selectinload(Activity.photos),
    )
    query = select(Activity).where(Activity.id == activity_id, _is_public(Activity.id))
    return db.session.scalar(query.options(*relations))


def is_public_picture(key: str) -> bool:
    """Whether it belongs to one of them. One query, by the key's index."""
    picture = select(Photo.id).where(Photo.key == key, Photo.is_for_all, _is_public(Photo.activity_id))
    return db.session.scalar(picture) is not None


def carried_out(stage_ids: Collection[int]) -> dict[int, int]:
    """How many activities have been carried out in each of these stages, from the running sums."""
    rows = select(StageFigure.stage_id, StageFigure.carried_out).where(
        StageFigure.stage_id.in_(stage_ids), StageFigure.scope == ALL
    )
    return dict(db.session.execute(rows).all())


def _is_public(activity_id: ContributionId) -> ColumnElement[bool]:
    return is_best_practice(activity_id) & _is_released(activity_id)


def _is_released(activity_id: ContributionId) -> ColumnElement[bool]:
    """The same for what is known to be lifted."""
    return may_be_public(activity_id) & is_visible(activity_id)
