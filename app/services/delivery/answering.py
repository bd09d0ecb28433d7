"""What a push carries by which it can be answered on the spot: the buttons, and the address that takes the answer.

Most browsers show two buttons, and iOS none: the body of the push leads on in any case. The third answer stands there.
"""

from datetime import date
from typing import Any

from flask_babel import force_locale, gettext

from app.models.close_out import Choice
from app.services.delivery.claim import DueDelivery
from app.services.notifications.close_address import close_address
from app.services.notifications.kinds import kind_named


def answering_of(delivery: DueDelivery, person_id: int, language: str, signing_key: str) -> dict[str, Any]:
    """`{actions, close, done}`: the buttons with their titles, the path that takes the answer, and what is shown when
    it has been taken. Empty where there is nothing to answer, or it could not be signed."""
    if not kind_named(delivery.kind).is_answered or not signing_key:
        return {}
    about = delivery.parameters
    url = close_address(
        about["contribution_id"],
        person_id,
        date.fromisoformat(about["day"]),
        since=delivery.created_at,
        secret=signing_key,
    )
    with force_locale(language):
        titles = {Choice.DONE: gettext("It took place"), Choice.MOVED: gettext("It is moved")}
        done = gettext("All done")
    actions = [{"action": choice.value, "title": title} for choice, title in titles.items()]
    return {"actions": actions, "close": url, "done": done}
