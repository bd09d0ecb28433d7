"""One file per aggregate; importing the package makes every table known."""

from app.models import (
    activity,
    challenge,
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
    square,
    stage,
    tip,
)

__all__ = [
    "activity",
    "challenge",
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
    "square",
    "stage",
    "tip",
]
