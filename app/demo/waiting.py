"""What waits for somebody who signs in to the demonstration: yesterday's flags for the coordinators, pictures that
somebody in them does not want, and for Karin an invitation and the question how yesterday went. Older notifications are
read, but for every fourth person's, whom nobody signs in as."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from app import clock
from app.demo.close_outs import have_planned_for_yesterday
from app.demo.people import MAIN_CHARACTERS
from app.demo.scene import Scene
from app.demo.unwilling import object_to_pictures
from app.extensions import db
from app.models.activity import Activity
from app.models.person import Person, Role
from app.services.activities.plan import invite
from app.services.activities.visibility import whole_activity
from app.services.moderation.acts import UNNOTICED_FOR
from app.services.moderation.decide import keep
from app.services.moderation.flags import flag
from app.services.notifications.held import tell_what_is_due
from app.services.notifications.inbox import mark_all_read
from app.services.stages.run_playbook import run_playbook

_WAITING = ("consent", "Det är barn på bilden. Har någon frågat föräldrarna?")
_SETTLED = ("tone", "Lite väl hård ton mot dem som inte kom.")
_ANSWER = "Jag har läst den två gånger. Den är rak men inte otrevlig, så den får stå."


def leave_waiting(scenes: list[Scene], people: list[Person], now: datetime, zone: str) -> None:
    """Leave everything that the module's docstring names; the first of `people` is Karin."""
    for number, person in enumerate(people):
        if number < MAIN_CHARACTERS or number % 4:
            mark_all_read(person, now)
    have_planned_for_yesterday(people[0], scenes, now, zone)
    morning = datetime.combine(clock.local_date(now, zone), time(7), ZoneInfo(zone)).astimezone(UTC)
    run_playbook(min(morning, now), commit=db.session.flush)
    _invite(people[0], scenes, now, zone)
    _flag_some(scenes, people, now, zone)
    object_to_pictures(people, partial(_yesterday_at_work, now, zone))


def _invite(karin: Person, scenes: list[Scene], now: datetime, zone: str) -> None:
    """Invite Karin to the next activity that somebody in another municipality has planned alone."""
    today = clock.local_date(now, zone)
    alone = [
        scene
        for scene in scenes
        if scene.activity
        and scene.planned_for > today
        and not scene.joint_with
        and scene.owner.municipality_id != karin.municipality_id
    ]
    soonest = min(alone, key=lambda scene: (scene.planned_for, scene.planned_at), default=None)
    activity = whole_activity(soonest.activity.id) if soonest and soonest.activity else None
    if activity:
        invite(activity, karin, by=activity.owner, now=_yesterday_at_work(now, zone, 20))


def _flag_some(scenes: list[Scene], people: list[Person], now: datetime, zone: str) -> None:
    """For each coordinator, flag the latest reported activity. The one before was flagged too and has been kept."""
    for coordinator in people:
        if coordinator.role != Role.COORDINATOR:
            continue
        latest = list(_reported_near(coordinator, scenes))[:2]
        elsewhere = [p for p in people if p.municipality_id != coordinator.municipality_id]
        flagger = elsewhere[7 * coordinator.id % len(elsewhere)]  # not the same one everywhere
        for number, activity in enumerate(latest):
            if activity.is_owned_by(coordinator) or activity.is_owned_by(flagger):
                continue
            at = max(
                _yesterday_at_work(now, zone, coordinator.id % 50),
                _reported_at(activity) + timedelta(hours=1),
            )
            flag(activity, flagger, *(_SETTLED if number else _WAITING), at)
            if number:
                at += timedelta(hours=2)
                keep(activity, coordinator, at, _ANSWER)
                tell_what_is_due(at + UNNOTICED_FOR, commit=db.session.flush)


def _yesterday_at_work(now: datetime, zone: str, minute: int) -> datetime:
    day = clock.local_date(now, zone) - timedelta(days=1)
    return datetime.combine(day, time(13, minute), ZoneInfo(zone)).astimezone(UTC)


def _reported_at(activity: Activity) -> datetime:
    assert activity.outcome  # noqa: S101 - only reported activities are flagged
    return activity.outcome.at


def _reported_near(coordinator: Person, scenes: list[Scene]) -> Iterator[Activity]:
    near = [
        scene
        for scene in scenes
        if scene.activity and scene.pictured and scene.owner.municipality_id == coordinator.municipality_id
    ]
    for scene in sorted(near, key=lambda scene: scene.planned_for, reverse=True):
        activity = whole_activity(scene.activity.id) if scene.activity else None
        if activity and activity.outcome and scene.stage.number > 1:
            yield activity
