"""What is said about a plan of Alice's: by her and by Charlie, hidden, taken back, and too old to be changed."""

from datetime import timedelta
from typing import Any

from app.extensions import db
from app.services.conversation.write import withdraw_comment
from app.services.moderation.decide import hide
from tests.access.people import People
from tests.comment_makers import make_comment
from tests.factories import NOW, TODAY, make_activity


def make_conversation(people: People) -> dict[str, Any]:
    earlier = NOW - timedelta(hours=1)  # below what the rest of the world has in the feed
    talked_about = make_activity(
        people.owner, title="samtalsmärke", planned_for=TODAY + timedelta(days=5), now=earlier
    )
    comment = make_comment(talked_about, people.owner, "inläggsmärke")
    old = make_comment(talked_about, people.owner, "gammalmärke", now=earlier)
    hidden, withdrawn = (
        make_comment(talked_about, people.owner, mark) for mark in ("tystatmärke", "ångratmärke")
    )
    hide(hidden, people.lead, "tone", "Skriv lite mjukare.", NOW)
    withdraw_comment(withdrawn, people.owner, now=NOW)
    db.session.commit()
    return {
        "talked_about": talked_about,
        "comment": comment,
        "comment_of_other": make_comment(talked_about, people.other, "svarsmärke", to=comment),
        "old_comment": old,
        "hidden_comment": hidden,
        "withdrawn_comment": withdrawn,
    }
