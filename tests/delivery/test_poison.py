"""One of a hundred messages is poisoned, in every way that came to mind: ninety-nine arrive, once, and it is settled or
waits, with a reason."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Text, cast, delete, select, text, type_coerce, update

from app import clock
from app.extensions import db
from app.gateways.push import webpush
from app.gateways.push.answers import PushResult
from app.models.notification import Delivery, DeliveryState, Kind, Notification, PushSubscription
from app.models.person import Person
from app.services.delivery.claim import MOST_INTERRUPTIONS
from app.services.delivery.pushes import deliver_pushes
from app.services.delivery.sender import PushSender
from app.services.notifications.outbox import LEASE
from tests.fan_out import tell_devices, times_told
from tests.push import sender_to
from tests.push_service import HANGUP, SILENCE, Answer, PushService

pytestmark = pytest.mark.usefixtures("app")

HALF_AN_ANSWER = Answer(201, {"Content-Length": "5"})
OFF_THE_CURVE = "BA" + "B" * 85


@pytest.fixture
def crowd(push_service: PushService) -> "Crowd":
    return Crowd(push_service)


class Crowd:
    """A hundred deliveries. The one in the middle is Paula's; the others must not suffer from it."""

    def __init__(self, service: PushService) -> None:
        self.service = service
        self.sender = sender_to(service, timeout=15.0)
        before = tell_devices(service, 50, "before")
        [self.paula] = tell_devices(service, 1, "paulas")
        after = tell_devices(service, 49, "after")
        self.others = [*before, *after]
        self.now = clock.now()

    def poison(self, column: Any, content: Any) -> None:
        """Write something into Paula's row of the column's table."""
        of_paula = {
            PushSubscription: PushSubscription.endpoint == self.paula.endpoint,
            Delivery: Delivery.id == self.delivery().id,
            Notification: Notification.id == self.delivery().notification_id,
            Person: Person.id == self._subscription().person_id,
        }[column.class_]
        change = update(column.class_).where(of_paula).values({column: content})
        db.session.execute(change.execution_options(synchronize_session=False))
        db.session.commit()

    def delivery(self) -> Delivery:
        """Paula's."""
        db.session.expire_all()
        number = select(PushSubscription.id).where(PushSubscription.endpoint.contains("/paulas"))
        return db.session.scalars(select(Delivery).where(Delivery.subscription_id.in_(number))).one()

    def deliver(self, later: timedelta = timedelta(0), commit: Callable[[], None] = db.session.commit) -> int:
        return deliver_pushes(self.sender, commit=commit, moment=lambda: self.now + later)

    def check_the_others(self) -> None:
        """They have got it, once, and it is written down."""
        times = times_told(self.service)
        assert {path: times[path] for path in (device.path for device in self.others)} == dict.fromkeys(
            (device.path for device in self.others), 1
        )
        delivered = select(Delivery.id).where(Delivery.state == DeliveryState.DELIVERED)
        assert len(db.session.scalars(delivered).all()) >= len(self.others)

    def _subscription(self) -> PushSubscription:
        query = select(PushSubscription).where(PushSubscription.endpoint == self.paula.endpoint)
        return db.session.scalars(query).one()


@pytest.mark.parametrize(
    ("column", "content"),
    [
        (PushSubscription.endpoint, "https://[2a00:1450:4001:82b::200a]/paulas"),
        (PushSubscription.endpoint, "http://[::1]:9000/paulas"),
        (PushSubscription.endpoint, "https://10.0.0.1/paulas"),
        (PushSubscription.endpoint, "https://push.example.org:99999999/paulas"),
        (PushSubscription.endpoint, "no address/paulas\r\n"),
        (PushSubscription.endpoint, "https://push.example.org/paulas" + "x" * 100_000),
        (PushSubscription.p256dh, ""),
        (PushSubscription.p256dh, "åäö"),
        (PushSubscription.p256dh, OFF_THE_CURVE),
        (PushSubscription.auth, ""),
        (PushSubscription.auth, "x" * 22 + "\r\n"),
        (Notification.kind, "newer than this worker"),
        (Notification.kind, ""),
        (Notification.parameters, []),
        (Notification.parameters, "words"),
        (Notification.parameters, 7),
        (Notification.parameters, {"contribution_id": [1]}),
        (Notification.parameters, {"contribution_id": {"id": 1}}),
        (Notification.parameters, {"contribution_id": "one"}),
        (Notification.parameters, {"contribution_id": 2**70}),
        (Notification.parameters, {"name": "\ud800", "title": "half a letter"}),
        (Notification.parameters, {"name": ["Bob"], "title": 7}),
        (Person.muted_groups, 7),
    ],
)  # fmt: skip
def test_what_cannot_be_made_into_a_message_stops_no_other(crowd: Crowd, column: Any, content: Any) -> None:
    crowd.poison(column, content)
    crowd.deliver()
    _settled_or_waiting_with_a_reason(crowd)


