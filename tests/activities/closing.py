"""Plans whose day has come, and the addresses by which they are closed out."""

from datetime import datetime, timedelta
from typing import Any

from flask import current_app

from app.extensions import db
from app.models.activity import Activity
from app.models.close_out import Choice
from app.models.person import Person
from app.services.activities.close_out import close_out, question_in_turn
from app.services.activities.visibility import whole_activity
from app.services.notifications.close_address import CloseToken, close_address
from app.services.stages.run_playbook import run_playbook
from tests.factories import NOW, TODAY, make_activity

YESTERDAY = TODAY - timedelta(days=1)


def make_due(owner: Person, **over: Any) -> Activity:
    """Planned for yesterday at 14.30."""
    return make_activity(owner, **{"planned_for": YESTERDAY, "now": NOW - timedelta(days=9)} | over)


def address_of(activity: Activity, person: Person, **over: Any) -> str:
    """The path at which the person closes it out; `day` is the one that it asks about, `since` when they were told."""
    day, since = over.get("day", YESTERDAY), over.get("since", NOW)
    return close_address(activity.id, person.id, day, since=since, secret=current_app.config["SECRET_KEY"])


def ask_how_it_went() -> None:
    """Those whose plans were for one of the last days, at NOW."""
    run_playbook(NOW, commit=db.session.commit)


def again(activity: Activity) -> Activity:
    """As the database has it by now."""
    db.session.expire_all()
    found = whole_activity(activity.id)
    assert found
    return found


def after(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def make_closed_out(owner: Person, now: datetime) -> dict[str, str]:
    """Where the owner is asked how something went, and where they have answered."""
    due, done = make_due(owner), make_due(owner)
    question = question_in_turn(CloseToken(done.id, owner.id, YESTERDAY, now), now)
    assert question
    close_out(question, Choice.DONE, now)
    db.session.commit()
    return {
        "close_open": address_of(due, owner, since=now),
        "close_done": address_of(done, owner, since=now),
    }
