"""Activities that have ended, written straight into the tables: what comes of it is not what is tested."""

from app.extensions import db
from app.models.activity import Activity
from app.models.contribution import Removal
from app.models.moderation import Decision
from app.models.outcome import Outcome
from tests.factories import NOW


def hide(activity: Activity, by_id: int) -> None:
    decision = Decision(
        contribution_id=activity.id, by_id=by_id, verdict="hide", reason="tone", text="Skriv om", at=NOW
    )
    db.session.add(decision)
    db.session.flush()
    db.session.add(Removal(contribution_id=activity.id, decision_id=decision.id, at=NOW))
    db.session.commit()


def report(activity: Activity) -> None:
    db.session.add(
        Outcome(activity_id=activity.id, by_id=activity.owner_id, at=NOW, carried_out=True, rating=4)
    )
    db.session.commit()
