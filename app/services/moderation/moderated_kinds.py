"""The kinds of contributions that can be flagged, hidden and shown again: one row a kind.

A row says how moderation loads the thing itself; its card in the queue is `moderation/kinds/_<kind>.html`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.contribution import Contributed, Contribution, ContributionKind, wait_for_turn
from app.models.person import Person
from app.services.activities.removal import show_activity_again, take_down_activity
from app.services.activities.report import award_what_waited
from app.services.activities.tips import settle_tip, tips_for_log, visible_tip, whole_tips
from app.services.activities.visibility import visible_activity
from app.services.activities.wholes import activities_with_owners, whole_activities
from app.services.challenges import announcement
from app.services.challenges.visibility import visible_challenge, whole_challenges
from app.services.conversation.removal import settle_comment, wait_for_comment
from app.services.conversation.thanks import settle_thanks
from app.services.conversation.thanks_read import visible_thanks, whole_thanks
from app.services.conversation.thread import comments_for_log, visible_comment, whole_comments
from app.services.moderation.activity_cards import activity_cards
from app.services.sums.turns import wait_for_all_around, wait_for_tip


def _to_its_moderators(_number: int, _moderator: Person) -> bool:
    return True


@dataclass(frozen=True)
class ModeratedKind:
    """`find_visible` gives the thing with that number if the viewer may see it; `load` gives many to decide about, with
    all that their pages show, `load_cards` what their cards show of them, and `load_for_log` what the log says. `wait`
    makes all who would change anything around it wait. `take_down` takes it from where others find it, after its
    removal is written, and `show_again` puts it back, after that is deleted and its points are given again. What is not
    for everybody `is_open_to` its moderators only when somebody has asked them to look."""

    find_visible: Callable[[int, Person], Any]
    load: Callable[[Collection[int]], Iterable[Any]]
    load_cards: Callable[[Collection[int]], Iterable[Any]]
    load_for_log: Callable[[Collection[int]], Iterable[Any]]
    wait: Callable[[Any], None]
    take_down: Callable[[Any, datetime], None]
    show_again: Callable[[Any, datetime], None]
    is_open_to: Callable[[int, Person], bool] = _to_its_moderators


MODERATED_KINDS: Final = {
    ContributionKind.ACTIVITY: ModeratedKind(
        visible_activity,
        whole_activities,
        activity_cards,
        activities_with_owners,
        wait_for_all_around,
        take_down_activity,
        show_activity_again,
    ),
    ContributionKind.CHALLENGE: ModeratedKind(
        visible_challenge,
        whole_challenges,
        whole_challenges,
        whole_challenges,
        lambda challenge: wait_for_turn(challenge.id),
        announcement.take_down,
        announcement.show_again,
    ),
    ContributionKind.TIP: ModeratedKind(
        visible_tip, whole_tips, whole_tips, tips_for_log, wait_for_tip, settle_tip, settle_tip
    ),
    ContributionKind.COMMENT: ModeratedKind(
        visible_comment,
        whole_comments,
        whole_comments,
        comments_for_log,
        wait_for_comment,
        settle_comment,
        settle_comment,
    ),
    ContributionKind.THANKS: ModeratedKind(
        visible_thanks,
        whole_thanks,
        whole_thanks,
        whole_thanks,
        lambda thanks: wait_for_turn(thanks.id),
        settle_thanks,
        settle_thanks,
        lambda number, moderator: visible_thanks(number, moderator) is not None,
    ),
}


def find_visible(contribution_id: int, viewer: Person) -> Any:
    """The thing itself, or None when there is none or the viewer may not see it."""
    kind = db.session.scalar(select(Contribution.kind).where(Contribution.id == contribution_id))
    return kind and MODERATED_KINDS[ContributionKind(kind)].find_visible(contribution_id, viewer)


def is_open_to(moderator: Person, contribution_id: int, kind: str) -> bool:
    """Whether somebody who moderates where it belongs may read it."""
    return MODERATED_KINDS[ContributionKind(kind)].is_open_to(contribution_id, moderator)


def load_contributed(kinds: Mapping[int, str]) -> dict[int, Any]:
    """The things by number, from each one's number and kind: a few queries for each kind, however many they are."""
    return _load(kinds, lambda kind: kind.load)


def load_cards(kinds: Mapping[int, str]) -> dict[int, Any]:
    """The same with no more than what the queue shows and asks."""
    return _load(kinds, lambda kind: kind.load_cards)


def load_for_log(kinds: Mapping[int, str]) -> dict[int, Any]:
    """The same with no more than title, path, removal and who made it."""
    return _load(kinds, lambda kind: kind.load_for_log)


def _load(
    kinds: Mapping[int, str], loader: Callable[[ModeratedKind], Callable[[Collection[int]], Iterable[Any]]]
) -> dict[int, Any]:
    things: dict[int, Any] = {}
    for kind in set(kinds.values()):
        numbers = [number for number, its_kind in kinds.items() if its_kind == kind]
        things |= {thing.id: thing for thing in loader(MODERATED_KINDS[ContributionKind(kind)])(numbers)}
    return things


def wait_for_all_of(thing: Contributed) -> None:
    """Wait for it and for all that changes when it goes out of sight or comes back, in the order of the house."""
    MODERATED_KINDS[thing.kind].wait(thing)


def take_down(thing: Contributed, now: datetime) -> None:
    """Take it from where others find it, and out of what is counted."""
    MODERATED_KINDS[thing.kind].take_down(thing, now)


def earn_what_waited(thing: Contributed, since: datetime, now: datetime) -> None:
    """What has been written since it began to wait, and is published now. Other kinds earn when they are shown."""
    if isinstance(thing, Activity):
        award_what_waited(thing, since, now)


def show_again(thing: Contributed, now: datetime) -> None:
    """Put it back where others find it, and into what is counted."""
    MODERATED_KINDS[thing.kind].show_again(thing, now)
