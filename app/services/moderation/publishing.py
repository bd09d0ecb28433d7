"""When the programme no longer wants anything looked at first, what waits for that is published."""

from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy import select

from app.extensions import db
from app.models.contribution import Contribution, Removal, is_withdrawn
from app.models.programme import Programme
from app.services.moderation.acts import AlreadyDecidedError
from app.services.moderation.decide import publish
from app.services.moderation.moderated_kinds import load_contributed

log = structlog.get_logger()


def publish_what_no_longer_waits(now: datetime, *, commit: Callable[[], None]) -> None:
    """Nothing while any check is on. One that fails keeps no other waiting; loading the file again tries it again."""
    programme = Programme.current()
    if programme is None or programme.checks:
        return
    waiting = (
        select(Contribution.id, Contribution.kind)
        .join(Removal, Removal.contribution_id == Contribution.id)
        .where(Removal.waits, ~is_withdrawn(Contribution.id))
        .order_by(Contribution.id)
    )
    rows = db.session.execute(waiting).all()
    commit()
    for contribution_id, kind in rows:
        try:
            (thing,) = load_contributed({contribution_id: kind}).values()
            publish(thing, None, now)
            commit()
        except AlreadyDecidedError:
            db.session.rollback()
        except Exception:
            log.exception("what waits could not be published", contribution=contribution_id)
            db.session.rollback()
