"""The same activity told twice becomes one: nothing is lost, nothing counts twice, and it can be undone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.extensions import db
from app.models.activity import Activity
from app.models.adoption import Adoption
from app.models.comment import Comment
from app.models.contribution import CheerKind, Contribution
from app.models.double import Double
from app.models.ledger import PointEntry
from app.models.notification import Notification
from app.models.person import Person
from app.models.tip import Tip
from app.services.activities.adoption import adopt
from app.services.activities.best_practice import NotTheirsToLiftError, best_practice_of, lift
from app.services.activities.cheer import cheer
from app.services.activities.coming import come_along
from app.services.activities.plan import answer_invitation, invite
from app.services.moderation.decide import restore
from app.services.moderation.doubles import NoDoubleError, merge, part
from app.services.moderation.flags import flag
from app.services.moderation.queue import queue
from app.services.upkeep.audit import verify
from tests.cast import Cast
from tests.challenge_makers import make_open, make_undertaking, whole
from tests.comment_makers import make_comment
from tests.factories import NOW, add_rules, focus_area, make_activity, make_outcome, make_person, stage
from tests.unchanged import unchanged

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]


@pytest.fixture(autouse=True)
def people(cast: Cast) -> None:
    """Touched, so that making them later does not let go of what has been loaded."""
    for person in (cast.alice, cast.bob, cast.charlie, cast.cora, cast.kim, cast.lena):
        assert person
    add_rules(first={"points": 20, "daily": 5})


def one(double: Activity, kept: Activity, by: Person) -> None:
    merge(whole(double.id), whole(kept.id), by=by, now=NOW)
    db.session.commit()


def two(double: Activity, by: Person) -> None:
    part(whole(double.id), by=by, now=NOW)
    db.session.commit()


def points(person: Person) -> int:
    total = select(func.sum(PointEntry.points)).where(PointEntry.person_id == person.id)
    return db.session.scalar(total) or 0


def counts(activity: Activity) -> dict[str, int]:
    row = db.session.get_one(Contribution, activity.id, populate_existing=True)
    return {"spark": row.spark_count, "hat": row.hat_count, "comments": row.comment_count}


def told_twice(cast: Cast, **over: Any) -> tuple[Activity, Activity]:
    """Bob's double of what Alice tells."""
    return make_activity(cast.bob, **over), make_activity(cast.alice, **over)


def test_the_double_leads_to_the_other_and_is_nowhere_else(cast: Cast, as_: As) -> None:
    double, kept = told_twice(cast)
    one(double, kept, cast.cora)
    for person in (cast.bob, cast.charlie, cast.cora, cast.lena):
        answer = as_(person).get(f"/activities/{double.id}")
        assert (answer.status_code, answer.location) == (302, f"/activities/{kept.id}")
    assert f"/activities/{double.id}" not in as_(cast.charlie).get("/").text
    page = as_(cast.charlie).get(f"/activities/{kept.id}").text
    assert "Bob Berg" in page
    assert verify() == []


def test_whoever_made_the_double_has_made_the_other(cast: Cast) -> None:
    double = make_activity(cast.charlie)
    kept = make_activity(cast.alice)
    one(double, kept, cast.lena)
    assert whole(kept.id).owner_ids() == {cast.alice.id, cast.charlie.id}
    assert [place.slug for place in whole(kept.id).municipalities] == ["bjuv", "klippan"]
    two(double, cast.lena)
    assert whole(kept.id).owner_ids() == {cast.alice.id}
    assert [place.slug for place in whole(kept.id).municipalities] == ["bjuv"]
    assert verify() == []


def test_each_person_cheers_once(cast: Cast) -> None:
    double, kept = told_twice(cast)
    cheer(whole(double.id), cast.charlie, CheerKind.HAT, now=NOW)
    cheer(whole(double.id), cast.kim, now=NOW)
    cheer(whole(kept.id), cast.kim, now=NOW)
    cheer(whole(double.id), cast.alice, now=NOW)
    db.session.commit()
    one(double, kept, cast.cora)
    assert counts(kept) == {"spark": 1, "hat": 1, "comments": 0}
    assert verify() == []
    two(double, cast.cora)
    assert counts(kept) == {"spark": 1, "hat": 0, "comments": 0}
    assert counts(double) == {"spark": 2, "hat": 1, "comments": 0}
    assert verify() == []


