"""One file per aggregate; importing the package makes every table known."""

from app.models import activity, feed, ledger, moderation, notification, outcome, person, programme, sign_in, stage

__all__ = ["activity", "feed", "ledger", "moderation", "notification", "outcome", "person", "programme", "sign_in", "stage"]
