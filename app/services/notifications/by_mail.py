"""Mails what is worth a mail to those whom no push reaches, through the outbox."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from flask_babel import force_locale, gettext
from sqlalchemy import exists, func, select

from app.extensions import db
from app.models.notification import Kind, Mail, PushSubscription
from app.models.person import Person
from app.models.sign_in import DeviceSession
from app.models.upsert import upsert
from app.services.notifications.kinds import is_muted, words_of
from app.services.notifications.outbox import outbox_has_news


def mail_the_others(
    person_ids: Iterable[int],
    kind: Kind,
    *,
    key: str,
    url: str,
    parameters: dict[str, Any],
    now: datetime,
) -> None:
    """Mail those of these people who have no device that takes pushes, unless they have paused or switched the kind's
    group off; nobody twice under the same key. A few statements. `url` is whole, since a mail is read elsewhere."""
    rows = [
        {
            "to": person.email,
            "about": key,
            "due_at": now,
            **_text(kind, parameters, url, person.language),
        }
        for person in _without_push(list(person_ids))
        if not is_muted(kind, person.muted_groups)
    ]
    if rows:
        db.session.execute(upsert(Mail).on_conflict_do_nothing(), rows)
        outbox_has_news()


def _without_push(person_ids: Sequence[int]) -> Sequence[Any]:
    takes_pushes = (
        exists()
        .where(PushSubscription.person_id == Person.id)
        .where(DeviceSession.id == PushSubscription.device_session_id, DeviceSession.is_signed_in)
    )
    people = select(Person.email, Person.language, Person.muted_groups)
    people = people.where(Person.id.in_(person_ids), Person.is_present, ~Person.is_paused, ~takes_pushes)
    # In random order: mails go out one after the other and say when, which may not tell who got none between two.
    return db.session.execute(people.order_by(func.random())).all()


def _text(kind: Kind, parameters: dict[str, Any], url: str, language: str) -> dict[str, str]:
    title, body = words_of(kind.value, parameters, language)
    with force_locale(language):
        why = gettext(
            "You get this by mail since no device of yours takes pushes. The settings say what you are told of."
        )
    return {"subject": title, "body": f"{body}\n\n{url}\n\n{why}\n"}
