"""What becomes of an open challenge when its days are changed: those who change them are told before it happens."""

from datetime import date
from enum import StrEnum

from app.models.challenge import Challenge


class DaysEffect(StrEnum):
    """It closes, since its last day would have passed; it is not open yet; or one that was neither is open again."""

    CLOSES = "closes"
    NOT_YET = "not_yet"
    OPENS = "opens"


def effect_of_days(challenge: Challenge, opens_on: date, closes_on: date, today: date) -> DaysEffect | None:
    """What these days would make of it today; None when they change nothing in that, or when it is not the days that
    keep it closed."""
    if challenge.is_draft or challenge.closed_at:
        return None
    is_open, stays_open = challenge.is_open(today), opens_on <= today <= closes_on
    if is_open == stays_open:
        return None
    if stays_open:
        return DaysEffect.OPENS
    return DaysEffect.CLOSES if closes_on < today else DaysEffect.NOT_YET
