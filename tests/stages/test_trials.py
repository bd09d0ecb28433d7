""" "Prova på mig": a text goes to the lead alone, at once, and counts in no sum. And what the stage before came to."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.models.notification import Delivery, Mail, Notification
from app.models.own_message import OwnMessage
from app.models.person import Person
from app.models.playbook import PlaybookRun
from app.services.delivery.digests import write_digests
from app.services.notifications.inbox import mark_read
from app.services.notifications.kinds import words_of
from app.services.notifications.wording import Words
from app.services.stages.acted import count_who_acted
from app.services.stages.trials import Way, try_on
from tests.cast import Cast
from tests.digests import SITE
from tests.factories import NOW, make_activity, make_person, stage
from tests.message_makers import make_message
from tests.push import deliver_at, sender_to, subscribed, tell
from tests.push_service import PushService
from tests.stages.test_message_pages import WORDS as MESSAGE
from tests.stages.test_playbook_pages import WORDS as STEP
from tests.unchanged import unchanged

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]
OF_MESSAGE, OF_STEP = "/admin/stages/2/messages/trial", "/admin/stages/2/playbook/day-after/trial"
BOTH = pytest.mark.parametrize(("path", "sent"), [(OF_MESSAGE, MESSAGE), (OF_STEP, STEP)])
WORDS = {"sv": Words("Hej", "Text"), "en": Words("Hello", "Words")}
AT_NIGHT = NOW.replace(hour=22)


def the_trial() -> Notification:
    db.session.expire_all()
    return db.session.scalars(select(Notification)).one()


@BOTH
def test_only_leads_try(cast: Cast, as_: As, client: FlaskClient, path: str, sent: dict[str, str]) -> None:
    others = [as_(person) for person in (cast.alice, cast.cora, cast.stig)]
    with unchanged():
        for other in others:
            assert other.post(path, data=sent).status_code == 403
        assert "/login" in client.post(path, data=sent).location


@BOTH
def test_it_goes_to_the_lead_alone_and_what_was_written_is_still_there(
    cast: Cast, as_: As, path: str, sent: dict[str, str]
) -> None:
    _ = cast.alice
    answer = as_(cast.lena).post(path, data=sent)
    assert answer.status_code == 201
    assert "Ett prov är på väg till dig med mejl." in answer.text
    assert sent["title_sv"] in answer.text
    trial = the_trial()
    assert trial.person_id == cast.lena.id
    assert words_of(trial.kind, trial.parameters, "sv").title == f"Prov: {sent['title_sv']}"
    assert db.session.scalars(select(OwnMessage)).all() == []


@BOTH
def test_the_script_gets_a_line(
    cast: Cast, as_: As, hx: dict[str, str], path: str, sent: dict[str, str]
) -> None:
    lena = as_(cast.lena)
    answer = lena.post(path, data=sent, headers=hx)
    assert (answer.status_code, "<html" in answer.text) == (201, False)
    assert "Ett prov är på väg" in answer.text
    refused = lena.post(path, data=sent | {"body_sv": "%(no)s"}, headers=hx)
    assert (refused.status_code, "<html" in refused.text) == (422, False)
    assert "betyder ingenting här" in refused.text


@BOTH
def test_invalid_it_is_not_sent_and_comes_back(cast: Cast, as_: As, path: str, sent: dict[str, str]) -> None:
    lena = as_(cast.lena)
    with unchanged():
        answer = lena.post(path, data=sent | {"title_sv": "x" * 61})
    assert answer.status_code == 422
    assert "x" * 61 in answer.text


def test_a_message_is_tried_before_anybody_is_chosen(cast: Cast, as_: As) -> None:
    answer = as_(cast.lena).post(OF_MESSAGE, data=MESSAGE | {"audience": "", "when": ""})
    assert answer.status_code == 201
    assert the_trial().url == "/challenges"


def test_tried_from_the_page_of_a_message_it_comes_back_there(cast: Cast, as_: As) -> None:
    message = make_message(cast.lena)
    answer = as_(cast.lena).post(f"{OF_MESSAGE}?message={message.id}", data=MESSAGE)
    assert answer.status_code == 201
    assert f'action="/admin/stages/2/messages/{message.id}"' in answer.text


@pytest.mark.parametrize("number", ["99999999999999999999", "2147483647", "-1", "x", ""])
def test_tried_from_the_page_of_no_message_it_comes_back_as_a_new_one(
    cast: Cast, as_: As, number: str
) -> None:
    answer = as_(cast.lena).post(f"{OF_MESSAGE}?message={number}", data=MESSAGE)
    assert answer.status_code == 201
    assert 'action="/admin/stages/2/messages"' in answer.text


@pytest.mark.parametrize(
    ("step", "url"), [("learn", "/activities/mine"), ("eve", "/admin/stages/2/playbook/eve")]
)
def test_it_opens_what_the_step_opens_unless_that_is_each_ones_own(
    cast: Cast, as_: As, step: str, url: str
) -> None:
    as_(cast.lena).post(f"/admin/stages/2/playbook/{step}/trial", data=STEP | {"body_sv": ""})
    assert the_trial().url == url


class TestHowItComes:
    def test_by_push_at_any_hour_and_beside_the_days_limits(
        self, cast: Cast, push_service: PushService
    ) -> None:
        subscribed(cast.lena, push_service.device())
        for number in range(8):
            assert try_on(cast.lena, WORDS, "/", site=SITE, now=AT_NIGHT) is Way.PUSH
            db.session.commit()
            moment = AT_NIGHT + timedelta(seconds=number)
            assert deliver_at(sender_to(push_service), moment) == 1
        assert db.session.scalars(select(Mail)).all() == []

    def test_it_takes_nothing_from_what_others_send(self, cast: Cast, push_service: PushService) -> None:
        subscribed(cast.lena, push_service.device())
        for number in range(7):
            try_on(cast.lena, WORDS, "/", site=SITE, now=NOW)
            db.session.commit()
            deliver_at(sender_to(push_service), NOW + timedelta(seconds=number))
        tell(cast.lena, now=NOW)
        assert deliver_at(sender_to(push_service), NOW + timedelta(minutes=1)) == 1

    def test_else_by_a_mail_of_its_own_and_in_no_digest(self, cast: Cast) -> None:
        assert try_on(cast.lena, WORDS, "/stages", site=SITE, now=NOW) is Way.MAIL
        db.session.commit()
        mail = db.session.scalars(select(Mail)).one()
        assert (mail.to, mail.subject, mail.due_at) == (cast.lena.email, "Prov: Hej", NOW)
        assert "Prov: Hej" in mail.html
        write_digests(NOW + timedelta(days=1), secret=SITE.secret, commit=db.session.commit)
        assert len(db.session.scalars(select(Mail)).all()) == 1

    def test_who_has_paused_finds_it_in_the_inbox(self, cast: Cast, push_service: PushService) -> None:
        subscribed(cast.lena, push_service.device())
        cast.lena.paused_at = NOW
        assert try_on(cast.lena, WORDS, "/", site=SITE, now=NOW) is Way.INBOX_ONLY
        assert db.session.scalars(select(Delivery)).all() == []
        assert the_trial()

    def test_it_counts_in_no_sum(self, cast: Cast, as_: As) -> None:
        as_(cast.lena).post(OF_STEP, data=STEP)
        mark_read(the_trial(), NOW)
        make_activity(cast.lena, now=NOW + timedelta(hours=1))
        count_who_acted(NOW + timedelta(days=4))
        assert db.session.scalars(select(PlaybookRun)).all() == []


class TestTheStageBefore:
    def test_its_figures_stand_beside_the_step_and_in_the_calendar(self, cast: Cast, as_: As) -> None:
        _ran(1, told=61, opened=49, acted=33, switched_off=1)
        _ran(2, told=12, opened=3, acted=None)
        lena = as_(cast.lena)
        page = lena.get("/admin/stages/2/playbook/learn").text
        assert "I etapp 1 gick det till 61 personer." in page
        assert "33 <small>54" in page
        calendar = lena.get("/admin/stages/2/playbook").text
        assert "I etapp 1: 61 skickade" in calendar
        assert "54\xa0% gjorde något" in calendar

    def test_of_few_only_how_many_they_were(self, cast: Cast, as_: As) -> None:
        _ran(1, told=5, opened=4, acted=3)
        page = as_(cast.lena).get("/admin/stages/2/playbook/learn").text
        assert "5 skickade. För få för att visa mer." in page

    def test_without_a_stage_before_nothing_is_said(self, cast: Cast, as_: As) -> None:
        _ran(1, told=61, opened=49, acted=33)
        _ = make_person()
        page = as_(cast.lena).get("/admin/stages/1/playbook/learn").text
        assert "Förra gången" not in page


def _ran(number: int, **sums: int | None) -> None:
    of = stage(number)
    db.session.add(PlaybookRun(stage_id=of.id, step="learn", day=of.learn_on, finished_at=NOW, **sums))
    db.session.commit()
