"""Thanks between Alice and Charlie, who keeps his to himself, while she shows hers."""

from datetime import timedelta
from typing import Any

from app.extensions import db
from app.services.conversation.thanks import withdraw_thanks
from app.services.moderation.decide import hide
from tests.access.people import People
from tests.factories import NOW
from tests.thanks_makers import make_thanks


def make_all_thanks(people: People) -> dict[str, Any]:
    people.owner.shows_thanks = True
    earlier = NOW - timedelta(days=2)
    hidden, withdrawn = (
        make_thanks(people.other, people.owner, mark, now=earlier) for mark in ("doltack", "återtack")
    )
    hide(hidden, people.lead, "tone", "Skriv lite mjukare.", NOW)
    withdraw_thanks(withdrawn, people.owner, now=NOW)
    db.session.commit()
    return {
        "thanks_of_owner": make_thanks(people.other, people.owner, "tackmärke"),
        "thanks_to_owner": make_thanks(people.owner, people.other, "hyllmärke"),
        "hidden_thanks": hidden,
        "withdrawn_thanks": withdrawn,
    }
