"""What a person wants: which pushes and when, language, look, and whether to be ranked."""

from dataclasses import dataclass
from datetime import time

from app.models.notification import Kind
from app.models.person import Person
from app.services.notifications.kinds import SWITCHABLE


@dataclass(frozen=True)
class Preferences:
    """Everything on the settings page. `kinds` are those that are wanted."""

    kinds: frozenset[Kind]
    push_from: time
    push_until: time
    push_weekends: bool
    language: str
    theme: str
    ranked: bool


def change_preferences(person: Person, wanted: Preferences) -> bool:
    """Keep them; whether the page itself looks different now (language or theme)."""
    look_before = (person.language, person.theme)
    person.muted_kinds = [kind.value for kind in SWITCHABLE if kind not in wanted.kinds]
    person.push_from, person.push_until = wanted.push_from, wanted.push_until
    person.push_weekends = wanted.push_weekends
    person.language, person.theme = wanted.language, wanted.theme
    person.ranked = wanted.ranked
    return look_before != (person.language, person.theme)
