"""Tells the operator what push services hold against this installation: its key, its contact or its clock."""

from typing import Final

import structlog

from app.gateways.push.answers import PushResult

_CHECK: Final = (
    "the clock of this machine; that VAPID_SUBJECT is a contact that exists; that VAPID_PRIVATE_KEY is the key that "
    "devices subscribed with. After `push keys --replace` each device is refused until its owner opens the app again."
)

log = structlog.get_logger()


class Complaints:
    """Complaints of one run: each push service's is logged once, not once for each message."""

    def __init__(self) -> None:
        self._logged: set[tuple[str, int]] = set()

    def note(self, endpoint: str, result: PushResult) -> None:
        """Log the answer if it is a complaint, and the first of its kind."""
        service = "/".join(endpoint.split("/", 3)[:3])
        if result.kind != "ours" or result.status is None or (service, result.status) in self._logged:
            return
        self._logged.add((service, result.status))
        log.error(
            "a push service refuses our messages; they wait",
            service=service,
            answer=f"{result.status} {result.detail}".strip(),
            check=_CHECK,
        )
