"""The kinds of notification: everything that the product knows about one is its row here.

A new kind is a name in `Kind` (app/models/notification.py), a row below, and its words in wording.py.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any, Final, NamedTuple

from flask_babel import force_locale, lazy_gettext
from flask_babel.speaklater import LazyString

from app.models.notification import Kind
from app.services.notifications import wording
from app.services.notifications.wording import Parameters, Words

_l = lazy_gettext


class Switch(NamedTuple):
    """A switch on the settings page, by which a person does without pushes of the kind."""

    label: LazyString
    explanation: LazyString


class Urgency(StrEnum):
    """What a push may cost a phone's battery (RFC 8030, 5.3), rising; a low one may wait until the phone is awake."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class Merge(Enum):
    """When several of a kind become one in a person's inbox. A device gets one push for all that is due to it anyway,
    whatever their kinds."""

    #: One for each key: the same again tells nobody twice.
    BY_KEY = "by key"
    #: One for each key and local day; whoever sends the next one writes into the first how many more there are.
    BY_DAY = "by day"


def _never(_parameters: Mapping[str, Any]) -> bool:
    return False


def _always(_parameters: Mapping[str, Any]) -> bool:
    return True


def _to_who_flagged_it(parameters: Mapping[str, Any]) -> bool:
    """Not to moderators and authors, who may read on what has been hidden."""
    return parameters.get("event") == "looked_at" and bool(parameters["title"])


@dataclass(frozen=True, kw_only=True)
class NotificationKind:
    #: Title and body, from the parameters that `notify` was given; called within the reader's language.
    words: Callable[[Parameters], Words]
    #: A symbol of app/static/icons/sprite.svg: how the inbox shows it.
    icon: str
    #: The class of the symbol's colour (app/static/css/components/hues.css).
    hue: str
    #: None when it cannot be switched off.
    switch: Switch | None
    #: False: it is in the inbox only.
    pushed: bool = True
    #: Of its push; one push for several is as urgent as the most urgent of them.
    urgency: Urgency = Urgency.NORMAL
    #: What of it a person is told only once.
    merge: Merge = Merge.BY_KEY
    #: Whether, with these parameters, it shows a title (of `contribution_id`) to somebody without a part in it. Such a
    #: title is withheld once the thing has been hidden or withdrawn.
    names_to_others: Callable[[Mapping[str, Any]], bool] = _never


# fmt: off
KINDS: Final[dict[Kind, NotificationKind]] = {
    Kind.STAGE: NotificationKind(
        words=wording.phase_of_stage, icon="journey", hue="k-sund",
        switch=Switch(_l("The important dates of the stage"), _l("Start, change of phase and end")),
    ),
    Kind.INVITATION: NotificationKind(
        words=wording.invitation, icon="people", hue="k-ljung", names_to_others=_always,
        switch=Switch(_l("Invitations"), _l("When a colleague wants to do something with you")),
    ),
    Kind.ANSWER: NotificationKind(
        words=wording.answer_to_invitation, icon="people", hue="k-bok",
        switch=Switch(_l("Answers to your invitations"), _l("Whether they are in")),
    ),
    Kind.CHANGE: NotificationKind(
        words=wording.change_of_plan, icon="cal", hue="k-sund",
        switch=Switch(_l("Changes to what you do together"), _l("When it is moved or called off")),
    ),
    Kind.CHEER: NotificationKind(
        words=wording.spark, icon="spark-on", hue="k-raps", urgency=Urgency.LOW, merge=Merge.BY_DAY,
        switch=Switch(_l("Sparks"), _l("When somebody likes what you do")),
    ),
    Kind.MODERATION: NotificationKind(
        words=wording.review, icon="shield", hue="k-tegel", names_to_others=_to_who_flagged_it,
        switch=Switch(_l("Reviews"), _l("When something of yours, or that you reported, has been reviewed")),
    ),
    # Sent at once to whoever asks for it (delivery/message.py), so there is nothing to switch off.
    Kind.TEST: NotificationKind(
        words=wording.trial, icon="bell", hue="k-bok", urgency=Urgency.HIGH, switch=None,
    ),
}
# fmt: on

#: The kinds that a person can do without, in the order of the settings page.
SWITCHABLE: Final = {kind: row.switch for kind, row in KINDS.items() if row.switch}


def kind_named(name: str) -> NotificationKind:
    """The row of a notification's `kind`."""
    return KINDS[Kind(name)]


def words_of(kind: str, parameters: dict[str, Any], language: str, *, taken_away: bool = False) -> Words:
    """Title and body in that language (`sv` or `en`); without the thing's title when it has been taken away since.

    A parameter that an older version did not write is left out.
    """
    if taken_away:
        parameters = parameters | {"title": "", "taken_away": True}
    with force_locale(language):
        return kind_named(kind).words(defaultdict(str, parameters))
