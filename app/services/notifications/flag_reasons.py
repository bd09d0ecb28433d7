"""The wording of each reason for flagging or hiding, and of each verdict: one row for each of `FLAG_REASONS` and
`Verdict` (app/models/moderation.py)."""

from typing import Final, NamedTuple

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.models.moderation import Verdict


class FlagReason(NamedTuple):
    #: What the forms, the queue and the log call it.
    label: LazyString
    #: What the author reads; None where the moderator's own text must say it.
    to_author: LazyString | None


REASONS_IN_WORDS: Final = {
    "personal_data": FlagReason(_l("Personal data"), _l("It tells too much about somebody.")),
    "consent": FlagReason(_l("Consent is missing"), _l("Somebody in the picture has not agreed.")),
    "tone": FlagReason(_l("Unkind tone"), _l("The tone hurts somebody.")),
    "off_topic": FlagReason(_l("Does not belong here"), _l("It does not belong here.")),
    "spam": FlagReason(_l("Advertising"), _l("It advertises something.")),
    "wrong": FlagReason(_l("Not true"), _l("Something in it is not right.")),
    "other": FlagReason(_l("Something else"), None),
}


def reason_to_author(reason: str) -> str:
    """The sentence in the reader's language; empty where there is none."""
    row = REASONS_IN_WORDS.get(reason)
    return str(row.to_author or "") if row else ""


def reason_label(reason: str) -> str:
    """Its name in the reader's language; empty for none."""
    row = REASONS_IN_WORDS.get(reason)
    return str(row.label) if row else ""


_VERDICTS_IN_WORDS: Final = {
    Verdict.KEEP: _l("Kept"),
    Verdict.ASK: _l("Asked for a change"),
    Verdict.HIDE: _l("Hidden"),
    Verdict.RESTORE: _l("Shown again"),
    Verdict.UPHOLD: _l("Still hidden"),
    Verdict.REOPEN: _l("Undone"),
    Verdict.SET_ASIDE: _l("Set aside until somebody looks"),
    Verdict.WITHHOLD: _l("Picture withheld"),
    Verdict.RELEASE: _l("Picture shown again"),
    Verdict.KEEP_WITHHELD: _l("Picture still withheld"),
    Verdict.MERGE: _l("Made one with its double"),
    Verdict.CHECK: _l("Waits to be published"),
    Verdict.PUBLISH: _l("Published"),
}


def verdict_words(verdict: str) -> str:
    """What has been decided, in the reader's language."""
    return str(_VERDICTS_IN_WORDS[Verdict(verdict)])
