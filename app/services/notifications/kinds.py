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

from app.models.notification import Group, Kind
from app.services.notifications import coming_wording, wording
from app.services.notifications.playbook_wording import own_message, step_of_playbook, survey
from app.services.notifications.review_wording import review
from app.services.notifications.wording import Parameters, Words

_l = lazy_gettext


class Switch(NamedTuple):
    """A switch on the settings page that turns off pushes and mail of a group of kinds."""

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
    #: One for each key and local day, which says how many there are (firsts.py).
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


def _with_a_lesson(parameters: Mapping[str, Any]) -> bool:
    return bool(parameters.get("lesson"))


def _to_who_comes_along(parameters: Mapping[str, Any]) -> bool:
    """They are told that it has gone out of sight: called off it is named once more, hidden it has no title."""
    return bool(parameters.get("coming")) and parameters.get("event") not in ("withdrawn", "hidden")


@dataclass(frozen=True, kw_only=True)
class NotificationKind:
    #: Makes title and body from the parameters given to `notify`; called with the reader's language forced.
    words: Callable[[Parameters], Words]
    #: The inbox's icon, a symbol of app/static/icons/sprite.svg.
    icon: str
    #: The CSS class of the icon's colour (app/static/css/components/hues.css).
    hue: str
    #: None when it cannot be switched off.
    group: Group | None
    #: Whether somebody asks something of the person in person, or tells them what cannot wait. Such a push goes at once
    #: within their hours; what nobody has asked of them waits for one of their two slots of a day.
    at_once: bool = False
    #: Whether it goes at any hour, and counts in no limit of the day: whoever gets it has just asked for it.
    at_any_hour: bool = False
    #: False: it is in the inbox only.
    pushed: bool = True
    #: The urgency of its push; a push for several notifications has the highest of theirs.
    urgency: Urgency = Urgency.NORMAL
    #: Whether it is kept when somebody opens one. What leads to the survey is opened just before it is answered.
    opening_is_timed: bool = True
    #: Whether it is about a plan that is to be carried out or reported, so that it is pushed only while it is.
    is_about_open_plan: bool = False
    #: Which notifications of the kind a person gets only once.
    merge: Merge = Merge.BY_KEY
    #: Whether it is answered on the spot, at an address of its own (delivery/answering.py): so it goes as a push of its
    #: own. Its parameters are those that the address needs.
    is_answered: bool = False
    #: Whether, with these parameters, it shows the title of `contribution_id` to somebody who did not make that. Such a
    #: title is withheld after the thing has been hidden or withdrawn.
    names_to_others: Callable[[Mapping[str, Any]], bool] = _never


# fmt: off
GROUPS: Final[dict[Group, Switch]] = {
    Group.STAGE: Switch(_l("The stage and the programme office"), _l("Start, change of phase, end, and messages")),
    Group.PLANS: Switch(_l("Your plans"), _l("The day before, and the day after: how did it go?")),
    Group.TOGETHER: Switch(_l("What you do together"), _l("Invitations, comments, answers, and what is moved")),
    Group.THANKS: Switch(_l("Sparks and thanks"), _l("When somebody likes what you do or borrows it, and badges")),
    Group.CHALLENGES: Switch(_l("Challenges and suggestions"), _l("What became of yours, and what fits you")),
    Group.SURVEY: Switch(_l("The engagement survey"), _l("When it opens, at most two reminders, and what came out")),
    Group.REVIEWS: Switch(_l("Reviews and questions"), _l("When yours has been reviewed, and about points")),
}

