"""What a moderator decides about: what their municipalities take part in, and nothing of their own."""

from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.models.activity import is_made_by
from app.models.contribution import Contribution, is_moderated_by, is_withdrawn
from app.models.person import Person


def parameters_of(viewer: Person) -> dict[str, Any]:
    """What the queries of queues are given."""
    return {"viewer_id": viewer.id, "area": list(viewer.moderated_municipality_ids or ())}


def reviewable_kind(contribution_id: int, viewer: Person) -> str | None:
    """The kind of that contribution, if the viewer may decide about it: nobody reads what its author has taken back."""
    is_there = (Contribution.id == contribution_id, ~is_withdrawn(Contribution.id))
    in_area = (is_moderated_by(viewer, Contribution.id), ~is_made_by(viewer.id, Contribution))
    return db.session.scalar(select(Contribution.kind).where(*is_there, *in_area))
