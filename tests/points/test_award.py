"""Points: for what, how many, once, within a day's cap, and reversible."""

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.extensions import db
from app.models.activity import Activity
from app.models.board import MunicipalityTotal
from app.models.ledger import PersonTotal, PointEntry
from app.models.outcome import Outcome
from app.models.person import Person
from app.services.activities.plan import answer_invitation, invite, withdraw_activity
from app.services.activities.visibility import whole_activity
from app.services.points.award import award_plan, award_report, give_again, take_back
from app.services.upkeep import running_points
from app.services.upkeep.audit import repair, verify
from tests.anew import starting_anew
from tests.cast import Cast
from tests.factories import NOW, make_activity, make_outcome, municipality, stage


def points_of(person: Person) -> int:
    return (
        db.session.scalar(select(func.sum(PersonTotal.points)).where(PersonTotal.person_id == person.id)) or 0
    )


def entries_of(person: Person) -> dict[str, int]:
    rows = db.session.execute(
        select(PointEntry.reason, PointEntry.points).where(PointEntry.person_id == person.id)
    )
    return dict(rows.all())


def done_together(cast: Cast) -> Activity:
    alice, charlie = cast.alice, cast.charlie  # made first: what they commit expires what is loaded
    activity = make_activity(alice)
    answer_invitation(invite(activity, charlie, by=alice, now=NOW), True, now=NOW)
    db.session.commit()
    joined = whole_activity(activity.id)
    assert joined
    return joined


