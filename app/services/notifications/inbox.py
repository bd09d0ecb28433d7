"""What a person has been told, newest first, and what they have opened."""

from collections.abc import Iterable, Sequence, Set
from datetime import datetime
from typing import Any, NamedTuple, Protocol, TypeVar

from sqlalchemy import ColumnElement, bindparam, exists, select, update

from app.extensions import db
from app.models.activity import Activity
from app.models.challenge import is_draft_challenge
from app.models.comment import is_out_of_reach
from app.models.contribution import Contribution, is_visible
from app.models.notification import Notification
from app.models.outcome import is_reported
from app.models.paging import LAST_NUMBER, Page, page_of_prepared
from app.models.person import Person
from app.models.tip import Tip, is_shown
from app.services.notifications.kinds import kind_named
from app.services.notifications.step_sums import count_opened


class NotificationContent(Protocol):
    """What a notification says, whether it is a row of the inbox or a delivery."""

    @property
    def kind(self) -> str: ...
    @property
    def parameters(self) -> dict[str, Any]: ...


_Content = TypeVar("_Content", bound=NotificationContent)


class Told(NamedTuple):
    """A notification as the inbox lists it."""

    id: int
    person_id: int
    kind: str
    parameters: dict[str, Any]
    created_at: datetime
    is_unread: bool


#: In the order of `Told`.
_NEWEST = (
    select(
        Notification.id,
        Notification.person_id,
        Notification.kind,
        Notification.parameters,
        Notification.created_at,
        Notification.is_unread,
    )
    .where(Notification.person_id == bindparam("person_id"), Notification.id < bindparam("before"))
    .order_by(Notification.id.desc())
    .limit(bindparam("size"))
)
_GONE = select(Contribution.id).where(
    Contribution.id.in_(bindparam("contribution_ids", expanding=True)),
    ~is_visible(Contribution.id)
    | is_draft_challenge(Contribution.id)
    | is_out_of_reach(Contribution.id)
    | exists().where(Tip.id == Contribution.id, ~is_shown(Tip)),
)

_OPEN_PLANS = select(Activity.id, Activity.planned_for).where(
    Activity.id.in_(bindparam("activity_ids", expanding=True)),
    Activity.planned_for.is_not(None),
    is_visible(Activity.id),
    ~is_reported(Activity.id),
)


def notifications(person_id: int, before: int | None) -> Page[Told]:
    """The newest ones of the person, or those older than the one numbered `before`."""
    rows = page_of_prepared(_NEWEST, {"person_id": person_id, "before": before or LAST_NUMBER})
    return Page([Told._make(row) for row in rows.items], rows.has_more)


def contents_to_withhold(contents: Iterable[_Content]) -> list[_Content]:
    """Those whose title may no longer be shown: they name a thing to somebody who did not make it, and it has been
    hidden or withdrawn since."""
    naming = [content for content in contents if kind_named(content.kind).names_to_others(content.parameters)]
    taken_away = _taken_away({_contribution_id(content) for content in naming})
    return [content for content in naming if _contribution_id(content) in taken_away]


def reminders_too_late(contents: Iterable[_Content]) -> list[_Content]:
    """Those about a plan that has since been reported, moved, hidden or withdrawn."""
    reminders = [
        content
        for content in contents
        if kind_named(content.kind).is_about_open_plan and _contribution_id(content)
    ]
    days = _open_plans({_contribution_id(reminder) for reminder in reminders})
    return [row for row in reminders if row.parameters.get("day") != days.get(_contribution_id(row))]


def _open_plans(activity_ids: Set[int]) -> dict[int, str]:
    """Their days, as reminders name them."""
    if not activity_ids:
        return {}
    rows = db.session.execute(_OPEN_PLANS, {"activity_ids": list(activity_ids)})
    return {activity_id: day.isoformat() for activity_id, day in rows if day}


def _contribution_id(content: NotificationContent) -> int:
    return content.parameters.get("contribution_id") or 0


def _taken_away(contribution_ids: Set[int]) -> Set[int]:
    if not contribution_ids:
        return set()
    return set(db.session.connection().scalars(_GONE, {"contribution_ids": list(contribution_ids)}))


def notification_of(person: Person, number: int) -> Notification | None:
    """The person's own notification with that number."""
    query = select(Notification).where(Notification.id == number, Notification.person_id == person.id)
    return db.session.scalar(query)


def is_led_to(person: Person, path: str) -> bool:
    """Something that the person has been told leads to that path."""
    return bool(db.session.scalar(select(exists().where(_leads_there(person, path)))))


def mark_read(notification: Notification, now: datetime) -> None:
    """Record that it was opened; only the first time counts, also of two at once. Where its kind keeps no time, it says
    since when it was there."""
    if mark_seen([notification], now):
        db.session.refresh(notification, ["read_at"])


def mark_seen(shown: Iterable[Notification | Told], now: datetime) -> bool:
    """Record that these were shown to their person; returns whether any of them was new."""
    unread = [notification for notification in shown if notification.is_unread]
    for is_timed, read_at in ((True, now), (False, Notification.created_at)):
        numbers = [row.id for row in unread if kind_named(row.kind).opening_is_timed == is_timed]
        if numbers:
            count_opened(_mark_unread(Notification.id.in_(numbers), read_at))
    return bool(unread)


def mark_all_read(person: Person, now: datetime) -> None:
    """Everything that the person has been told so far."""
    count_opened(_mark_unread(Notification.person_id == person.id, now))


def mark_answered(person: Person, path: str, now: datetime) -> None:
    """What leads the person to that path has been seen to without the inbox: from a push or a mail."""
    count_opened(_mark_unread(_leads_there(person, path), now))


def _leads_there(person: Person, path: str) -> ColumnElement[bool]:
    return (Notification.person_id == person.id) & (Notification.url == path)


def _mark_unread(which: ColumnElement[bool], read_at: Any) -> Sequence[Any]:
    """Mark those of them that had not been opened; returns what their openings are counted by."""
    unread = update(Notification).where(which, Notification.is_unread).values(read_at=read_at)
    opened = unread.returning(Notification.kind, Notification.parameters, Notification.created_at)
    return db.session.execute(opened, execution_options={"synchronize_session": False}).all()
