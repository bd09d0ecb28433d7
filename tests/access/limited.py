"""What belongs to Lisa in Bjuv, who is limited for a time: since something of hers has been hidden."""

from datetime import timedelta
from typing import Any, Final

from app.extensions import db
from app.services.activities.coming import come_along
from app.services.activities.plan import invite
from app.services.moderation.decide import hide
from app.services.points.neighbours import show
from tests.access.people import People
from tests.activities.closing import address_of, make_due
from tests.challenge_makers import make_open, make_undertaking
from tests.comment_makers import make_comment
from tests.factories import NOW, TODAY, focus_area, make_activity, make_outcome, make_tip
from tests.thanks_makers import make_thanks

#: Below what the rest of the world has in the feed.
_EARLIER: Final = {"now": NOW - timedelta(hours=2)}
_PLANNED: Final = _EARLIER | {"planned_for": TODAY + timedelta(days=5)}


def make_things_of_limited(people: People) -> dict[str, Any]:
    """All of it from before she was limited."""
    plan, done = (
        make_activity(people.limited, title=mark, **_PLANNED) for mark in ("lisamärke", "lisagjorde")
    )
    make_outcome(done, **_EARLIER)
    asked, joined = make_activity(people.other, **_EARLIER), make_activity(people.owner, **_PLANNED)
    come_along(joined, people.limited, now=NOW)
    show(people.limited)
    made = {
        "plan_of_limited": plan,
        "done_of_limited": done,
        "joined": joined,
        "thanks_of_limited": make_thanks(people.other, people.limited),
        "comment_of_limited": make_comment(plan, people.limited, "lisaskrev"),
        "tip_of_limited": make_tip(
            people.limited, text="Lisas tips.", focus_area=focus_area("miljo"), **_EARLIER
        ),
        "taken_on_by_limited": make_undertaking(people.limited, make_open(people.lead), **_EARLIER),
        "invitation_of_limited": invite(asked, people.limited, by=people.other, now=NOW),
        "close_of_limited": address_of(make_due(people.limited), people.limited),
    }
    return made | _limit(people)


def _limit(people: People) -> dict[str, Any]:
    hidden = make_activity(people.limited, title="lisasade", **_EARLIER)
    hide(hidden, people.lead, "tone", "Skriv lite mjukare.", NOW, days=7)
    db.session.commit()
    return {"hidden_of_limited": hidden}
