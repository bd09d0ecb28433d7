"""What a push service's answer means for the message and for the subscription."""

from dataclasses import dataclass
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from typing import Final, Literal

from app import clock

ResultKind = Literal["delivered", "gone", "retry", "ours", "refused"]

#: The longest wait that a service may ask for: an older message is out of date.
LONGEST_WAIT: Final = timedelta(days=7)

_BY_STATUS: Final[dict[int, ResultKind]] = {
    # They do not accept our token: its key, its times or its contact. The subscription may be as good as ever.
    400: "ours",
    401: "ours",
    403: "ours",
    404: "gone",
    410: "gone",
    # Windows' push service throttles by 406; 421 says that a connection led to the wrong machine.
    406: "retry",
    408: "retry",
    421: "retry",
    425: "retry",
    429: "retry",
}


@dataclass(frozen=True, slots=True)
class PushResult:
    """What became of one message.

    `delivered`: the push service took it. `gone`: the subscription is dead, drop it. `retry`: try again, not before
    `retry_after` if it is given. `ours`: something of this installation is to be mended first (its key, its clock, its
    contact, or a fault in the code); keep everything. `refused`: trying this message again is useless. `detail` says
    why, as one line fit to be stored.
    """

    id: int
    kind: ResultKind
    status: int | None = None
    retry_after: timedelta | None = None
    detail: str = ""


def read_answer(message_id: int, status: int, retry_after: str | None, detail: str) -> PushResult:
    """The meaning of a status. Whatever else it is, an answer that says when to come again is no final one.

    A redirect counts as refused: following it would bypass the check of the endpoint.
    """
    kind = _BY_STATUS.get(status) or _by_class(status)
    wait = read_retry_after(retry_after) if kind != "delivered" and retry_after else None
    return PushResult(message_id, kind if wait is None else "retry", status, wait, detail)


def read_retry_after(value: str) -> timedelta | None:
    """Seconds or an HTTP date (RFC 9110, section 10.2.3) as a wait from now; None when it is neither."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(timedelta(seconds=min(int(value[:12]), 10**9)), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(value)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(timedelta(0), min(moment - clock.now(), LONGEST_WAIT))
    except (ValueError, TypeError, IndexError, OverflowError):
        # An endpoint is the user's input and may answer anything.
        return None


def _by_class(status: int) -> ResultKind:
    if 200 <= status < 300:
        return "delivered"
    return "retry" if status >= 500 else "refused"
