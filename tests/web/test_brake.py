"""The brake: one person is stopped, others are not, and nothing that was written is lost."""

import itertools
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from limits import parse_many
from sqlalchemy import func, select

from app.extensions import db, limiter
from app.models.activity import Activity
from app.models.contribution import Cheer
from app.models.notification import Kind, Notification
from app.models.person import Person
from app.models.programme import Programme
from app.services.activities.plan import MOST_ASKED, TooManyAskedError, invite
from app.services.moderation.decide import hide
from app.services.moderation.flags import flag
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_activity, make_joint, make_person, stage
from tests.unchanged import unchanged

As = Callable[[Person], FlaskClient]
PLAN = {"title": "Bjud in grannarna", "value": "valkomnande", "focus_area": "larande", "place": "Biblioteket"}
REPORT = {"carried_out": "yes", "rating": "4", "story": "Nio kom.", "reached": "9", "permission": "none"}
BUDGETS = "120 per 10 minutes; 600 per day"
FLAG = {"reason": "tone", "text": "Det låter hårt."}
HIDE = FLAG | {"verdict": "hide"}
_numbers = itertools.count()


@pytest.fixture(autouse=True)
def _clock(cast: Cast) -> Iterator[None]:
    """The clock stands still on a day within stage 2."""
    running = stage()
    running.measure_on = running.activate_on = TODAY - timedelta(days=1)
    running.learn_on = running.end_on = TODAY + timedelta(days=90)
    db.session.commit()
    with time_machine.travel(NOW, tick=False):
        yield


def plan(browser: FlaskClient, **over: Any) -> int:
    number = next(_numbers)
    form = PLAN | {"title": f"Bjud in grannarna {number}", "request_key": f"key-{number}"} | over
    return browser.post("/activities/new", data=form).status_code


def tire(person: Person, *, ten_minutes: int = 120, day: int = 0) -> None:
    """The person has done so much already: by default, as much as one may in ten minutes."""
    for limit, cost in zip(sorted(parse_many(BUDGETS)), (ten_minutes, day), strict=True):
        limiter.limiter.hit(limit, f"person:{person.id}", "brake", cost=cost)


