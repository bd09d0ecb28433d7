"""A new challenge that fits is told, once a week a person, whoever else cannot be told."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from app import jobs
from app.extensions import db
from app.models.job import JobRun
from app.models.notification import Kind, Notification
from app.models.person import Person
from app.services.challenges import telling
from app.services.challenges.telling import tell_of_new_challenges
from app.services.moderation.decide import hide
from app.services.people.membership import leave
from tests.cast import Cast
from tests.challenge_makers import make_open, take_on
from tests.factories import NOW, TODAY, focus_area, make_activity, make_outcome, make_person

NEW = {"opens_on": TODAY - timedelta(days=1)}
WEEK = timedelta(days=7)

As = Callable[[Person], FlaskClient]


def told() -> dict[int, str]:
    """What each person was told of."""
    rows = db.session.scalars(select(Notification).where(Notification.kind == Kind.CHALLENGE))
    return {row.person_id: row.parameters["title"] for row in rows}


def test_the_best_new_one_is_told_to_participants_whom_it_fits(cast: Cast) -> None:
    for person in (cast.alice, cast.charlie, cast.cora, cast.stig):
        assert person
    make_open(cast.lena, title="gammal")
    make_open(cast.kim, title="Klippans", municipality_id=cast.kim.municipality_id, **NEW)
    make_open(cast.lena, title="senare", **NEW)
    sooner = make_open(cast.lena, title="snarare", closes_on=TODAY + timedelta(days=3), **NEW)
    take_on(sooner, make_activity(cast.bob))
    assert tell_of_new_challenges(NOW)
    assert told() == {
        cast.alice.id: "snarare",
        cast.bob.id: "senare",
        cast.charlie.id: "snarare",
    }


def test_whoever_has_planned_in_its_focus_area_is_told_of_that_one(cast: Cast) -> None:
    make_outcome(make_activity(cast.charlie))
    make_outcome(make_activity(cast.charlie, focus_area=focus_area("miljo")))
    make_activity(cast.alice, focus_area=focus_area("miljo"))
    make_open(cast.lena, title="lärande", **NEW)
    make_open(cast.lena, title="miljö", focus_area_id=focus_area("miljo").id, **NEW)
    assert cast.bob
    tell_of_new_challenges(NOW)
    assert (told()[cast.alice.id], told()[cast.bob.id]) == ("miljö", "lärande")


def test_nobody_is_told_twice_in_a_week(cast: Cast) -> None:
    assert cast.alice
    make_open(cast.lena, title="en", **NEW)
    tell_of_new_challenges(NOW)
    make_open(cast.lena, title="två", closes_on=TODAY, **NEW)
    tell_of_new_challenges(NOW + timedelta(hours=2))
    assert list(told().values()) == ["en"]
    make_open(cast.lena, title="tre", opens_on=TODAY + timedelta(days=6))
    tell_of_new_challenges(NOW + WEEK)
    titles = db.session.scalars(select(Notification.parameters).order_by(Notification.id)).all()
    assert [parameters["title"] for parameters in titles] == ["en", "tre"]


def test_where_nothing_is_new_nobody_is_told(cast: Cast) -> None:
    assert cast.alice
    make_open(cast.lena)
    assert tell_of_new_challenges(NOW)
    assert tell_of_new_challenges(NOW + 10 * WEEK), "the stage has ended"
    assert told() == {}


def test_who_has_left_is_not_told(cast: Cast) -> None:
    leave(cast.alice, now=NOW)
    make_open(cast.lena, **NEW)
    tell_of_new_challenges(NOW)
    assert told() == {}


def test_the_title_is_withheld_once_it_is_hidden(cast: Cast, as_: As) -> None:
    assert cast.alice
    challenge = make_open(cast.lena, title="Ett fult ord", **NEW)
    tell_of_new_challenges(NOW)
    hide(challenge, cast.lena, "tone", "", NOW)
    db.session.commit()
    page = as_(cast.alice).get("/inbox").text
    assert "En ny utmaning som passar dig" in page
    assert "Ett fult ord" not in page


def test_many_are_told_in_a_few_statements(cast: Cast, queries: list[str]) -> None:
    lena, counts = cast.lena, list[int]()
    make_open(lena, **NEW)
    for week, more in enumerate((2, 20)):
        for _ in range(more):
            make_person()
        make_open(lena, opens_on=TODAY + week * WEEK)
        queries.clear()
        tell_of_new_challenges(NOW + week * WEEK)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_one_person_who_cannot_be_told_keeps_it_from_nobody(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [cast.alice.id, cast.bob.id, cast.charlie.id]
    make_open(cast.lena, **NEW)
    notify: Callable[..., int] = telling.notify

    def fails_for_bob(person_ids: list[int], *args: object, **kwargs: object) -> int:
        if cast.bob.id in person_ids:
            raise RuntimeError("broken")
        return notify(person_ids, *args, **kwargs)

    monkeypatch.setattr(telling, "notify", fails_for_bob)
    tell_of_new_challenges(NOW)
    assert sorted(told()) == sorted({*people} - {cast.bob.id})


def test_the_job_runs_once_a_week(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes, tried = [False, True, True], []

    def tell(now: datetime) -> bool:
        tried.append(now.day)
        return outcomes.pop(0)

    monkeypatch.setattr(telling, "tell_of_new_challenges", tell)
    for day in range(9, 18):
        with time_machine.travel(datetime(2026, 11, day, 6, 27, tzinfo=NOW.tzinfo), tick=False):
            jobs.tell_of_new_challenges()
    assert tried == [9, 10, 16], "what failed is done again, and then the week is done"
    assert len(db.session.scalars(select(JobRun)).all()) == 2