def test_threads_move_whole_and_back(cast: Cast) -> None:
    double, kept = told_twice(cast)
    make_comment(whole(kept.id), cast.kim)
    opening = make_comment(whole(double.id), cast.charlie)
    make_comment(whole(double.id), cast.kim, to=opening)
    one(double, kept, cast.cora)
    assert (counts(kept)["comments"], counts(double)["comments"]) == (3, 0)
    opening = db.session.get_one(Comment, opening.id, populate_existing=True)
    make_comment(whole(kept.id), cast.bob, to=opening)
    assert verify() == []
    two(double, cast.cora)
    assert (counts(kept)["comments"], counts(double)["comments"]) == (1, 3)
    assert verify() == []


def test_what_was_said_is_moderated_where_it_stands_and_who_has_joined_meanwhile_stays(cast: Cast) -> None:
    double, kept, late = (
        make_activity(cast.charlie),
        make_activity(cast.alice),
        make_person("Karl", "klippan"),
    )
    said = make_comment(whole(double.id), cast.charlie)
    one(double, kept, cast.lena)
    flag(db.session.get_one(Comment, said.id, populate_existing=True), cast.bob, "tone", "Hårt.", NOW)
    assert [item.thing.id for item in queue(cast.cora).items] == [said.id]
    answer_invitation(invite(whole(kept.id), late, by=cast.alice, now=NOW), accept=True, now=NOW)
    two(double, cast.lena)
    assert {place.slug for place in whole(kept.id).municipalities} == {"bjuv", "klippan"}
    assert verify() == []


def test_who_comes_along_to_both_comes_once(cast: Cast) -> None:
    double, kept = told_twice(cast)
    for thing, person in ((double, cast.charlie), (kept, cast.charlie), (double, cast.kim), (kept, cast.bob)):
        come_along(whole(thing.id), person, now=NOW)
    db.session.commit()
    one(double, kept, cast.cora)
    page = db.session.execute(
        db.text(f"select person_id from coming where activity_id = {kept.id}")
    ).scalars()
    assert sorted(page) == sorted([cast.charlie.id, cast.kim.id])
    assert verify() == []


def test_points_for_the_same_count_once_and_come_back(cast: Cast) -> None:
    double, kept = make_activity(cast.alice), make_activity(cast.alice)
    for thing in (double, kept):
        make_outcome(thing)
    before = points(cast.alice)
    one(double, kept, cast.cora)
    # For planning, for telling, and for two lessons.
    assert points(cast.alice) == before - 10 - 30 - 10 - 10
    assert verify() == []
    two(double, cast.cora)
    assert points(cast.alice) == before
    assert verify() == []


def test_nobody_loses_what_they_have_for_one_of_them_alone(cast: Cast) -> None:
    double, kept = told_twice(cast)
    for thing in (double, kept):
        make_outcome(thing)
    before = points(cast.alice), points(cast.bob)
    one(double, kept, cast.cora)
    assert (points(cast.alice), points(cast.bob)) == before
    two(double, cast.cora)
    assert (points(cast.alice), points(cast.bob)) == before
    assert verify() == []


def test_lessons_move_into_the_report_or_stand_alone(cast: Cast, as_: As) -> None:
    double, kept = told_twice(cast)
    make_outcome(double, success="Ring dem dagen innan, då kommer de.")
    make_outcome(kept, pitfall="")
    one(double, kept, cast.cora)
    trap = db.session.scalars(
        select(Tip).where(Tip.owner_id == cast.bob.id, Tip.kind_of_tip == "pitfall")
    ).one()
    alone = db.session.scalars(
        select(Tip).where(Tip.owner_id == cast.bob.id, Tip.kind_of_tip == "success")
    ).one()
    assert (trap.activity_id, alone.activity_id) == (kept.id, None)
    assert "Ring dem dagen innan" in as_(cast.charlie).get("/tips").text
    assert verify() == []
    two(double, cast.cora)
    assert set(db.session.scalars(select(Tip.activity_id).where(Tip.owner_id == cast.bob.id))) == {double.id}
    assert verify() == []


def test_what_was_borrowed_is_borrowed_from_the_other(cast: Cast) -> None:
    double, kept = told_twice(cast)
    for thing in (double, kept):
        make_outcome(thing)
    first = make_activity(cast.charlie)
    adopt(whole(first.id), whole(double.id), now=NOW)
    make_outcome(first)
    second = make_activity(cast.kim)
    adopt(whole(second.id), whole(first.id), now=NOW)
    db.session.commit()

    def ties() -> list[tuple[int, int]]:
        rows = select(Adoption.origin_id, Adoption.root_id).order_by(Adoption.activity_id)
        return [(origin, root) for origin, root in db.session.execute(rows)]

    before = ties()
    one(double, kept, cast.cora)
    assert ties() == [(kept.id, kept.id), (first.id, kept.id)]
    assert verify() == []
    two(double, cast.cora)
    assert ties() == before
    assert verify() == []