def count(table: type[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def until_braked(act: Callable[[], int], at_most: int) -> int:
    """How often it can be done in a row."""
    for number in range(at_most + 1):
        status = act()
        if status == 429:
            return number
        assert status == 303
    pytest.fail("there is no brake")


def test_one_plans_thirty_times_in_ten_minutes(cast: Cast, as_: As) -> None:
    alice = as_(cast.alice)
    assert until_braked(lambda: plan(alice), at_most=122) == 30


def test_there_is_an_end_to_a_day_too(cast: Cast, as_: As) -> None:
    alice = as_(cast.alice)
    with time_machine.travel(NOW, tick=False) as clock:
        tire(cast.alice, ten_minutes=0, day=596)
        assert [plan(alice), plan(alice)] == [303, 429]
        clock.shift(timedelta(hours=1))
        answer = alice.post("/activities/new", data=PLAN)
        assert "skicka den igen om 23 timmar" in answer.text
        clock.shift(timedelta(hours=23, seconds=1))
        assert plan(alice) == 303


def test_nobody_floods_others_with_notifications(cast: Cast, as_: As) -> None:
    colleagues = " ".join(make_person().email for _ in range(10))
    alice = as_(cast.alice)
    assert until_braked(lambda: plan(alice, colleagues=colleagues), at_most=122) == 12
    assert count(Notification) == 120


def test_moving_a_plan_that_many_take_part_in_weighs_as_many(cast: Cast, as_: As) -> None:
    activity = make_joint(cast.alice, cast.bob)
    for _ in range(20):
        co_owner = invite(activity, make_person(), by=cast.alice, now=NOW)
        co_owner.answer = "accepted"
    db.session.commit()
    days = (TODAY + timedelta(days=number) for number in itertools.count(1))
    alice = as_(cast.alice)

    before = count(Notification)
    with time_machine.travel(NOW, tick=False) as clock:

        def move() -> int:
            clock.shift(timedelta(seconds=1))
            form = {"planned_for": next(days).isoformat()}
            return alice.post(f"/activities/{activity.id}/date", data=form).status_code

        assert until_braked(move, at_most=20) == 6
    assert count(Notification) - before == 6 * 21


def test_one_cheers_for_many_in_a_row(cast: Cast, as_: As) -> None:
    activities = [make_activity(cast.bob) for _ in range(8)]
    addresses = itertools.cycle(f"/activities/{activity.id}/cheer" for activity in activities)
    alice = as_(cast.alice)
    tire(cast.alice, ten_minutes=90)
    assert until_braked(lambda: alice.post(next(addresses)).status_code, at_most=121) == 30


def test_all_that_one_does_counts_together_on_all_devices(cast: Cast, as_: As) -> None:
    theirs, phone, laptop = make_activity(cast.bob), as_(cast.alice), as_(cast.alice)
    tire(cast.alice)
    with unchanged():
        for browser in (phone, laptop):
            assert plan(browser) == 429
            assert browser.post(f"/activities/{theirs.id}/cheer").status_code == 429
            assert browser.post(f"/moderation/report/{theirs.id}", data=FLAG).status_code == 429


def test_another_person_on_the_same_network_is_not_stopped(cast: Cast, as_: As) -> None:
    bob = as_(cast.bob)
    tire(cast.alice)
    assert plan(bob) == 303


def test_after_the_wait_that_is_named_it_goes_on(cast: Cast, as_: As) -> None:
    alice = as_(cast.alice)
    tire(cast.alice)
    with time_machine.travel(NOW, tick=False) as clock:
        wait = int(alice.post("/activities/new", data=PLAN).headers["Retry-After"])
        assert 0 < wait <= 601
        clock.shift(timedelta(seconds=wait + 1))
        assert plan(alice) == 303


def test_what_took_no_effect_costs_nothing(cast: Cast, as_: As) -> None:
    alice = as_(cast.alice)
    for _ in range(16):
        assert plan(alice, title="") == 422
        assert alice.post("/activities/new", data=PLAN | {"look": "peers"}).status_code == 200
        assert alice.post("/activities/999/cheer").status_code == 404
    assert plan(alice) == 303


def test_a_moderator_works_through_a_long_queue(cast: Cast, as_: As) -> None:
    """Also when many have flagged each thing and are told."""
    programme = Programme.current()
    assert programme
    programme.moderation = {"hide_at": 0}
    activities, many = [make_activity(cast.alice) for _ in range(14)], [make_person() for _ in range(9)]
    for activity in activities:
        for person in many:
            flag(activity, person, "tone", "", NOW)
    db.session.commit()
    cora = as_(cast.cora)
    for activity in activities:
        assert cora.post(f"/moderation/{activity.id}/approval").status_code == 303
    assert plan(cora) == 303


class Refused(NamedTuple):
    """A form with a text, by whom it is sent, and what must be in the page that comes back."""

    address: Callable[[Cast], str]
    form: dict[str, str]
    who: str = "alice"
    text: str = ""


def _own(cast: Cast) -> Activity:
    return make_activity(cast.alice)


def _hidden(cast: Cast) -> Activity:
    activity = _own(cast)
    hide(activity, cast.cora, "consent", "", NOW)
    db.session.commit()
    return activity


def _flagged(cast: Cast) -> Activity:
    activity = _own(cast)
    flag(activity, cast.bob, "tone", "", NOW)
    db.session.commit()
    return activity


FORMS = {
    "plan": Refused(lambda _: "/activities/new", PLAN, text=PLAN["title"]),
    "change": Refused(lambda cast: f"/activities/{_own(cast).id}/edit", PLAN, text=PLAN["place"]),
    "move": Refused(
        lambda cast: f"/activities/{_own(cast).id}/date", {"planned_for": "2027-04-01"}, text="2027-04-01"
    ),
    "invite": Refused(
        lambda cast: f"/activities/{_own(cast).id}/invitations", {"q": "bo@bjuv.se"}, text="bo@bjuv.se"
    ),
    "report": Refused(lambda cast: f"/activities/{_own(cast).id}/outcome", REPORT, text="Nio kom."),
    "flag": Refused(lambda cast: f"/moderation/report/{_own(cast).id}", FLAG, "bob", FLAG["text"]),
    "answer": Refused(
        lambda cast: f"/moderation/answer/{_hidden(cast).id}", {"text": "De sa ja."}, text="De sa ja."
    ),
    "hide": Refused(lambda cast: f"/moderation/{_flagged(cast).id}/decision", HIDE, "cora", FLAG["text"]),
    "uphold": Refused(
        lambda cast: f"/moderation/{_hidden(cast).id}/restoration", {"text": "Förlåt."}, "lena", ""
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_form_comes_back_as_it_was_filled(cast: Cast, as_: As, name: str) -> None:
    refused = FORMS[name]
    person = getattr(cast, refused.who)
    browser, address = as_(person), refused.address(cast)
    tire(person)
    with unchanged():
        answer = browser.post(address, data=refused.form)
    assert answer.status_code == 429
    assert refused.text in answer.text
    assert "Det blev mycket på kort tid. Din text finns kvar: skicka den igen om 10 minuter." in answer.text
    assert 0 < int(answer.headers["Retry-After"]) <= 601
    assert "Det blev mycket" not in browser.get("/").text, "it was said once"


@pytest.mark.parametrize("name", FORMS)
def test_a_script_is_told_so_and_nothing_is_said_later(
    cast: Cast, as_: As, hx: dict[str, str], name: str
) -> None:
    refused = FORMS[name]
    person = getattr(cast, refused.who)
    browser, address = as_(person), refused.address(cast)
    tire(person)
    with unchanged():
        assert browser.post(address, data=refused.form, headers=hx).status_code == 429
    assert "Det blev mycket" not in browser.get("/").text


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_cheer_that_is_refused_is_none(cast: Cast, as_: As, headers: dict[str, str]) -> None:
    activity, alice = make_activity(cast.bob), as_(cast.alice)
    tire(cast.alice)
    with unchanged():
        answer = alice.post(f"/activities/{activity.id}/cheer", headers=headers)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "Vänta några minuter" in answer.text
    assert count(Cheer) == 0
    assert alice.post(f"/activities/{activity.id}/cheer/withdrawal").status_code == 303


@pytest.mark.parametrize("answer", ["acceptance", "refusal"])
def test_an_answer_to_an_invitation_counts_too(cast: Cast, as_: As, answer: str) -> None:
    co_owner = invite(make_activity(cast.alice), cast.bob, by=cast.alice, now=NOW)
    db.session.commit()
    address, bob = f"/invitations/{co_owner.id}/{answer}", as_(cast.bob)
    tire(cast.bob)
    with unchanged():
        assert bob.post(address).status_code == 429


def test_there_is_an_end_to_how_many_can_be_asked(cast: Cast, as_: As) -> None:
    activity = make_activity(cast.alice)
    for _ in range(MOST_ASKED):
        invite(activity, make_person(), by=cast.alice, now=NOW)
    db.session.commit()
    with pytest.raises(TooManyAskedError):
        invite(activity, cast.bob, by=cast.alice, now=NOW)
    alice = as_(cast.alice)
    with unchanged():
        answer = alice.post(f"/activities/{activity.id}/invitations", data={"q": cast.bob.email})
    assert answer.status_code == 422
    assert "Högst 30" in answer.text
    invited = Notification.kind == Kind.INVITATION
    assert db.session.scalar(select(func.count()).where(invited)) == MOST_ASKED


def test_without_limits_nothing_is_refused(
    app: Flask, cast: Cast, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = as_(cast.alice)
    tire(cast.alice)
    monkeypatch.setattr(limiter, "enabled", False)
    assert plan(alice) == 303
