"""The one source of "now" (UTC) and of the programme's local time.

Everything stored is UTC; dates that people see and choose are in the programme's time zone.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present moment in UTC, without microseconds, which SQLite and browsers would round differently."""
    return datetime.now(UTC).replace(microsecond=0)


def local(moment: datetime, zone: str) -> datetime:
    """The same moment on the programme's clock; `zone` is an IANA name such as `Europe/Stockholm`."""
    return moment.astimezone(ZoneInfo(zone))


def local_date(moment: datetime, zone: str) -> date:
    """The programme's calendar day at that moment."""
    return local(moment, zone).date()
