"""The running figures of comments: which of them count, and how many each thing has."""

from typing import Any

from sqlalchemy import Integer, cast, func, select, update

from app.extensions import db
from app.models.comment import Comment
from app.models.contribution import Contribution, is_visible
from app.services.upkeep.running_figures import RunningFigure, in_column


def _visible() -> Any:
    return select(Comment.about_id, func.count()).where(is_visible(Comment.id)).group_by(Comment.about_id)


def _mark_again() -> None:
    marks = update(Comment).values(is_counted=is_visible(Comment.id))
    db.session.execute(marks, execution_options={"synchronize_session": False})


FIGURES = (
    RunningFigure(
        ("is_counted", "comment"),
        lambda: select(Comment.id, cast(Comment.is_counted, Integer)),
        lambda: select(Comment.id, cast(is_visible(Comment.id), Integer)),
        _mark_again,
    ),
    RunningFigure(
        ("comment_count", "contribution"),
        lambda: select(Contribution.id, Contribution.comment_count).where(Contribution.comment_count > 0),
        _visible,
        in_column(
            Contribution,
            Contribution.comment_count,
            lambda: select(func.count()).where(Comment.about_id == Contribution.id, is_visible(Comment.id)),
        ),
    ),
)
