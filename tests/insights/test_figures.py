"""The figures of docs/product.md, counted by hand beside the service."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.extensions import db
from app.models.activity import Activity
from app.models.person import Person
from app.models.stage import Stage
from app.services.activities.plan import answer_invitation, invite, withdraw_activity
from app.services.insights.figures import Figures, StageFigures, stage_figures
from app.services.moderation import decide
from app.services.people.membership import leave
from tests.cast import Cast
from tests.factories import NOW, TODAY, focus_area, make_activity, make_outcome, municipality, stage, value

_BEFORE = TODAY - timedelta(days=5)
_LATER = TODAY + timedelta(days=5)
_AFTER_ALL = date(2026, 12, 20)


def _figures(today: date = TODAY, of: Stage | None = None) -> StageFigures:
    return stage_figures(of or stage(), today)


def _together(owner: Person, partner: Person) -> Activity:
    """An activity that the partner has said yes to."""
    shared = make_activity(owner)
    answer_invitation(invite(shared, partner, by=owner, now=NOW), True, now=NOW)
    return shared


def test_a_stage_without_plans_has_no_rates(cast: Cast) -> None:
    total = _figures().total
    assert (total.planned, total.completion_rate, total.concreteness, total.top_share) == (
        0,
        None,
        None,
        None,
    )
    assert total.participation == 0


def test_while_the_stage_runs_the_completion_rate_counts_only_plans_whose_date_has_passed(cast: Cast) -> None:
    done = make_activity(cast.alice, planned_for=_BEFORE)
    make_activity(cast.alice, planned_for=_BEFORE)
    make_activity(cast.bob, planned_for=_LATER)
    make_activity(cast.bob, planned_for=None)
    make_outcome(done)
    figures = _figures()
    assert figures.so_far
    assert (figures.total.planned, figures.total.carried_out) == (4, 1)
    assert figures.total.completion_rate == 1 / 2


def test_when_the_stage_has_ended_every_plan_counts(cast: Cast) -> None:
    make_outcome(make_activity(cast.alice, planned_for=_BEFORE))
    make_activity(cast.alice, planned_for=None)
    figures = _figures(_AFTER_ALL)
    assert not figures.so_far
    assert figures.total.completion_rate == 1 / 2


def test_a_plan_withdrawn_by_its_owner_counts_as_planned_and_one_hidden_by_moderation_does_not(
    cast: Cast,
) -> None:
    make_outcome(make_activity(cast.alice, planned_for=_BEFORE))
    withdraw_activity(make_activity(cast.bob, planned_for=_BEFORE), by=cast.bob, now=NOW)
    decide.hide(make_activity(cast.bob, planned_for=_BEFORE), cast.cora, "off_topic", "", NOW)
    total = _figures().total
    assert total.planned == 2
    assert total.completion_rate == 1 / 2


def test_an_honest_failure_is_reported_but_not_carried_out_and_not_rated(cast: Cast) -> None:
    make_outcome(make_activity(cast.alice, planned_for=_BEFORE), carried_out=False)
    total = _figures().total
    assert (total.carried_out, total.rated, total.completion_rate) == (0, 0, 0)


def test_concreteness_is_the_mean_share_of_the_five_questions_that_plans_answer(cast: Cast) -> None:
    make_activity(cast.alice)
    make_activity(cast.alice, place="", audience="", success_sign="")
    assert _figures().total.concreteness == pytest.approx((5 / 5 + 2 / 5) / 2)


def test_the_top_share_is_the_fives_among_the_rated(cast: Cast) -> None:
    for rating in (5, 4, 4, 2):
        make_outcome(make_activity(cast.alice, planned_for=_BEFORE), rating=rating)
    total = _figures().total
    assert total.ratings == {1: 0, 2: 1, 3: 0, 4: 2, 5: 1}
    assert total.top_share == 1 / 4
    assert total.reach == 100


def test_participation_counts_each_person_once_and_co_owners_who_said_yes(cast: Cast) -> None:
    bob = cast.bob
    make_activity(cast.alice)
    shared = _together(cast.alice, cast.charlie)
    invite(shared, bob, by=cast.alice, now=NOW)
    figures = _figures()
    assert figures.total.participants == 2
    assert figures.total.participation == pytest.approx(2 / (4 + 5 + 20))
    assert figures.municipalities[municipality("bjuv").id].participation == 1 / 4


def test_what_is_reported_is_due_also_before_its_day_has_passed(cast: Cast) -> None:
    make_outcome(make_activity(cast.alice, planned_for=TODAY))
    make_activity(cast.alice, planned_for=TODAY)
    assert (_figures().total.due, _figures().total.completion_rate) == (1, 1)


def test_participation_is_at_most_all_also_when_people_leave(cast: Cast) -> None:
    for person in (cast.alice, cast.bob):
        make_activity(person)
        leave(person, now=NOW)
    place = municipality("bjuv")
    place.pool = 1
    db.session.commit()
    bjuv = _figures().municipalities[place.id]
    assert (bjuv.participants, bjuv.participation) == (2, 1)


def test_a_joint_activity_counts_in_each_of_its_municipalities(cast: Cast) -> None:
    _together(cast.alice, cast.charlie)
    figures = _figures()
    assert figures.total.planned == 1
    assert [
        figures.municipalities[municipality(slug).id].planned for slug in ("bjuv", "klippan", "helsingborg")
    ] == [
        1,
        1,
        0,
    ]


def test_an_activity_for_two_values_counts_under_both(cast: Cast) -> None:
    make_activity(
        cast.alice, value=value("kreativt"), also_values=[value("gemensamt")], focus_area=focus_area("miljo")
    )
    figures = _figures()
    cells = {(value(slug).id, focus_area("miljo").id) for slug in ("kreativt", "gemensamt")}
    assert set(figures.matrix) == cells
    assert {id_: group.planned for id_, group in figures.values.items()} == {v: 1 for v, _area in cells}


def test_a_stage_counts_its_own_plans_only(cast: Cast) -> None:
    make_activity(cast.alice, stage=stage(1), now=datetime(2026, 5, 20, 9, tzinfo=UTC))
    assert _figures().total == Figures(participants=0, pool=29)
    assert _figures(of=stage(1)).total.planned == 1
