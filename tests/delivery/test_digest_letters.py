"""What a digest is as a mail, over SMTP, and that each leaves once."""

import json
import re
from datetime import date, timedelta

import pytest

from app.extensions import db
from app.gateways.mail import Mailer
from app.models.notification import Kind, Mail
from app.services.delivery import digests, mail_claims
from app.services.delivery.digests import write_digests
from app.services.notifications.notify import notify
from app.services.notifications.outbox import LEASE
from tests.cast import Cast
from tests.digests import SITE, ask_how_it_went, local, praise, send_at, write_at
from tests.factories import make_activity
from tests.mail_server import MailServer

pytestmark = pytest.mark.usefixtures("app")

_NIGHT, _SLOT = local("2026-11-10 00:05"), local("2026-11-10 08:30")


def test_it_leaves_plain_and_as_a_page_with_one_click_unsubscribe(cast: Cast) -> None:
    plan = make_activity(cast.alice, planned_for=date(2026, 11, 9), now=_NIGHT - timedelta(days=1))
    ask_how_it_went(plan, _NIGHT)
    praise(cast.alice, _NIGHT)
    write_at(_SLOT)
    (letter,) = send_at(_SLOT)
    with MailServer() as server, Mailer.from_url(f"smtp://127.0.0.1:{server.port}", "a@example.se") as mailer:
        mailer.send(letter)
    (mail,) = server.mails
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert str(mail["List-Unsubscribe"]).startswith("<https://eldsjal.example.se/unsubscribe/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for part in mail.iter_parts():
        for choice in ("done", "moved", "not"):
            assert f"?choice={choice}" in part.get_content()


def test_what_a_lead_wrote_in_swedish_only_says_so_to_other_readers(cast: Cast) -> None:
    cast.alice.language = "en"
    message = {"own_title": {"sv": "Häng på"}, "own_body": {"sv": "Ta med en granne."}}
    notify([cast.alice.id], Kind.MESSAGE, key="message:1", url="/", parameters=message, now=_NIGHT)
    praise(cast.alice, _NIGHT)
    write_at(_SLOT)
    (letter,) = send_at(_SLOT)
    items = dict(re.findall(r'<li class="thing"(.*?)>.*?<h3><a[^>]*>(.*?)<', letter.html, re.DOTALL))
    assert sorted(items) == ["", ' lang="sv"']
    assert items[' lang="sv"'] == "Häng på"


def test_one_that_was_written_before_the_worker_was_killed_leaves_once(cast: Cast) -> None:
    praise(cast.alice, _NIGHT)
    write_at(_SLOT)
    assert mail_claims.claim(_SLOT, "localhost", only_codes=False)
    db.session.commit()
    assert write_at(_SLOT) == [cast.alice.email], "another worker writes no second one"
    assert send_at(_SLOT) == []
    assert [letter.to for letter in send_at(_SLOT + LEASE)] == [cast.alice.email]
    assert send_at(_SLOT + 2 * LEASE) == []


def test_one_that_cannot_be_written_keeps_nobody_else_waiting(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for person in (cast.alice, cast.bob, cast.charlie):
        praise(person, _NIGHT)
    poisoned, worth_telling = cast.bob.id, digests.worth_telling

    def poison(news, muted, now):  # type: ignore[no-untyped-def]
        if poisoned in muted:
            raise ValueError(json.dumps(poisoned))
        return worth_telling(news, muted, now)

    monkeypatch.setattr(digests, "worth_telling", poison)
    write_digests(_SLOT, secret=SITE.secret, commit=db.session.commit)
    recipients = {mail.to for mail in db.session.query(Mail)}
    assert recipients == {cast.alice.email, cast.charlie.email}
