"""Surveys that have been released with the figures that a test wants to see shown, and no ballots."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from app.extensions import db
from app.models.survey import Sentiment, Survey
from app.services.survey.limits import at_limit
from tests.factories import stage

CLOSED_AT = datetime(2026, 9, 28, 6, tzinfo=UTC)
WORDS = (
    ("Gemenskap", 58, "positive"),
    ("Samarbete", 47, "positive"),
    ("Otydligt", 29, "negative"),
    ("Möten", 5, "neutral"),
)

_WORD = ("word", "count", "sentiment")


def indices_of(figures: Sequence[int]) -> dict[str, int]:
    """Engagement, understanding and use."""
    return dict(zip(("engagement", "understanding", "use"), figures, strict=True))


def cell(*places: str, n: int = 20, figures: Sequence[int] = (60, 50, 40)) -> dict[str, Any]:
    """A municipality that stands alone, or several together."""
    return {"municipalities": sorted(places), "n": n, "indices": indices_of(figures)}


#: What most tests show: three that stand alone.
ALONE = (cell("bjuv"), cell("klippan"), cell("helsingborg", n=173))


def make_released(
    number: int = 2,
    cells: Sequence[dict[str, Any]] = ALONE,
    *,
    figures: Sequence[int] = (60, 50, 40),
    words: Sequence[tuple[str, int, str]] | None = WORDS,
    balance: Sequence[int] = (62, 13, 25),
    writers: int = 100,
    others: int | None = 248,
) -> Survey:
    """The survey of that stage as closing leaves it. Without `cells` the indices are withheld, and without `words` they
    and the balance."""
    survey = Survey(stage=stage(number), statements=[], public_key=b"", opened_at=CLOSED_AT)
    survey.ends_on, survey.answered_fives, survey.closed_at = stage(number).activate_on, 0, CLOSED_AT
    survey.snapshot = {
        "cells": list(cells),
        "indices": indices_of(figures) if cells else None,
        "words": None if words is None else [dict(zip(_WORD, one, strict=True)) for one in words],
        "others": others if words else None,
        "balance": None if words is None else _shares(balance, writers),
    }
    db.session.add(survey)
    db.session.commit()
    return survey


def _shares(balance: Sequence[int], writers: int) -> dict[str, dict[str, Any]]:
    shares = zip(Sentiment, balance, strict=True)
    return {one: {"value": share, "at": at_limit(share, writers)} for one, share in shares}
