"""What a borrowed idea earns those who had it, by the policy's reason `borrowed`."""

from datetime import datetime

from sqlalchemy import func, select

from app.extensions import db
from app.models.activity import Activity, activities_of
from app.models.adoption import Adoption
from app.models.programme import Programme
from app.services.points.ledger import wait_for_ledger
from app.services.programme.clock import programme_zone, start_of_day


def points_for_borrowing(origin: Activity, now: datetime) -> int:
    """What each of those who made it earns when it is borrowed now. Nothing without a policy, and when one of them has
    reached the day's cap: then nothing for any of them, so that one figure says what the adoption is worth.

    What was taken back since still counts toward the cap: it is decided when it happens.
    """
    programme = Programme.current()
    rule = programme.points.get("borrowed") if programme else None
    if not rule:
        return 0
    wait_for_ledger()
    most = max(_borrowed_today(person_id, now) for person_id in origin.owner_ids())
    return int(rule["points"]) if most < rule.get("daily", most + 1) else 0


def _borrowed_today(person_id: int, now: datetime) -> int:
    """How often ideas of that person have earned on this day of the programme's calendar."""
    today = Adoption.at >= start_of_day(now, programme_zone())
    theirs = Adoption.origin_id.in_(activities_of(person_id))
    count = select(func.count()).where(theirs, today, Adoption.points > 0)
    return db.session.scalar(count) or 0
