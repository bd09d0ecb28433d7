"""The coordinator's day: what waits, what is good, how many are quiet, and the week's hello."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.extensions import db
from app.models.notification import Notification
from app.models.own_message import Greeting, OwnMessage
from app.models.person import Person, Role
from app.services.moderation.flags import flag
from app.services.points.members import count_everybody
from app.services.stages.coordinator_day import coming_up, good_lately
from app.services.stages.send_messages import send_messages
from tests.cast import Cast
from tests.factories import NOW, make_activity, make_outcome, make_person, stage
from tests.unchanged import unchanged

As = Callable[[Person], FlaskClient]
HELLO = {"text": "Fika på torsdag? Häng med, du behöver ingen plan."}


def _colleagues(cast: Cast, number: int) -> list[Person]:
    people = [make_person(signed_in_at=NOW - timedelta(days=300)) for _ in range(number)]
    count_everybody(stage())
    db.session.commit()
    return people


def _told(people: list[Person]) -> list[int]:
    numbers = [person.id for person in people]
    messages = select(Notification.person_id).where(Notification.kind == "message")
    return [number for number in db.session.scalars(messages) if number in numbers]


@pytest.mark.parametrize(("who", "status"), [("cora", 200), ("alice", 403), ("stig", 403), ("lena", 403)])
def test_it_is_for_coordinators(cast: Cast, as_: As, who: str, status: int) -> None:
    browser = as_(getattr(cast, who))
    assert browser.get("/coordinator").status_code == status
    if status == 403:
        with unchanged():
            assert browser.post("/coordinator/hello", data=HELLO).status_code == 403
            assert browser.post("/coordinator/hello/withdrawal").status_code == 403


_INVITE = ' href="/people/invite"><svg class="ic-s"'


def test_an_empty_day_says_so(cast: Cast, as_: As) -> None:
    page = as_(cast.cora).get("/coordinator").text
    assert "Inget väntar." in page
    assert page.count(_INVITE) == 1
    _colleagues(cast, 6)
    assert as_(cast.cora).get("/coordinator").text.count(_INVITE) == 1


def test_where_few_are_counted_the_way_to_become_more_is_shown(cast: Cast, as_: As) -> None:
    way = 'class="btn alt" href="/people/invite"'
    assert way in as_(cast.cora).get("/coordinator").text
    _colleagues(cast, 6)
    assert way not in as_(cast.cora).get("/coordinator").text


def test_after_midnight_yesterday_is_over(cast: Cast) -> None:
    make_activity(cast.alice, planned_for=NOW.date())
    last_hour_of_utc = NOW.replace(hour=23, minute=30)
    assert coming_up(cast.cora, stage(), NOW)
    assert not coming_up(cast.cora, stage(), last_hour_of_utc)


def test_what_waits_is_named_and_leads_to_where_it_is_decided(cast: Cast, as_: As) -> None:
    activity = make_activity(cast.alice, title="Sång och kaffe")
    flag(activity, cast.bob, "personal_data", "", clock.now())
    db.session.commit()
    page = as_(cast.cora).get("/coordinator").text
    assert "1 sak väntar i Bjuv." in page
    assert "Sång och kaffe" in page
    assert f'href="/moderation/{activity.id}"' in page
    assert "Sång och kaffe" not in as_(cast.kim).get("/coordinator").text


def test_the_best_of_the_week_is_shown_and_can_be_lifted(cast: Cast, as_: As) -> None:
    now = clock.now()
    for title, rating, ago, owner in (
        ("Fika med nyinflyttade", 5, 1, cast.alice),
        ("Ett möte till", 3, 1, cast.alice),
        ("Förra månadens", 5, 20, cast.alice),
        ("Min egen", 5, 1, cast.cora),
    ):
        activity = make_activity(owner, title=title, now=now - timedelta(days=ago))
        make_outcome(activity, rating=rating, now=now - timedelta(days=ago))
    db.session.commit()
    page = as_(cast.cora).get("/coordinator").text
    assert "Fika med nyinflyttade" in page
    assert "Lyft som förebild" in page
    for title in ("Ett möte till", "Förra månadens", "Min egen"):
        assert title not in page


def test_of_what_went_equally_well_at_the_same_moment_the_last_that_was_planned_comes_first(
    cast: Cast,
) -> None:
    activities = [make_activity(cast.alice) for _ in range(4)]
    for place in (2, 0, 3, 1):
        make_outcome(activities[place], rating=5)
    assert good_lately(cast.cora, NOW) == activities[:0:-1]


def test_of_what_comes_on_the_same_day_the_first_that_was_planned_comes_first(cast: Cast) -> None:
    _later, *same = (
        make_activity(cast.alice, planned_for=NOW.date() + timedelta(days=days)) for days in (3, 2, 2, 2)
    )
    assert coming_up(cast.cora, stage(), NOW) == same
    soonest = make_activity(cast.alice, planned_for=NOW.date() + timedelta(days=1))
    assert coming_up(cast.cora, stage(), NOW) == [soonest, *same[:2]]


def test_how_many_are_quiet_is_said_and_never_who(cast: Cast, as_: As) -> None:
    few = as_(cast.cora).get("/coordinator").text
    assert "Säg hej till de tysta" not in few, "among so few, the number would tell who"
    people = _colleagues(cast, 12)
    make_activity(people[0])
    db.session.commit()
    page = as_(cast.cora).get("/coordinator").text
    assert "Säg hej till de tysta" in page
    for person in people:
        assert person.name not in page


def test_a_hello_goes_to_the_quiet_of_the_municipality_alone(cast: Cast, as_: As) -> None:
    people, other = _colleagues(cast, 12), make_person(place="klippan")
    make_activity(people[0])
    db.session.commit()
    cora = as_(cast.cora)
    answer = cora.post("/coordinator/hello", data=HELLO)
    assert answer.status_code == 303
    page = cora.get("/coordinator").text
    assert HELLO["text"] in page
    message = db.session.scalars(select(OwnMessage)).one()
    send_messages(message.due_at, commit=db.session.commit)
    assert sorted(_told([*people, other])) == sorted(person.id for person in people[1:])
    told = db.session.scalars(select(Notification).where(Notification.kind == "message")).first()
    assert told
    assert told.url == "/activities/new"
    assert "Hejet från Cora Coster har gått ut." in cora.get("/coordinator").text


def test_among_so_few_that_it_could_tell_who_is_quiet_no_hello_is_taken(cast: Cast, as_: As) -> None:
    cora = as_(cast.cora)
    _colleagues(cast, 2)
    with unchanged():
        assert cora.post("/coordinator/hello", data=HELLO).status_code == 404


def test_one_a_week_whoever_was_first(cast: Cast, as_: As) -> None:
    _colleagues(cast, 12)
    other = make_person(role=Role.COORDINATOR, signed_in_at=NOW - timedelta(days=60))
    db.session.commit()
    assert as_(cast.cora).post("/coordinator/hello", data=HELLO).status_code == 303
    for who in (cast.cora, other):
        browser = as_(who)
        with unchanged():
            browser.post("/coordinator/hello", data=HELLO)
    assert len(db.session.scalars(select(Greeting)).all()) == 1


def test_it_may_be_taken_back_until_it_goes_out_and_then_another_one_written(cast: Cast, as_: As) -> None:
    people = _colleagues(cast, 12)
    cora = as_(cast.cora)
    cora.post("/coordinator/hello", data=HELLO)
    assert cora.post("/coordinator/hello/withdrawal").status_code == 303
    assert db.session.scalars(select(Greeting)).all() == []
    first = db.session.scalars(select(OwnMessage)).one()
    send_messages(first.due_at, commit=db.session.commit)
    assert _told(people) == []
    assert cora.post("/coordinator/hello", data={"text": "Hej på er!"}).status_code == 303
    second = db.session.scalars(select(OwnMessage).order_by(OwnMessage.id.desc())).first()
    assert second
    send_messages(second.due_at, commit=db.session.commit)
    with unchanged():
        cora.post("/coordinator/hello/withdrawal")
    assert _told(people)


@pytest.mark.parametrize("text", ["", " ", "x" * 111])
def test_an_empty_or_too_long_hello_comes_back(cast: Cast, as_: As, text: str, hx: dict[str, str]) -> None:
    _colleagues(cast, 12)
    cora = as_(cast.cora)
    for headers in ({}, hx):
        with unchanged():
            answer = cora.post("/coordinator/hello", data={"text": text}, headers=headers)
        assert answer.status_code == 422
        assert text.strip() in answer.text
