"""What tests of the digest are made of: something that people are told of, and a mailbox for what goes out."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.extensions import db
from app.gateways.mail import Mailer, Message
from app.models.activity import Activity
from app.models.notification import Kind, Mail
from app.models.person import Person
from app.services.delivery.digests import write_digests
from app.services.delivery.mails import deliver_mails
from app.services.notifications.mail_addresses import Site
from app.services.notifications.notify import notify

SITE = Site("https://eldsjal.example.se", "for tests only, and long enough to pass")
_ZONE = ZoneInfo("Europe/Stockholm")


class Mailbox(Mailer):
    """What was sent."""

    def __init__(self) -> None:
        self.letters: list[Message] = []

    def send(self, message: Message) -> None:
        self.letters.append(message)

    @property
    def recipients(self) -> list[str]:
        return sorted(letter.to for letter in self.letters)


def local(text: str) -> datetime:
    """`2026-11-10 08:30` on the programme's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=_ZONE).astimezone(UTC)


def invite_to(person: Person, thing: Activity, at: datetime, **more: Any) -> None:
    """Tell them of an invitation by Bob."""
    about = {"name": "Bob Berg", "contribution_id": thing.id, "title": thing.title}
    given = {"kind": Kind.INVITATION, "key": f"invitation:{thing.id}:{at}", "url": f"/activities/{thing.id}"}
    notify([person.id], parameters=about, now=at, **(given | more))
    db.session.commit()


def praise(person: Person, at: datetime, title: str = "Fika med nyinflyttade") -> None:
    """Tell them of a spark, which names what is theirs."""
    about = {"name": "Bob Berg", "kind": "activity", "title": title, "others": 0}
    notify([person.id], Kind.CHEER, key=f"spark:{title}", url="/me", parameters=about, now=at)
    db.session.commit()


def ask_how_it_went(plan: Activity, at: datetime) -> None:
    """As the playbook does on the day after."""
    assert plan.planned_for
    about = {
        "step": "day-after",
        "contribution_id": plan.id,
        "day": plan.planned_for.isoformat(),
        "title": plan.title,
    }
    url = f"/activities/{plan.id}/outcome"
    notify([plan.owner_id], Kind.CLOSE_OUT, key=f"day-after:{plan.id}", url=url, parameters=about, now=at)
    db.session.commit()


def write_at(now: datetime) -> list[str]:
    """What the worker does every ten minutes; whose digest waits or has gone out since the beginning, sorted."""
    write_digests(now, secret=SITE.secret, commit=db.session.commit)
    return sorted(db.session.scalars(select(Mail.to)))


def send_at(now: datetime, mailbox: Mailbox | None = None) -> list[Message]:
    """What the mail lane does at that moment; what it has sent."""
    mailbox = mailbox or Mailbox()
    deliver_mails(mailbox, commit=db.session.commit, moment=lambda: now, site=SITE)
    return mailbox.letters


def digest_at(now: datetime) -> list[Message]:
    """Both."""
    write_at(now)
    return send_at(now)