KINDS: Final[dict[Kind, NotificationKind]] = {
    Kind.STAGE: NotificationKind(
        words=step_of_playbook, icon="journey", hue="k-sund", group=Group.STAGE,
        names_to_others=_with_a_lesson,
    ),
    Kind.INVITATION: NotificationKind(
        words=wording.invitation, icon="people", hue="k-ljung", group=Group.TOGETHER, at_once=True,
        names_to_others=_always,
    ),
    Kind.ANSWER: NotificationKind(
        words=wording.answer_to_invitation, icon="people", hue="k-bok", group=Group.TOGETHER,
    ),
    Kind.CHANGE: NotificationKind(
        words=coming_wording.change_of_plan, icon="cal", hue="k-sund", group=Group.TOGETHER, at_once=True,
        names_to_others=_to_who_comes_along,
    ),
    Kind.COMING: NotificationKind(
        words=coming_wording.somebody_comes, icon="people", hue="k-bok", group=Group.TOGETHER, urgency=Urgency.LOW,
        merge=Merge.BY_DAY,
    ),
    Kind.CHEER: NotificationKind(
        words=wording.spark, icon="spark-on", hue="k-raps", group=Group.THANKS, urgency=Urgency.LOW,
        merge=Merge.BY_DAY,
    ),
    Kind.THANKS: NotificationKind(
        words=wording.thanks, icon="spark-on", hue="k-bok", group=Group.THANKS, urgency=Urgency.LOW,
        merge=Merge.BY_DAY, names_to_others=_always,
    ),
    Kind.COMMENT: NotificationKind(
        words=wording.comment, icon="chat", hue="k-sund", group=Group.TOGETHER, merge=Merge.BY_DAY,
        names_to_others=_always,
    ),
    Kind.MENTION: NotificationKind(
        words=wording.comment, icon="chat", hue="k-ljung", group=Group.TOGETHER, at_once=True,
        names_to_others=_always,
    ),
    Kind.IDEA: NotificationKind(
        words=wording.idea, icon="bookmark-on", hue="k-bok", group=Group.THANKS, merge=Merge.BY_DAY,
    ),
    Kind.TIP: NotificationKind(
        words=wording.heeded_tip, icon="tip", hue="k-bok", group=Group.THANKS, urgency=Urgency.LOW,
        merge=Merge.BY_DAY,
    ),
    Kind.MODERATION: NotificationKind(
        words=review, icon="shield", hue="k-tegel", group=Group.REVIEWS,
        names_to_others=_to_who_flagged_it,
    ),
    Kind.CHALLENGE: NotificationKind(
        words=wording.challenge, icon="challenge", hue="k-ljung", group=Group.CHALLENGES,
        names_to_others=_of_a_new_one,
    ),
    Kind.BADGE: NotificationKind(
        words=wording.badge, icon="medal", hue="k-raps", group=Group.THANKS, urgency=Urgency.LOW,
    ),
    Kind.POINTS: NotificationKind(
        words=wording.question_about_points, icon="spark-on", hue="k-raps", group=Group.REVIEWS, at_once=True,
    ),
    Kind.SURVEY: NotificationKind(
        words=survey, icon="survey", hue="k-sund", group=Group.SURVEY, opening_is_timed=False,
    ),
    Kind.PLAN: NotificationKind(
        words=step_of_playbook, icon="cal", hue="k-sund", group=Group.PLANS, is_about_open_plan=True,
        names_to_others=_to_who_comes_along,
    ),
    Kind.CLOSE_OUT: NotificationKind(
        words=step_of_playbook, icon="check", hue="k-bok", group=Group.PLANS, is_about_open_plan=True,
        is_answered=True,
    ),
    Kind.SUGGESTION: NotificationKind(
        words=step_of_playbook, icon="plus", hue="k-ljung", group=Group.CHALLENGES, urgency=Urgency.LOW,
        names_to_others=_always,
    ),
    Kind.SUMMARY: NotificationKind(
        words=step_of_playbook, icon="shield", hue="k-sund", group=Group.REVIEWS,
    ),
    Kind.MESSAGE: NotificationKind(
        words=own_message, icon="mail", hue="k-ljung", group=Group.STAGE,
    ),
    # Sent at once to whoever asks for it (delivery/message.py, stages/trials.py), so there is nothing to switch off.
    Kind.TEST: NotificationKind(
        words=wording.trial, icon="bell", hue="k-bok", group=None, at_once=True, at_any_hour=True,
        urgency=Urgency.HIGH,
    ),
}
# fmt: on

#: The kinds that go at any hour, and those that wait for a slot, by name.
AT_ANY_HOUR: Final = frozenset(kind.value for kind, row in KINDS.items() if row.at_any_hour)
SLOTTED: Final = frozenset(kind.value for kind, row in KINDS.items() if not row.at_once)


def kind_named(name: str) -> NotificationKind:
    """The row of a notification's `kind`."""
    return KINDS[Kind(name)]


def is_muted(kind: str, muted_groups: Collection[str]) -> bool:
    """Whether somebody who has switched off those groups takes no push and no mail of that kind."""
    group = kind_named(kind).group
    return group is not None and group.value in muted_groups


def words_of(kind: str, parameters: dict[str, Any], language: str, *, taken_away: bool = False) -> Words:
    """Title and body in that language (`sv` or `en`); without the thing's title if it has been taken away since.

    Parameters that an older version did not write are empty.
    """
    with force_locale(language):
        return words_here(kind, parameters, taken_away=taken_away)


def words_here(kind: str, parameters: dict[str, Any], *, taken_away: bool = False) -> Words:
    """The same in the language of the page."""
    if taken_away:
        parameters = parameters | {"title": "", "taken_away": True}
    return kind_named(kind).words(defaultdict(str, parameters))
