"""The inboxes in the order of time: the demonstration tells some of its stories after others."""

from sqlalchemy import bindparam, select, update

from app.extensions import db
from app.models.notification import Notification


def put_in_order() -> None:
    """Number the notifications as if each had been written at its moment; nothing refers to them yet."""
    numbers = db.session.scalars(
        select(Notification.id).order_by(Notification.created_at, Notification.id)
    ).all()
    if not numbers:
        return
    renumber = update(Notification).where(Notification.id == bindparam("old")).values(id=bindparam("new"))
    beyond = max(numbers)
    for offset in (beyond, 0):
        # By way of numbers that nobody has.
        moves = [
            {"old": old if offset else beyond + place, "new": offset + place}
            for place, old in enumerate(numbers, 1)
        ]
        db.session.connection().execute(renumber, moves)
    db.session.expire_all()