@pytest.mark.parametrize(
    ("kind", "parameters"),
    [
        (Kind.STAGE, {"step": "a step of another version", "number": 1, "name": "x"}),
        (Kind.STAGE, {}),
        (Kind.CHANGE, {"day": "2027-02-30", "name": "Bob", "title": "Fika"}),
        (Kind.CHANGE, {"day": 7}),
        (Kind.CHEER, {"others": "many", "name": "Bob", "title": "Fika"}),
        (Kind.MODERATION, {"event": ["hidden"], "title": "Fika"}),
        (Kind.MODERATION, {"event": "hidden", "title": 7, "text": ["a"]}),
        (Kind.MODERATION, {"verdict": {}, "reason": {"a": 1}}),
    ],
)
def test_parameters_of_another_shape_stop_no_other(crowd: Crowd, kind: Kind, parameters: Any) -> None:
    crowd.poison(Notification.kind, kind.value)
    crowd.poison(Notification.parameters, parameters)
    crowd.deliver()
    _settled_or_waiting_with_a_reason(crowd)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("column", "content"),
    [
        (Notification.parameters, "{no json"),
        (Notification.created_at, "yesterday"),
        (Person.muted_groups, "["),
        (Person.push_from, "25:99"),
        (Person.push_until, "evening"),
    ],
)
def test_what_cannot_be_read_stops_no_other(crowd: Crowd, column: Any, content: str) -> None:
    crowd.poison(column, type_coerce(cast(content, Text), column.type))
    crowd.deliver()
    crowd.check_the_others()
    state, detail = db.session.execute(
        select(Delivery.state, Delivery.detail).where(Delivery.detail != "")
    ).one()
    assert (state, bool(detail)) == (DeliveryState.WAITING, True)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(500, body=b"no \x00 room"),
        Answer(400, body=b"\x00" * 3000),
        Answer(413, body=b"\xff\xfe\xfd not UTF-8 \xc3"),
        Answer(500, body=b"x" * 1_000_000),
        Answer(403, body="\ud800".encode("utf-8", "surrogatepass")),
        Answer(410),
        Answer(500),
        Answer(418),
        Answer(302, {"Location": "http://169.254.169.254/"}),
        Answer(999, body=b"\x1b[31m"),
        Answer(406, {"X-WNS-Status": "dropped\x07", "X-WNS-Error-Description": "\x80\xff"}),
        Answer(500, {"X-WNS-Status": "no \x00 header"}),
        Answer(429, {"Retry-After": "99999999999999999999"}),
        Answer(503, {"Retry-After": "Mon, 01 Jan 0001 00:00:00 +2359"}),
        Answer(503, {"Retry-After": "\x00\xff"}),
        HALF_AN_ANSWER,
        Answer(201, {"Transfer-Encoding": "chunked", "Content-Length": "0"}, b"zz\r\n"),
        Answer(200, body=b"fine\x00"),
        Answer(HANGUP),
        Answer(SILENCE),
    ],
    ids=repr,
)
def test_no_answer_stops_another(crowd: Crowd, answer: Answer) -> None:
    crowd.service.play(crowd.paula.path, answer)
    if answer in (HALF_AN_ANSWER, Answer(SILENCE)):
        # Long enough for the others on a busy machine; only this one is waited out.
        crowd.sender = sender_to(crowd.service, timeout=3.0)
    crowd.deliver()
    if answer.status == 410:
        crowd.check_the_others()
        return
    _settled_or_waiting_with_a_reason(crowd)
    crowd.delivery().detail.encode("utf-8")
    assert "\x00" not in crowd.delivery().detail


