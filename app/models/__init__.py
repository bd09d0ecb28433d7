"""One file per aggregate; importing the package makes every table known."""

from app.models import (
    activity,
    contribution,
    feed,
    job,
    ledger,
    moderation,
    notification,
    outcome,
    person,
    programme,
    sign_in,
    stage,
)

__all__ = [
    "activity",
    "contribution",
    "feed",
    "job",
    "ledger",
    "moderation",
    "notification",
    "outcome",
    "person",
    "programme",
    "sign_in",
    "stage",
]
