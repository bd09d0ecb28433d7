"""Steps that stand alone: what fails in one of them is undone, and the others go on."""

from collections.abc import Callable

import structlog

from app.extensions import db

log = structlog.get_logger()


def succeeds(step: Callable[[], object], *, failing: str, **about: object) -> bool:
    """Take one step of several in a savepoint. If it fails, it alone is undone, and the log says `failing`."""
    try:
        with db.session.begin_nested():
            step()
    except Exception:
        log.exception(failing, **about)
        return False
    return True
