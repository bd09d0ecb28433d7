"""Why something is flagged or hidden, in words: one row a reason of `FLAG_REASONS` (app/models/moderation.py)."""

from typing import Final, NamedTuple

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString


class FlagReason(NamedTuple):
    #: How the forms, the queue and the log name it.
    label: LazyString
    #: What its author reads; None where the moderator's own words must say it.
    to_author: LazyString | None


REASONS_IN_WORDS: Final = {
    "consent": FlagReason(_l("Consent is missing"), _l("Somebody in the picture has not agreed.")),
    "personal_data": FlagReason(_l("Personal data"), _l("It tells too much about somebody.")),
    "tone": FlagReason(_l("Unkind tone"), _l("The tone hurts somebody.")),
    "off_topic": FlagReason(_l("Does not belong here"), _l("It does not belong here.")),
    "other": FlagReason(_l("Something else"), None),
}


def reason_to_author(reason: str) -> str:
    """The sentence in the reader's language; empty where there is none."""
    known = REASONS_IN_WORDS.get(reason)
    return str(known.to_author or "") if known else ""


def reason_label(reason: str) -> str:
    """Its name in the reader's language; empty for none."""
    known = REASONS_IN_WORDS.get(reason)
    return str(known.label) if known else ""