def test_a_plan_earns_once(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    assert points_of(cast.alice) == 10
    assert award_plan(activity, NOW) == 0
    assert points_of(cast.alice) == 10


def test_a_report_and_its_lessons_earn(cast: Cast) -> None:
    make_outcome(make_activity(cast.alice))
    assert entries_of(cast.alice) == {"plan": 10, "report": 30, "success": 10, "pitfall": 10}
    assert points_of(cast.alice) == 60


def test_an_honest_failure_earns_as_much(cast: Cast) -> None:
    make_outcome(make_activity(cast.alice))
    make_outcome(make_activity(cast.bob), carried_out=False)
    assert entries_of(cast.alice) == entries_of(cast.bob)


def test_a_lesson_that_says_nothing_earns_nothing(cast: Cast) -> None:
    make_outcome(make_activity(cast.alice), success="Bra!", pitfall="  kort, men med plats  ")
    assert entries_of(cast.alice) == {"plan": 10, "report": 30}


def test_a_lesson_that_is_added_later_earns_and_the_rest_not_again(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    make_outcome(activity, success="", pitfall="")
    make_outcome(activity, pitfall="")
    assert entries_of(cast.alice) == {"plan": 10, "report": 30, "success": 10}


def test_across_a_border_the_report_counts_twice_for_all_who_did_it(cast: Cast) -> None:
    activity = done_together(cast)
    make_outcome(activity)
    assert entries_of(cast.alice) == {"plan": 10, "report": 30, "success": 10, "pitfall": 10, "joint": 30}
    assert entries_of(cast.charlie) == {"report": 30, "success": 10, "pitfall": 10, "joint": 30}
    place = municipality("klippan").id
    assert db.session.get_one(MunicipalityTotal, (stage().id, place)).points == 80


def test_it_returns_what_the_reporter_got(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    make_outcome(activity)
    assert award_report(activity, cast.alice, ["report", "success", "pitfall"], NOW) == 0


def test_nobody_earns_for_more_plans_than_the_day_allows(cast: Cast) -> None:
    for _ in range(5):
        make_activity(cast.alice)
    assert points_of(cast.alice) == 30
    make_activity(cast.alice, now=NOW + timedelta(days=1))
    assert points_of(cast.alice) == 40


def test_what_went_over_the_cap_is_not_earned_by_saving_it_again_tomorrow(cast: Cast) -> None:
    activities = [make_activity(cast.alice) for _ in range(7)]
    for activity in activities:
        make_outcome(activity)
    points = points_of(cast.alice)
    for activity in activities:
        make_outcome(activity, story="Ett ord till.", now=NOW + timedelta(days=1))
    assert points_of(cast.alice) == points


def test_the_day_ends_at_midnight_of_the_programme(cast: Cast) -> None:
    evening = datetime(2026, 11, 10, 22, 30, tzinfo=UTC)  # 23.30 in Sweden
    for _ in range(3):
        make_activity(cast.alice, now=evening)
    make_activity(cast.alice, now=evening)
    assert points_of(cast.alice) == 30
    make_activity(cast.alice, now=evening + timedelta(minutes=31))
    assert points_of(cast.alice) == 40


def test_what_was_earned_is_taken_back_by_one_entry_and_given_again(cast: Cast) -> None:
    activity = done_together(cast)
    make_outcome(activity)
    assert take_back(activity, "removal:1", "hidden", NOW) == -170
    assert points_of(cast.alice) == points_of(cast.charlie) == 0
    assert take_back(activity, "removal:1", "hidden", NOW) == 0
    assert give_again(activity, "removal:1", "restored", NOW) == 170
    assert give_again(activity, "removal:1", "restored", NOW) == 0
    assert (points_of(cast.alice), points_of(cast.charlie)) == (90, 80)
    assert len(db.session.scalars(select(PointEntry).where(PointEntry.reason == "hidden")).all()) == 2


def test_a_withdrawn_plan_is_not_paid_when_it_is_restored(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    withdraw_activity(activity, by=cast.alice, now=NOW)
    assert points_of(cast.alice) == 0
    assert give_again(activity, "removal:1", "restored", NOW) == 0


def test_points_stay_where_the_plan_was_made_when_the_owner_moves(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    cast.alice.municipality_id = municipality("klippan").id
    db.session.commit()
    make_outcome(activity)
    assert {entry.municipality_id for entry in db.session.scalars(select(PointEntry))} == {
        municipality("bjuv").id
    }


def _report(activity: Activity) -> Outcome:
    loaded = whole_activity(activity.id)
    assert loaded
    return make_outcome(loaded)


def _do(step: str, activity: Activity, source: str, outcomes: dict[int, Outcome]) -> None:
    if step == "plan":
        award_plan(activity, NOW)
    elif step == "take":
        take_back(activity, source, "hidden", NOW)
    elif step == "give":
        give_again(activity, source, "restored", NOW)
    elif activity.id in outcomes:
        award_report(activity, activity.owner, ["report", "success", "pitfall"], NOW)
    elif step == "report":
        outcomes[activity.id] = _report(activity)


_STEPS = st.lists(
    st.tuples(
        st.sampled_from(["plan", "report", "take", "give", "again"]), st.integers(0, 2), st.integers(1, 3)
    ),
    max_size=25,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=_STEPS)
@starting_anew
def test_whatever_happens_the_totals_equal_the_ledger(cast: Cast, steps: list[tuple[str, int, int]]) -> None:
    activities = [make_activity(owner) for owner in (cast.alice, cast.bob)] + [done_together(cast)]
    outcomes: dict[int, Outcome] = {}
    for step, which, event in steps:
        _do(step, activities[which], f"removal:{event}", outcomes)
        assert verify(running_points.FIGURES) == []
        per_person = select(func.sum(PointEntry.points)).group_by(
            PointEntry.person_id, PointEntry.contribution_id
        )
        assert min(db.session.scalars(per_person), default=0) >= 0
    assert verify() == []


def test_a_figure_that_is_wrong_is_named_and_repaired(cast: Cast) -> None:
    make_outcome(make_activity(cast.alice))
    activity, place = make_activity(cast.bob), municipality("bjuv")
    db.session.get_one(MunicipalityTotal, (stage().id, place.id)).points = 7
    place.registered = 99
    activity.contribution.cheer_count = 3
    db.session.commit()
    found = {difference.of: (difference.stored, difference.recomputed) for difference in verify()}
    assert found == {
        f"municipality_total stage {stage().id} municipality {place.id}": (7, 70),
        f"registered municipality {place.id}": (99, 2),
        f"cheer_count contribution {activity.id}": (3, 0),
    }
    repair()
    assert verify() == []
    assert municipality("bjuv").registered == 2
