"""The demonstration's data, its people signed in, and the numbers that its pages' addresses need."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute

from app import create_app
from app.config import Settings
from app.extensions import db
from app.models.activity import Activity
from app.models.badge import Badge
from app.models.challenge import Challenge
from app.models.contribution import is_visible
from app.models.ledger import PointEntry
from app.models.outcome import is_carried_out, is_reported
from app.models.person import Person, Role
from app.models.tip import Tip, is_shown
from app.services.people.membership import first_with
from bench.sign_in import cookie_of, environment


@dataclass(frozen=True)
class Demonstration:
    environment: dict[str, str]
    #: The Cookie header of the first person in each role.
    cookies: dict[Role, str]
    #: By the names that addresses use, such as `/activities/{planned}`. What is one's own is the participant's.
    numbers: dict[str, int | str]


def demonstrate(folder: Path) -> Demonstration:
    """Play the demonstration into the folder; it takes a minute."""
    settings = environment(folder) | {"ELDSJAL_DEMO": "1", "VAPID_SUBJECT": "mailto:bench@eldsjal.example"}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "dev-prepare"]
    subprocess.run(command, env={**os.environ, **settings}, check=True, stdout=subprocess.DEVNULL)
    app = create_app(Settings.from_env(settings))
    cookies = {}
    for role in Role:
        with app.test_request_context():
            cookies[role] = cookie_of(_first(role), app)
    with app.test_request_context():
        numbers = _numbers(_first(Role.PARTICIPANT))
        db.session.execute(db.text("ANALYZE"))
        db.session.commit()
    return Demonstration(settings, cookies, numbers)


def _first(role: Role) -> Person:
    person = first_with(role)
    assert person is not None
    return person


def _numbers(person: Person) -> dict[str, int | str]:
    own, seen = Activity.owner_id == person.id, is_visible(Activity.id)
    found: dict[str, int | str | None] = {
        "planned": _newest(Activity.id, own, seen, ~is_reported(Activity.id)),
        "done": _newest(Activity.id, own, seen, is_carried_out(Activity.id)),
        "others": _newest(Activity.id, ~own, seen, is_carried_out(Activity.id)),
        "challenge": _newest(Challenge.id, is_visible(Challenge.id), Challenge.opens_on.is_not(None)),
        "tip": _newest(Tip.id, is_shown(Tip)),
        "entry": _newest(PointEntry.id, PointEntry.person_id == person.id),
        "badge": _newest(Badge.slug, Badge.person_id == person.id),
    }
    missing = [name for name, number in found.items() if number is None]
    if missing:
        raise RuntimeError(f"The demonstration has none of these: {', '.join(missing)}.")
    return {name: number for name, number in found.items() if number is not None} | {"person": person.id}


def _newest(column: InstrumentedAttribute[Any], *conditions: ColumnElement[bool]) -> Any:
    return db.session.scalar(select(column).where(*conditions).order_by(column.desc()).limit(1))
