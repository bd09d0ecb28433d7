"""Cheers of three kinds, on the pages that have all three and on those with one button."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.models.contribution import Cheer, CheerKind, Contribution
from app.models.notification import Notification
from app.models.person import Person
from app.services.activities.cheer import cheer, withdraw_cheer
from app.services.activities.visibility import whole_activity
from app.services.notifications.kinds import words_of
from app.services.upkeep.audit import repair, verify
from tests.at_once import all_at_once
from tests.cast import Cast
from tests.factories import NOW, make_activity, make_outcome, make_person, make_tip
from tests.unchanged import unchanged

As = Callable[[Person], FlaskClient]
SPARK, HAT, FIKA = CheerKind.SPARK, CheerKind.HAT, CheerKind.FIKA


def counts(number: int) -> tuple[int, int, int, int]:
    """All, and by kind; checked against the rows."""
    db.session.expire_all()
    row = db.session.get_one(Contribution, number)
    assert verify() == []
    return row.cheer_count, row.spark_count, row.hat_count, row.fika_count


def pressed(page: str) -> list[str]:
    buttons = re.findall(r'<button[^>]*name="kind"[^>]*>', page)
    return [re.findall(r'value="(\w+)"', one)[0] for one in buttons if 'aria-pressed="true"' in one]


@pytest.mark.parametrize("what", ["activity", "tip"])
def test_one_of_three_and_another_one_takes_its_place(
    cast: Cast, as_: As, hx: dict[str, str], what: str
) -> None:
    thing = make_activity(cast.alice) if what == "activity" else make_tip(cast.alice)
    number, path = thing.id, thing.path
    bob = as_(cast.bob)
    assert pressed(bob.get(path).text) == []
    for kind, expected in (("hat", (1, 0, 1, 0)), ("fika", (1, 0, 0, 1)), ("spark", (1, 1, 0, 0))):
        for _ in range(2):
            page = bob.post(f"{path}/cheer", data={"kind": kind}, headers=hx).text
            assert pressed(page) == [kind]
            assert "Du gav:" in page
            assert counts(number) == expected
    assert pressed(bob.get(path).text) == ["spark"]
    page = bob.post(f"{path}/cheer/withdrawal", data={"kind": "spark"}, headers=hx).text
    assert (pressed(page), "Tillbakatagen." in page) == ([], True)
    assert counts(number) == (0, 0, 0, 0)


def test_without_script_one_comes_back_to_the_three(cast: Cast, as_: As) -> None:
    activity = make_activity(cast.alice)
    answer = as_(cast.bob).post(f"{activity.path}/cheer", data={"kind": "hat"})
    assert (answer.status_code, answer.location) == (303, f"{activity.path}#cheers-{activity.id}")


def test_there_is_no_fourth_kind_and_none_for_ones_own(cast: Cast, as_: As) -> None:
    activity = make_activity(cast.alice)
    alice, bob = as_(cast.alice), as_(cast.bob)
    with unchanged():
        assert bob.post(f"{activity.path}/cheer", data={"kind": "boo"}).status_code == 400
        assert alice.post(f"{activity.path}/cheer", data={"kind": "hat"}).status_code == 403
    assert 'name="kind"' not in alice.get(activity.path).text
    cheer(whole_activity(activity.id) or activity, cast.bob, HAT, now=NOW)
    db.session.commit()
    page = alice.get(activity.path).text
    assert 'name="kind"' not in page
    assert "<b>1</b>" in page[page.index('class="cheers"') :]


def test_a_card_keeps_its_one_tap_and_shows_all(cast: Cast, as_: As, hx: dict[str, str]) -> None:
    fans = cast.bob, cast.charlie, cast.kim
    make_outcome(activity := make_activity(cast.alice))
    activity = whole_activity(activity.id) or activity
    for person, kind in zip(fans, (HAT, FIKA, SPARK), strict=True):
        cheer(activity, person, kind, now=NOW)
    db.session.commit()
    bob = as_(cast.bob)
    feed = bob.get("/").text
    assert f'id="cheer-{activity.id}" aria-pressed="true"' in " ".join(feed.split())
    assert '<span aria-hidden="true">3</span>' in feed
    button = bob.post(f"{activity.path}/cheer/withdrawal", headers=hx).text
    assert ('aria-pressed="false"' in button, 'name="kind"' in button) == (True, False)
    assert counts(activity.id) == (2, 1, 0, 1)


def test_a_tip_says_whom_it_helped_by_sparks_alone(cast: Cast, as_: As) -> None:
    tip = make_tip(cast.alice)
    cheer(tip, cast.bob, HAT, now=NOW)
    cheer(tip, cast.charlie, SPARK, now=NOW)
    db.session.commit()
    page = as_(cast.bob).get("/tips").text
    assert "Hjälpte 1 person" in page or "Det hjälpte 1 person" in page
    assert f'id="cheer-{tip.id}" aria-pressed="false"' in " ".join(page.split())


@pytest.mark.parametrize(
    ("kinds", "title"),
    [
        ([SPARK], "Bob Berg gav dig en gnista"),
        ([HAT], "Bob Berg lyfter på hatten"),
        ([FIKA], "Bob Berg säger: fika på det"),
        ([HAT, HAT], "Bob Berg och 1 till lyfter på hatten"),
        ([FIKA, FIKA, FIKA], "Bob Berg och 2 till säger: fika på det"),
        ([SPARK, HAT], "Bob Berg och 1 till hejar på dig"),
    ],
)
def test_the_owner_is_told_the_kind_when_all_are_alike(
    cast: Cast, kinds: list[CheerKind], title: str
) -> None:
    fans = cast.bob, cast.charlie, cast.kim
    activity = make_activity(cast.alice)
    for person, kind in zip(fans, kinds, strict=False):
        cheer(activity, person, kind, now=NOW)
    told = db.session.scalars(select(Notification).where(Notification.kind == "cheer")).one()
    assert words_of(told.kind, told.parameters, "sv").title == title
    before = {key: value for key, value in told.parameters.items() if key != "cheer"}
    assert "gnist" in words_of(told.kind, before, "sv").title, "what was told before there were kinds"


def test_counts_that_differ_are_found_and_repaired(cast: Cast) -> None:
    bob, activity = cast.bob, make_activity(cast.alice)
    cheer(activity, bob, HAT, now=NOW)
    contribution = db.session.get_one(Contribution, activity.id)
    contribution.hat_count, contribution.fika_count = 5, 2
    db.session.flush()
    assert {difference.of.partition(" ")[0] for difference in verify()} == {"hat_count", "fika_count"}
    repair()
    assert counts(activity.id) == (1, 0, 1, 0)


def test_whoever_cheers_and_changes_it_at_once_the_counts_are_those_of_the_rows(live: Flask) -> None:
    with live.app_context():
        number = make_activity(make_person()).id
        people = [make_person().id for _ in range(3)]

    def give(person_id: int, kind: CheerKind) -> Callable[[], object]:
        def step() -> None:
            activity = whole_activity(number)
            assert activity
            cheer(activity, db.session.get_one(Person, person_id), kind, now=NOW)

        return step

    def take_back() -> None:
        activity = whole_activity(number)
        assert activity
        withdraw_cheer(activity, db.session.get_one(Person, people[0]), now=NOW)

    steps = [give(person, kind) for person in people for kind in CheerKind]
    assert all_at_once(live, [*steps, take_back]) == []
    with live.app_context():
        assert verify() == []
        rows = db.session.scalars(select(Cheer)).all()
        assert {row.person_id for row in rows} >= set(people[1:])
