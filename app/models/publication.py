"""What rests by a rule until somebody has looked, above all before it is published."""

from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, exists, select

from app.extensions import db
from app.models.contribution import ContributionId, Removal, is_withdrawn
from app.models.moderation import Decision, Verdict, removal_of


def check_of(contribution_id: int) -> Decision | None:
    """The rule's decision by which it waits to be looked at before it is published, if it does."""
    removal = removal_of(contribution_id)
    return removal.decision if removal and removal.waits else None


def is_set_aside(contribution_id: int) -> bool:
    """Whether it rests because many have flagged it, and nobody has looked yet."""
    removal = removal_of(contribution_id)
    return removal is not None and removal.decision.verdict == Verdict.SET_ASIDE


def is_workable(contribution_id: ContributionId) -> ColumnElement[bool]:
    """Condition: its makers may go on with it. Everybody may see it, or it waits to be looked at before that."""
    closed = exists().where(Removal.contribution_id == contribution_id, ~Removal.waits)
    return ~closed & ~is_withdrawn(contribution_id)


_BEGINS_OR_ENDS_A_WAIT: Final = (Verdict.CHECK, Verdict.PUBLISH, Verdict.KEEP, Verdict.RESTORE)


def unpublished_since(hidden_by: Decision) -> datetime | None:
    """Since when it has waited to be published, if the decision that keeps it out of sight is a part of that wait."""
    its = (Decision.contribution_id == hidden_by.contribution_id, Decision.id <= hidden_by.id)
    query = select(Decision.verdict, Decision.at).where(*its, Decision.verdict.in_(_BEGINS_OR_ENDS_A_WAIT))
    last = db.session.execute(query.order_by(Decision.id.desc()).limit(1)).one_or_none()
    return last.at if last and last.verdict == Verdict.CHECK else None


def is_unpublished(hidden_by: Decision) -> bool:
    """Whether nobody has seen it yet, and so nothing has been earned that could stay or go."""
    return unpublished_since(hidden_by) is not None
