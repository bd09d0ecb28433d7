"""What a person wants: which pushes and when, language, and look."""

from dataclasses import dataclass
from datetime import time

from app.models.notification import Kind
from app.models.person import Person
from app.services.notifications.kinds import SWITCHABLE


@dataclass(frozen=True)
class Preferences:
    """Everything on the settings page. `kinds` are the kinds of notification that the person wants pushed."""

    kinds: frozenset[Kind]
    push_from: time
    push_until: time
    push_weekends: bool
    language: str
    theme: str


def change_preferences(person: Person, preferences: Preferences) -> bool:
    """Store them. Returns whether the page itself looks different now (language or theme)."""
    look_before = (person.language, person.theme)
    person.muted_kinds = [kind.value for kind in SWITCHABLE if kind not in preferences.kinds]
    person.push_from, person.push_until = preferences.push_from, preferences.push_until
    person.push_weekends = preferences.push_weekends
    person.language, person.theme = preferences.language, preferences.theme
    return look_before != (person.language, person.theme)
