"""The links by which a mail asks how a plan went: to the page that closes it out, each with another answer in front."""

from datetime import date, datetime
from typing import NamedTuple

from flask_babel import gettext

from app.models.close_out import Choice
from app.services.notifications.close_address import close_address, close_addresses
from app.services.notifications.mail_addresses import Site


class AnswerLink(NamedTuple):
    label: str
    url: str


def answer_links(
    activity_id: int, person_id: int, day: date, *, since: datetime, site: Site
) -> list[AnswerLink]:
    """What one may answer, the likeliest first, in the language of the moment. `since` is when the person was told, so
    that a push and a mail about the same lead to the same page."""
    address = close_address(
        activity_id, person_id, day, since=since, secret=site.secret, base_url=site.base_url
    )
    words = {
        Choice.DONE: gettext("It took place"),
        Choice.MOVED: gettext("It is moved"),
        Choice.NOT: gettext("It came to nothing"),
    }
    addresses = close_addresses(address)
    return [AnswerLink(label, addresses[choice]) for choice, label in words.items()]
