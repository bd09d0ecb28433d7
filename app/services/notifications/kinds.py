"""The kinds of notification: everything that the product knows about one is its row here.

A new kind is a name in `Kind` (app/models/notification.py), a row below, and its text in wording.py.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
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
    """A switch on the settings page that turns off pushes of the kind."""

    label: LazyString
    explanation: LazyString


class Urgency(StrEnum):
    """How much battery a push may use (RFC 8030, 5.3), lowest first. A low one may wait until the phone is awake."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class Merge(Enum):
    """Which notifications of a kind become one in a person's inbox. (Pushes are merged anyway: a device gets one push
    for all that is due to it, whatever their kinds, but for those that go alone.)"""

    #: At most one for each key, ever: the same again is not told.
    BY_KEY = "by key"
    #: One for each key and local day. The service that sends more writes into the first how many there are.
    BY_DAY = "by day"


def _never(_parameters: Mapping[str, Any]) -> bool:
    return False


def _always(_parameters: Mapping[str, Any]) -> bool:
    return True


def _to_who_flagged_it(parameters: Mapping[str, Any]) -> bool:
    """Moderators and authors may still read what has been hidden; somebody who flagged it may not."""
    return parameters.get("event") == "looked_at" and bool(parameters["title"])


def _of_a_new_one(parameters: Mapping[str, Any]) -> bool:
    return parameters.get("event") == "new"


@dataclass(frozen=True, kw_only=True)
class NotificationKind:
    #: Makes title and body from the parameters given to `notify`; called with the reader's language forced.
    words: Callable[[Parameters], Words]
    #: The inbox's icon, a symbol of app/static/icons/sprite.svg.
    icon: str
    #: The CSS class of the icon's colour (app/static/css/components/hues.css).
    hue: str
    #: None when it cannot be switched off.
    switch: Switch | None
    #: False: it is in the inbox only.
    pushed: bool = True
    #: The urgency of its push; a push for several notifications has the highest of theirs.
    urgency: Urgency = Urgency.NORMAL
    #: Whether it is kept when somebody opens one. What leads to the survey is opened just before it is answered.
    opening_is_timed: bool = True
    #: Which notifications of the kind a person gets only once.
    merge: Merge = Merge.BY_KEY
    #: Whether it is answered on the spot, at an address of its own (delivery/answering.py): so it goes as a push of its
    #: own. Its parameters are those that the address needs.
    is_answered: bool = False
    #: Whether, with these parameters, it shows the title of `contribution_id` to somebody who did not make that. Such a
    #: title is withheld after the thing has been hidden or withdrawn.
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
    Kind.CLOSE_OUT: NotificationKind(
        words=wording.close_out, icon="check", hue="k-raps", is_answered=True,
        switch=Switch(_l("How it went"), _l("The day after something that you have planned")),
    ),
    Kind.CHEER: NotificationKind(
        words=wording.spark, icon="spark-on", hue="k-raps", urgency=Urgency.LOW, merge=Merge.BY_DAY,
        switch=Switch(_l("Sparks"), _l("When somebody likes what you do")),
    ),
    Kind.IDEA: NotificationKind(
        words=wording.idea, icon="bookmark-on", hue="k-bok", merge=Merge.BY_DAY,
        switch=Switch(_l("Your ideas"), _l("When somebody borrows one, or it becomes a best practice")),
    ),
    Kind.TIP: NotificationKind(
        words=wording.heeded_tip, icon="tip", hue="k-bok", urgency=Urgency.LOW, merge=Merge.BY_DAY,
        switch=Switch(_l("Your tips"), _l("When a colleague takes a tip of yours into account")),
    ),
    Kind.MODERATION: NotificationKind(
        words=wording.review, icon="shield", hue="k-tegel", names_to_others=_to_who_flagged_it,
        switch=Switch(_l("Reviews"), _l("When something of yours, or that you reported, has been reviewed")),
    ),
    Kind.CHALLENGE: NotificationKind(
        words=wording.challenge, icon="challenge", hue="k-ljung", names_to_others=_of_a_new_one,
        switch=Switch(_l("Challenges"), _l("What became of yours, and once a week a new one that fits you")),
    ),
    Kind.BADGE: NotificationKind(
        words=wording.badge, icon="medal", hue="k-raps", urgency=Urgency.LOW,
        switch=Switch(_l("Badges"), _l("When you have earned one")),
    ),
    Kind.POINTS: NotificationKind(
        words=wording.question_about_points, icon="spark-on", hue="k-raps",
        switch=Switch(_l("Questions about points"), _l("When somebody asks you, or has answered you")),
    ),
    Kind.SURVEY: NotificationKind(
        words=wording.survey, icon="survey", hue="k-sund", opening_is_timed=False,
        switch=Switch(_l("The engagement survey"), _l("When it opens, at most two reminders, and what came out")),
    ),
    # Sent at once to whoever asks for it (delivery/message.py), so there is nothing to switch off.
    Kind.TEST: NotificationKind(
        words=wording.trial, icon="bell", hue="k-bok", urgency=Urgency.HIGH, switch=None,
    ),
}
# fmt: on

#: The kinds that a person can switch off, in the order of the settings page.
SWITCHABLE: Final = {kind: row.switch for kind, row in KINDS.items() if row.switch}


def kind_named(name: str) -> NotificationKind:
    """The row of a notification's `kind`."""
    return KINDS[Kind(name)]


def takes(muted_kinds: Collection[str], kind: Kind) -> bool:
    """Whether somebody who has switched those off is pushed to of that kind."""
    return kind.value not in muted_kinds


def words_of(kind: str, parameters: dict[str, Any], language: str, *, taken_away: bool = False) -> Words:
    """Title and body in that language (`sv` or `en`); without the thing's title if it has been taken away since.

    Parameters that an older version did not write are empty.
    """
    if taken_away:
        parameters = parameters | {"title": "", "taken_away": True}
    with force_locale(language):
        return kind_named(kind).words(defaultdict(str, parameters))
