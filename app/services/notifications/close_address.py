"""The address by which one person closes out one activity without signing in, from a push or a mail.

It is signed, names the activity, the person and the day that it asks about, and lasts for seven days. It opens nothing
else: what it may do is in app/services/activities/close_out.py.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final

from itsdangerous import BadData, URLSafeSerializer

from app.models.close_out import Choice

#: How long it lasts, from when the person is told.
LASTS: Final = timedelta(days=7)
#: No other signature of ours is one for this.
_SALT: Final = "close out an activity"
_DAY_ONE: Final = date(2020, 1, 1)


@dataclass(frozen=True)
class CloseToken:
    """What an address stands for. The same one always has the same address, so that a push that is sent again, and the
    mail beside it, lead to the same place."""

    activity_id: int
    person_id: int
    #: The day that the activity was planned for.
    day: date
    until: datetime


def close_address(
    activity_id: int, person_id: int, day: date, *, since: datetime, secret: str, base_url: str = ""
) -> str:
    """The address of the page that asks; a path without a `base_url`. It lasts from `since`, the moment when the person
    was told (`Notification.created_at`)."""
    days, until = (day - _DAY_ONE).days, int((since + LASTS).timestamp())
    return f"{base_url}/close/{_serializer(secret).dumps([activity_id, person_id, days, until])}"


def close_addresses(address: str) -> dict[Choice, str]:
    """The same with each answer in front: for the links of a mail. They only say which button comes first."""
    return {choice: f"{address}?choice={choice}" for choice in Choice}


def read_close_token(token: str, *, secret: str, now: datetime) -> CloseToken | None:
    """None when it is not ours, is for something else, or has run out."""
    try:
        activity_id, person_id, days, until = _serializer(secret).loads(token)
    except BadData:
        return None
    ends = datetime.fromtimestamp(until, UTC)
    return CloseToken(activity_id, person_id, _DAY_ONE + timedelta(days=days), ends) if now < ends else None


@lru_cache(maxsize=4)
def _serializer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=_SALT)
