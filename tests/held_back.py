"""The seconds in which a decision can be taken back unnoticed are over."""

from datetime import datetime, timedelta

from app.extensions import db
from app.services.notifications.held import tell_what_is_due
from tests.factories import NOW


def let_it_be_told(now: datetime = NOW + timedelta(days=100)) -> None:
    """The worker tells what was held back until now."""
    tell_what_is_due(now, commit=db.session.flush)
