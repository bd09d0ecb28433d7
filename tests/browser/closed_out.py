"""Plans of yesterday in every state of being closed out."""

from datetime import datetime, timedelta

from app import clock
from app.extensions import db
from app.models.close_out import Choice
from app.models.person import Person
from app.services.activities.close_out import Account, close_out, question_in_turn, tell_more
from app.services.notifications.close_address import CloseToken, close_address
from tests.browser.live import Live
from tests.factories import make_activity, make_joint, make_person

#: "theirs": somebody who does it too was first.
_STATES = ("open", *Choice, "thanks", "theirs")


def close_out_all(live: Live, now: datetime) -> dict[str, str]:
    """Tokens by state, such as `close_open`, of somebody who reads Swedish; `close_open_en` of one who does not."""
    swede, other = make_person("Selma Sjö", "bjuv"), make_person("Ellen English", "klippan")
    other.language = "en"
    tokens = {f"close_{state}": _token(live, swede, state, now) for state in _STATES}
    return tokens | {f"close_{state}_en": _token(live, other, state, now) for state in _STATES}


def _token(live: Live, owner: Person, state: str, now: datetime) -> str:
    yesterday = clock.local_date(now, "Europe/Stockholm") - timedelta(days=1)
    about = {"title": "Fika med nyinflyttade", "planned_for": yesterday, "now": now}
    if state == "theirs":
        first = make_person("Charlie Ceder", "klippan")
        activity = make_joint(owner, first, **about)
    else:
        first = owner
        activity = make_activity(owner, **about)
    question = question_in_turn(CloseToken(activity.id, first.id, yesterday, now), now)
    assert question
    if state != "open":
        close_out(question, Choice.DONE if state in ("thanks", "theirs") else Choice(state), now)
    if state == "thanks":
        tell_more(question, Account(rating=4, sentence="Ring dem som flyttat in dagen innan."), now)
    db.session.commit()
    secret = live.app.config["SECRET_KEY"]
    return close_address(activity.id, owner.id, yesterday, since=now, secret=secret).removeprefix("/close/")
