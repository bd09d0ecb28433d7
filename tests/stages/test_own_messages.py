"""A lead's own message goes out: to those whom it concerns, once, at its slot, or not at all."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.models.notification import Delivery, Mail, Notification
from app.models.own_message import Audience
from app.models.person import Person
from app.models.playbook import PlaybookRun
from app.services.delivery.digests import write_digests
from app.services.notifications.inbox import mark_read
from app.services.notifications.kinds import words_of
from app.services.stages.acted import count_who_acted
from app.services.stages.own_messages import sums_of
from tests.cast import Cast
from tests.digests import SITE
from tests.factories import NOW, TODAY, make_activity, make_joint, make_outcome, make_person, municipality
from tests.message_makers import SLOT, as_it_is, make_message, send_at, told
from tests.push import deliver_at, sender_to, subscribed
from tests.push_service import PushService

As = Callable[[Person], FlaskClient]
pytestmark = pytest.mark.usefixtures("app")

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def mails_to(person: Person) -> int:
    return len(db.session.scalars(select(Mail).where(Mail.to == person.email)).all())


class TestAudience:
    def test_everybody_who_is_here(self, cast: Cast) -> None:
        people = (cast.alice, cast.cora, cast.lena, cast.stig)
        cast.bob.left_at = NOW
        make_message(cast.lena)
        send_at(SLOT)
        assert told() == {person.id for person in people}

    def test_the_roles_that_were_chosen(self, cast: Cast) -> None:
        _ = cast.alice
        make_message(cast.lena, audience="roles", roles=["coordinator", "steering"])
        people = (cast.cora, cast.kim, cast.stig)
        send_at(SLOT)
        assert told() == {person.id for person in people}

    def test_the_municipalities_that_were_chosen(self, cast: Cast) -> None:
        people, _elsewhere = (cast.alice, cast.cora), cast.charlie
        bjuv = [municipality("bjuv").id]
        make_message(cast.lena, audience="municipalities", municipality_ids=bjuv)
        send_at(SLOT)
        assert told() == {person.id for person in people}

    def test_those_without_a_plan_in_the_stage(self, cast: Cast) -> None:
        make_joint(cast.alice, cast.bob)
        idle = (cast.charlie, cast.cora)
        _ = cast.stig
        make_message(cast.lena, audience="without_plan")
        send_at(SLOT)
        assert told() == {person.id for person in idle}

    def test_those_with_something_unreported_whose_day_has_passed(self, cast: Cast) -> None:
        make_activity(cast.alice, planned_for=TODAY - DAY)
        make_activity(cast.bob, planned_for=TODAY + DAY)
        make_outcome(make_activity(cast.charlie, planned_for=TODAY - DAY))
        make_message(cast.lena, audience="overdue")
        send_at(SLOT)
        assert told() == {cast.alice.id}

    @pytest.mark.parametrize("audience", list(Audience))
    def test_of_nobody_it_is_done(self, cast: Cast, audience: Audience) -> None:
        lena = cast.lena
        db.session.delete(message := make_message(lena))
        db.session.commit()
        lena.left_at = NOW
        message = make_message(lena, audience=audience.value)
        send_at(SLOT)
        assert told() == set()
        assert as_it_is(message).finished_at == SLOT


class TestTime:
    def test_not_before_its_slot_and_then_once(self, cast: Cast) -> None:
        make_message(cast.lena)
        send_at(SLOT - MINUTE)
        assert told() == set()
        for minutes in (0, 1, 60):
            send_at(SLOT + minutes * MINUTE)
        assert told() == {cast.lena.id}

    def test_its_pushes_go_at_the_slot_or_at_ones_own(self, cast: Cast, push_service: PushService) -> None:
        for person in (cast.alice, cast.bob):
            subscribed(person, push_service.device(person.name[:1]))
        cast.bob.second_slot = cast.bob.second_slot.replace(hour=16)
        make_message(cast.lena)
        send_at(SLOT + 2 * MINUTE)
        due = select(Notification.person_id, Delivery.due_at).join(Delivery)
        assert dict(db.session.execute(due).all()) == {
            cast.alice.id: SLOT,
            cast.bob.id: SLOT + timedelta(hours=3),
        }
        assert deliver_at(sender_to(push_service), SLOT + 2 * MINUTE) == 1

    def test_late_it_waits_for_the_next_slot(self, cast: Cast, push_service: PushService) -> None:
        subscribed(cast.alice, push_service.device())
        make_message(cast.lena)
        send_at(SLOT + timedelta(hours=3))
        assert db.session.scalars(select(Delivery.due_at)).one() == SLOT + timedelta(hours=19)

    def test_more_than_a_day_late_it_is_left_out(self, cast: Cast) -> None:
        message = make_message(cast.lena)
        send_at(SLOT + DAY + MINUTE)
        assert told() == set()
        assert sums_of([message])[message.id].is_skipped
        assert as_it_is(message).finished_at

    def test_whoever_has_switched_it_off_or_paused_has_it_in_the_inbox_only(
        self, cast: Cast, push_service: PushService
    ) -> None:
        for person in (cast.alice, cast.bob, cast.charlie):
            subscribed(person, push_service.device(person.name[:1]))
        cast.alice.muted_groups = ["stage"]
        cast.bob.paused_at = NOW
        make_message(cast.lena)
        send_at(SLOT)
        assert {cast.alice.id, cast.bob.id, cast.charlie.id} <= told()
        assert deliver_at(sender_to(push_service), SLOT + MINUTE) == 1

    def test_it_is_at_most_the_second_of_a_day(self, cast: Cast, push_service: PushService) -> None:
        subscribed(cast.alice, push_service.device())
        for minutes in range(3):
            make_message(cast.lena)
            send_at(SLOT + minutes * MINUTE)
            deliver_at(sender_to(push_service), SLOT + minutes * MINUTE)
        assert len(push_service.received) == 2

    def test_who_has_no_push_gets_it_in_the_mornings_digest(self, cast: Cast) -> None:
        alice = cast.alice
        make_message(cast.lena)
        send_at(SLOT)
        write_digests(SLOT + MINUTE, secret=SITE.secret, commit=db.session.commit)
        assert mails_to(alice) == 0
        write_digests(SLOT + timedelta(hours=19, minutes=5), secret=SITE.secret, commit=db.session.commit)
        assert mails_to(alice) == 1


class TestWords:
    def test_placeholders_are_filled_in_and_each_reads_their_language(self, cast: Cast) -> None:
        make_activity(cast.alice)
        title = {"sv": "%(done)s av %(planned)s", "en": "Now %(done)s"}
        make_message(cast.lena, title=title, body={"sv": "Etapp %(number)s är 100 % vår"})
        send_at(SLOT)
        row = db.session.scalars(select(Notification).limit(1)).one()
        assert words_of(row.kind, row.parameters, "sv")[:2] == ("0 av 1", "Etapp 2 är 100 % vår")
        assert words_of(row.kind, row.parameters, "en")[:2] == ("Now 0", "Etapp 2 är 100 % vår")

    def test_swedish_words_in_an_english_inbox_are_said_to_be_swedish(self, cast: Cast, as_: As) -> None:
        alice, bea = cast.alice, make_person(language="en")
        make_message(cast.lena, title={"sv": "Häng på"}, body={"sv": "Ta med en granne."})
        make_message(cast.lena, title={"sv": "Kom", "en": "Come"}, body={"sv": "Nu.", "en": "Now."})
        send_at(SLOT)
        english = as_(bea).get("/inbox").text
        assert '<b lang="sv">Häng på</b>' in english
        assert '<span class="sm" lang="sv">Ta med en granne.</span>' in english
        assert "<b>Come</b>" in english
        swedish = as_(alice).get("/inbox").text
        assert "<b>Häng på</b>" in swedish
        assert '<b lang="sv">' not in swedish

    def test_an_address_with_braces_is_opened_as_it_is(self, cast: Cast) -> None:
        make_message(cast.lena, url="/search?q={x}")
        send_at(SLOT)
        assert db.session.scalars(select(Notification.url)).one() == "/search?q={x}"


def test_what_came_of_it_is_counted_as_of_the_playbooks_steps(cast: Cast) -> None:
    alice = cast.alice
    message = make_message(cast.lena)
    send_at(SLOT)
    mark_read(_told_to(alice), SLOT + MINUTE)
    make_activity(alice, now=SLOT + DAY)
    count_who_acted(NOW + 3 * DAY)
    sums = sums_of([message])[message.id]
    assert (sums.told, sums.opened, sums.acted, sums.may_be_shown) == (2, 1, 1, False)
    assert set(db.session.scalars(select(PlaybookRun.step))) == {f"message-{message.id}"}


def _told_to(person: Person) -> Notification:
    return db.session.scalars(select(Notification).where(Notification.person_id == person.id)).one()
