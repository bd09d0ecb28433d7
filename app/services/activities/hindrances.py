"""What came in between, in words: one row for each `Hindrance` (app/models/outcome.py)."""

from typing import Final

from flask_babel import lazy_gettext as _l

from app.models.outcome import Hindrance

HINDRANCES: Final = {
    Hindrance.TIME: _l("There was not enough time"),
    Hindrance.NOBODY_CAME: _l("Nobody came"),
    Hindrance.DECISION: _l("A decision was slow to come"),
    Hindrance.OTHER: _l("Something else"),
}


def hindrance_in_words(hindrance: str | None) -> str:
    """In the reader's language; empty when nobody has said it."""
    return str(HINDRANCES[Hindrance(hindrance)]) if hindrance else ""