def test_a_model_stays_one(cast: Cast) -> None:
    double, kept = told_twice(cast)
    for thing in (double, kept):
        make_outcome(thing)
    lift(whole(double.id), "Alla kan.", by=cast.cora, now=NOW)
    one(double, kept, cast.cora)
    assert best_practice_of(kept.id)
    two(double, cast.cora)
    assert best_practice_of(double.id)
    assert not best_practice_of(kept.id)
    assert verify() == []


def test_both_are_told_and_the_log_can_undo_it(cast: Cast, as_: As) -> None:
    double, kept = told_twice(cast)
    one(double, kept, cast.cora)
    notes = select(Notification.person_id).where(Notification.key.regexp_match("^(merged|joined):"))
    assert set(db.session.scalars(notes)) == {cast.alice.id, cast.bob.id}
    assert "Två som var samma har blivit en" in as_(cast.bob).get("/inbox").text
    assert "Sammanförd med sin dubblett" in as_(cast.cora).get("/moderation/log").text
    restore(whole(double.id), cast.lena, NOW + timedelta(hours=1))
    db.session.commit()
    assert db.session.scalar(select(func.count()).select_from(Double)) == 0
    assert as_(cast.charlie).get(f"/activities/{double.id}").status_code == 200
    assert verify() == []


def test_what_would_lose_something_is_not_made_one(cast: Cast) -> None:
    told, plan = make_activity(cast.bob), make_activity(cast.alice)
    make_outcome(told)
    bound = make_undertaking(cast.bob, make_open(cast.lena))
    earlier = make_activity(cast.alice, stage=stage(1))
    for double, kept, why in ((told, plan, "reported"), (bound, plan, "challenge"), (earlier, plan, "stage")):
        with pytest.raises(NoDoubleError) as refused:
            merge(whole(double.id), whole(kept.id), by=cast.lena, now=NOW)
        assert refused.value.why == why


def test_only_what_one_may_decide_about(cast: Cast) -> None:
    mine, theirs, elsewhere = make_activity(cast.cora), make_activity(cast.alice), make_activity(cast.charlie)
    for double, kept in ((mine, theirs), (theirs, mine), (theirs, elsewhere), (elsewhere, theirs)):
        with unchanged(), pytest.raises(NotTheirsToLiftError):
            merge(whole(double.id), whole(kept.id), by=cast.cora, now=NOW)


def test_the_page_makes_them_one_and_parts_them(cast: Cast, as_: As) -> None:
    double, kept = told_twice(cast)
    client = as_(cast.cora)
    assert f'value="{kept.id}"' in client.get(f"/activities/{double.id}/care").text
    for nothing in ({}, {"kept": ""}, {"kept": "x"}, {"kept": "0"}, {"kept": "9" * 20}):
        assert client.post(f"/activities/{double.id}/double", data=nothing).status_code == 422
    address = f"/activities/{double.id}/double"
    for noun, form, leads_to in (("", {"kept": kept.id}, kept), ("/withdrawal", {}, double)):
        answer = client.post(address + noun, data=form)
        assert (answer.status_code, answer.location) == (303, f"/activities/{leads_to.id}")
        assert ("Dela på dem igen" in client.get(f"/activities/{kept.id}/care").text) is (leads_to is kept)
        with unchanged():
            assert client.post(address + noun, data=form).location == answer.location, "a second tap"
    assert as_(cast.charlie).get(f"/activities/{double.id}").status_code == 200
    assert verify() == []


def test_one_that_has_become_one_may_become_one_again(cast: Cast, as_: As) -> None:
    first, second = told_twice(cast)
    third = make_activity(make_person("Tredje", "bjuv"), focus_area=focus_area("miljo"))
    one(first, second, cast.cora)
    one(second, third, cast.cora)
    answer = as_(cast.charlie).get(f"/activities/{first.id}", follow_redirects=True)
    assert answer.request.path == f"/activities/{third.id}"
    assert whole(third.id).owner_ids() >= {cast.alice.id, cast.bob.id}
    two(second, cast.cora)
    two(first, cast.cora)
    assert verify() == []