def test_a_name_that_leads_nowhere_stops_no_other(crowd: Crowd) -> None:
    crowd.poison(PushSubscription.endpoint, "http://nowhere.invalid/paulas")
    extra = crowd.sender.extra_hosts | {"nowhere.invalid:80"}
    crowd.sender = PushSender(crowd.sender.vapid, extra, timeout=2.0)
    crowd.deliver()
    _settled_or_waiting_with_a_reason(crowd)


@pytest.mark.parametrize("table", [PushSubscription, Notification, Person])
def test_what_is_erased_while_it_is_under_way_stops_no_other(crowd: Crowd, table: Any) -> None:
    ids = {
        PushSubscription: crowd.delivery().subscription_id,
        Notification: crowd.delivery().notification_id,
        Person: db.session.scalars(
            select(PushSubscription.person_id).where(PushSubscription.endpoint == crowd.paula.endpoint)
        ).one(),
    }
    commits = 0

    def commit() -> None:
        nonlocal commits
        commits += 1
        db.session.commit()
        if commits == _SCREENED:
            db.session.execute(delete(table).where(table.id == ids[table]))
            db.session.commit()

    crowd.deliver(commit=commit)
    crowd.check_the_others()
    assert times_told(crowd.service)[crowd.paula.path] == 1


#: The claim is committed first, then what the screening decided.
_SCREENED = 2


def test_a_result_that_is_reported_twice_counts_once(crowd: Crowd, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver = webpush.deliver

    def deliver_and_report_twice(*messages: Any, on_result: Callable[[PushResult], None], **more: Any) -> Any:
        def report(result: PushResult) -> None:
            on_result(result)
            on_result(result)

        return deliver(*messages, on_result=report, **more)

    monkeypatch.setattr(webpush, "deliver", deliver_and_report_twice)
    crowd.deliver()
    crowd.check_the_others()
    assert crowd.delivery().attempts == 1


def test_an_answer_that_the_database_refuses_holds_up_no_other_and_is_not_sent_for_ever(
    crowd: Crowd, refuse_to_change: Callable[[int], None]
) -> None:
    refuse_to_change(crowd.delivery().id)
    for turn in range(MOST_INTERRUPTIONS + 3):
        crowd.deliver(later=turn * LEASE)
        crowd.check_the_others()
    assert times_told(crowd.service)[crowd.paula.path] == MOST_INTERRUPTIONS + 1
    delivery = crowd.delivery()
    assert (delivery.state, delivery.detail) == (DeliveryState.GIVEN_UP, "interrupted too often")


@pytest.fixture
def refuse_to_change(crowd: Crowd) -> Callable[[int], None]:
    """The database refuses to note of that delivery that it was delivered."""

    def refuse(delivery_id: int) -> None:
        when = f"NEW.id = {delivery_id} AND NEW.state = 'delivered'"
        if db.engine.dialect.name == "sqlite":
            raises = "BEGIN SELECT RAISE(ABORT, 'refused'); END"
            statements = [f"CREATE TRIGGER refuse BEFORE UPDATE ON delivery WHEN {when} {raises}"]
        else:
            body = "BEGIN RAISE EXCEPTION 'refused'; END"
            statements = [
                f"CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
                f"CREATE TRIGGER refuse BEFORE UPDATE ON delivery FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION refuse()",
            ]
        for statement in statements:
            db.session.execute(text(statement))
        db.session.commit()

    return refuse


def _settled_or_waiting_with_a_reason(crowd: Crowd) -> None:
    crowd.check_the_others()
    delivery = crowd.delivery()
    assert delivery.claimed_until is None
    if delivery.state == DeliveryState.WAITING:
        assert delivery.due_at > crowd.now
    assert delivery.detail or delivery.state == DeliveryState.DELIVERED
    crowd.deliver(later=timedelta(seconds=10))
    crowd.check_the_others()
