"""A stage's board: opened as the stage begins, with the policy that holds from then on; closed as its last day ends."""

from datetime import datetime

from app.extensions import db
from app.models.board import keep_pools
from app.models.programme import Programme
from app.models.stage import Stage
from app.services.points.ledger import wait_for_ledger
from app.services.points.members import count_everybody


def open_board(stage: Stage, at: datetime) -> None:
    """Its points follow the programme's policy as it is now, whatever a file says later; its divisors count those who
    had signed in before `at`."""
    programme = Programme.current()
    wait_for_ledger()
    stage.opened_at, stage.points = at, programme.points if programme else {}
    db.session.flush()
    count_everybody(stage)


def close_board(stage: Stage, at: datetime) -> None:
    """Freeze it (PRODUCT: who moves, leaves or is hidden later does not change them)."""
    wait_for_ledger()
    if stage.opened_at is None:  # it is over before anybody noticed that it began
        open_board(stage, at)
    stage.closed_at = at
    db.session.flush()
    keep_pools(stage.id)
