"""The running figures of ideas that spread: what is counted, where, and what it earned those who had the ideas."""

from typing import Any

from sqlalchemy import func, literal, select, union_all, update

from app import clock
from app.extensions import db
from app.models.activity import Activity, CoOwner
from app.models.adoption import Adoption, IdeaSpread
from app.models.contribution import is_hidden, is_visible
from app.models.ledger import PointEntry
from app.services.sums.adoptions import credit_origin
from app.services.upkeep.running_figures import RunningFigure, in_table

_KEY = ("root_id", "municipality_id")


def _counted() -> Any:
    return select(Adoption.activity_id, literal(1)).where(Adoption.is_counted)


def _belonging() -> Any:
    return select(Adoption.activity_id, literal(1)).where(is_visible(Adoption.activity_id))


def _rebuild_counted() -> None:
    correction = update(Adoption).values(is_counted=is_visible(Adoption.activity_id))
    db.session.execute(correction, execution_options={"synchronize_session": False})


def _spread() -> Any:
    return select(IdeaSpread.root_id, IdeaSpread.municipality_id, IdeaSpread.adoptions)


def _spread_anew() -> Any:
    return (
        select(Adoption.root_id, Activity.municipality_id, func.count())
        .join(Activity, Activity.id == Adoption.activity_id)
        .where(is_visible(Adoption.activity_id))
        .group_by(Adoption.root_id, Activity.municipality_id)
    )


def _earned() -> Any:
    """While an origin is hidden, moderation has its points, and nothing is settled."""
    entry = PointEntry
    return (
        select(entry.person_id, entry.contribution_id, func.sum(entry.points))
        .where(entry.reason == "borrowed", ~is_hidden(entry.contribution_id))
        .group_by(entry.person_id, entry.contribution_id)
    )


def _earned_anew() -> Any:
    makers = union_all(
        select(Activity.id.label("activity_id"), Activity.owner_id.label("person_id")),
        select(CoOwner.activity_id, CoOwner.person_id).where(CoOwner.is_partner),
    ).subquery()
    return (
        select(makers.c.person_id, Adoption.origin_id, func.sum(Adoption.points))
        .join(makers, makers.c.activity_id == Adoption.origin_id)
        .where(is_visible(Adoption.activity_id), ~is_hidden(Adoption.origin_id))
        .group_by(makers.c.person_id, Adoption.origin_id)
    )


def _credit_anew() -> None:
    """The ledger is never rewritten: what is missing or too much is one more entry, of today."""
    for origin_id in db.session.scalars(select(Adoption.origin_id).distinct()).all():
        credit_origin(origin_id, clock.now())


FIGURES = (
    RunningFigure(("adoption", "activity"), _counted, _belonging, _rebuild_counted),
    RunningFigure(
        ("idea_spread", "root", "municipality"),
        _spread,
        _spread_anew,
        in_table(IdeaSpread, _KEY, "adoptions", _spread_anew),
    ),
    RunningFigure(("borrowed points", "person", "activity"), _earned, _earned_anew, _credit_anew),
)
