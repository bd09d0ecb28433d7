"""What a person wants: which notifications and when, language, and look."""

from dataclasses import dataclass
from datetime import datetime, time

from app.models.notification import Group
from app.models.person import Person, lock
from app.services.notifications.step_sums import Deaf, count_switched_off


@dataclass(frozen=True)
class Preferences:
    """Everything on the settings page. `groups` are those that the person wants pushed or mailed."""

    groups: frozenset[Group]
    is_paused: bool
    takes_digest: bool
    push_from: time
    push_until: time
    push_weekends: bool
    slots: tuple[time, time]
    language: str
    theme: str


def change_preferences(person: Person, preferences: Preferences, now: datetime) -> bool:
    """Store them. Returns whether the page itself looks different now (language or theme)."""
    lock(person)
    look_before = (person.language, person.theme)
    heard_before = Deaf(person.muted_groups, person.is_paused)
    person.muted_groups = [group.value for group in Group if group not in preferences.groups]
    person.paused_at = (person.paused_at or now) if preferences.is_paused else None
    person.takes_digest = preferences.takes_digest
    person.push_from, person.push_until = preferences.push_from, preferences.push_until
    person.push_weekends = preferences.push_weekends
    person.first_slot, person.second_slot = sorted(preferences.slots)
    person.language, person.theme = preferences.language, preferences.theme
    count_switched_off(person, heard_before, now)
    return look_before != (person.language, person.theme)


def switch_off(person: Person, group: Group | None) -> None:
    """Neither push nor mail of that group any more; without a group, no digest by mail. Twice is as once."""
    if group is None:
        person.takes_digest = False
    elif group.value not in person.muted_groups:
        person.muted_groups = [*person.muted_groups, group.value]


def is_switched_off(person: Person, group: Group | None) -> bool:
    return group.value in person.muted_groups if group else not person.takes_digest
