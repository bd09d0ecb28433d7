"""One file per aggregate; importing the package makes every table known."""

from app.models import (
    activity,
    challenge,
    challenge_template,
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
)

__all__ = [
    "activity",
    "challenge",
    "challenge_template",
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
]
