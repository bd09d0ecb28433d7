"""Progress, approval and points of challenges, whatever happens in whatever order."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.extensions import db
from app.models.activity import Activity
from app.models.challenge import Challenge, ChallengeKind
from app.models.ledger import PointEntry
from app.models.outcome import Photo, Refusal
from app.models.person import Person, Role
from app.models.undertaking import ChallengeProgress
from app.services.activities.locking import ClosedError
from app.services.activities.plan import (
    TooManyAskedError,
    answer_invitation,
    change_plan,
    invite,
    withdraw_activity,
)
from app.services.activities.returned import UnansweredError
from app.services.challenges.review import AlreadyDecidedError, approve, send_back
from app.services.challenges.undertake import leave
from app.services.moderation import acts, decide
from app.services.people.membership import set_role
from app.services.sums.settle import settle
from app.services.upkeep.audit import repair, verify
from tests.anew import starting_anew
from tests.cast import Cast
from tests.challenge_makers import complete, make_challenge, make_undertaking, undertaking_of, whole
from tests.factories import NOW, focus_area, make_plan


def challenge_points(person: Person) -> int:
    entries = select(func.sum(PointEntry.points)).where(PointEntry.person_id == person.id)
    return db.session.scalar(entries.where(PointEntry.reason == "challenge")) or 0


def completed() -> int:
    return db.session.scalar(select(func.sum(ChallengeProgress.completed))) or 0


def add_picture(activity: Activity) -> None:
    """A row is what counts; the worker refuses it or not."""
    key = f"{activity.id}-{len(whole(activity.id).photos)}"
    by = {"activity_id": activity.id, "by_id": activity.owner_id, "at": NOW}
    db.session.add(Photo(**by, key=key, sha256=key, width=4, height=3, sizes={}))
    db.session.flush()
    settle(activity, NOW)


def test_a_completion_is_counted_and_earns_what_was_promised(cast: Cast) -> None:
    activity = make_undertaking(cast.alice, make_challenge())
    assert (completed(), challenge_points(cast.alice)) == (0, 0)
    complete(activity)
    assert (completed(), challenge_points(cast.alice)) == (1, 40)
    complete(activity, ticked=(0,))
    assert (completed(), challenge_points(cast.alice)) == (0, 0)
    complete(activity, story="Nu är allt med.")
    assert (completed(), challenge_points(cast.alice)) == (1, 40)
    settle(activity, NOW)
    assert verify() == []


def test_partners_earn_it_too(cast: Cast) -> None:
    activity = make_undertaking(cast.alice, make_challenge(kind_of_challenge=ChallengeKind.JOINT.value))
    complete(activity)
    assert completed() == 0, "nobody from another municipality is with her"
    with_charlie = make_undertaking(cast.bob, make_challenge(kind_of_challenge=ChallengeKind.JOINT.value))
    answer_invitation(invite(with_charlie, cast.charlie, by=cast.bob, now=NOW), True, now=NOW)
    complete(whole(with_charlie.id))
    assert completed() == 1
    assert (challenge_points(cast.bob), challenge_points(cast.charlie)) == (40, 40)


def test_the_programme_office_earns_nothing_and_keeps_what_it_had(cast: Cast) -> None:
    activity = make_undertaking(cast.alice, make_challenge())
    answer_invitation(invite(activity, cast.lena, by=cast.alice, now=NOW), True, now=NOW)
    complete(whole(activity.id))
    assert (challenge_points(cast.alice), challenge_points(cast.lena)) == (40, 0)
    assert verify() == []
    set_role(cast.alice, Role.LEAD, now=NOW)
    assert verify() == []


def test_a_picture_that_is_refused_takes_the_completion_back(cast: Cast) -> None:
    activity = make_undertaking(cast.alice, make_challenge(needs_photo=True))
    complete(activity)
    assert completed() == 0
    add_picture(activity)
    assert completed() == 1
    db.session.scalars(select(Photo)).one().refusal = Refusal.NOT_AN_IMAGE.value
    settle(activity, NOW)
    assert (completed(), challenge_points(cast.alice)) == (0, 0)
    assert verify() == []


def test_what_is_hidden_and_shown_again_counts_once(cast: Cast) -> None:
    activity = make_undertaking(cast.alice, make_challenge())
    complete(activity)
    decide.hide(activity, cast.cora, "tone", "", NOW)
    assert completed() == 0
    decide.restore(activity, cast.cora, NOW)
    assert (completed(), challenge_points(cast.alice)) == (1, 40)
    assert verify() == []


def test_wrong_figures_are_found_and_repaired(cast: Cast) -> None:
    activity = make_undertaking(cast.alice, make_challenge(needs_approval=True))
    complete(activity)
    undertaking = undertaking_of(activity)
    undertaking.is_counted, undertaking.waits_since = True, None
    db.session.scalars(select(ChallengeProgress)).one().taken_on = 7
    db.session.flush()
    wrong = {difference.of.partition(" ")[0] for difference in verify()}
    assert wrong == {"undertaking_is_counted", "undertaking_waits", "challenge_taken_on"}
    repair()
    assert verify() == []
    approve(activity, cast.cora, NOW)
    db.session.scalars(select(PointEntry).where(PointEntry.reason == "challenge")).one().points = 10
    db.session.flush()
    assert {"challenge_points"} <= {difference.of.partition(" ")[0] for difference in verify()}
    repair()
    assert verify() == []


STEPS = st.lists(
    st.tuples(st.integers(0, 13), st.integers(0, 2), st.sampled_from([(), (0,), (0, 1)])), max_size=24
)
KINDS = st.fixed_dictionaries(
    {
        "kind_of_challenge": st.sampled_from(
            [kind.value for kind in ChallengeKind if kind != "municipality"]
        ),
        "needs_photo": st.booleans(),
        "needs_approval": st.booleans(),
    }
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=KINDS, steps=STEPS)
@starting_anew
def test_any_order_leaves_what_a_recomputation_finds(
    cast: Cast, kind: dict[str, str | bool], steps: list[tuple[int, int, tuple[int, ...]]]
) -> None:
    challenge = make_challenge(**kind)
    people = (cast.alice, cast.bob, cast.charlie)
    activities = [make_undertaking(person, challenge).id for person in people]
    for step, number, ticked in steps:
        refused = (ClosedError, TooManyAskedError, AlreadyDecidedError, UnansweredError)
        with suppress(*refused, acts.AlreadyDecidedError):
            _ACTS[step](whole(activities[number]), cast, ticked)
        activities[number] = _latest(people[number], challenge, activities[number])
    assert verify() == []


def _latest(person: Person, challenge: Challenge, activity_id: int) -> int:
    """Who has left, withdrawn or come to nothing takes it on again."""
    return make_undertaking(person, challenge).id if not whole(activity_id).is_visible else activity_id


def _report(activity: Activity, _cast: Cast, ticked: tuple[int, ...], **over: bool) -> None:
    if activity.is_visible:
        complete(activity, ticked=ticked, **over)


def _fail(activity: Activity, cast: Cast, ticked: tuple[int, ...]) -> None:
    _report(activity, cast, ticked, carried_out=False)


def _partner(activity: Activity, cast: Cast, _ticked: tuple[int, ...]) -> None:
    other = cast.lena if activity.owner_id != cast.lena.id else cast.bob
    answer_invitation(invite(activity, other, by=activity.owner, now=NOW), True, now=NOW)


def _edit(activity: Activity, _cast: Cast, _ticked: tuple[int, ...]) -> None:
    change_plan(activity, make_plan(focus_area=focus_area("miljo")), by=activity.owner, now=NOW)


def _picture(activity: Activity, _cast: Cast, _ticked: tuple[int, ...]) -> None:
    add_picture(activity)


def _refuse_pictures(activity: Activity, _cast: Cast, _ticked: tuple[int, ...]) -> None:
    for photo in activity.photos:
        photo.refusal = Refusal.NOT_AN_IMAGE.value
    settle(activity, NOW)


def _drop_pictures(activity: Activity, _cast: Cast, _ticked: tuple[int, ...]) -> None:
    for photo in activity.photos:
        db.session.delete(photo)
    settle(activity, NOW)


def _approve(activity: Activity, cast: Cast, _ticked: tuple[int, ...]) -> None:
    approve(activity, cast.cora, NOW)


def _send_back(activity: Activity, cast: Cast, _ticked: tuple[int, ...]) -> None:
    send_back(activity, cast.cora, "Vem kom?", NOW)


def _hide(activity: Activity, cast: Cast, _ticked: tuple[int, ...]) -> None:
    decide.hide(activity, cast.cora, "tone", "", NOW)


def _restore(activity: Activity, cast: Cast, _ticked: tuple[int, ...]) -> None:
    decide.restore(activity, cast.cora, NOW)


def _leave(activity: Activity, _cast: Cast, _ticked: tuple[int, ...]) -> None:
    leave(activity, by=activity.owner, now=NOW)


def _withdraw(activity: Activity, _cast: Cast, _ticked: tuple[int, ...]) -> None:
    withdraw_activity(activity, by=activity.owner, now=NOW)


_ACTS: tuple[Callable[[Activity, Cast, tuple[int, ...]], None], ...] = (
    _report, _report, _fail, _partner, _edit, _picture, _refuse_pictures, _drop_pictures, _approve, _send_back,
    _hide, _restore, _leave, _withdraw,
)  # fmt: skip


@pytest.mark.parametrize("approved", [True, False])
def test_only_what_is_approved_earns(cast: Cast, approved: bool) -> None:
    activity = make_undertaking(cast.alice, make_challenge(needs_approval=True))
    complete(activity)
    assert (completed(), undertaking_of(activity).waits_since) == (0, NOW)
    if approved:
        approve(activity, cast.cora, NOW)
    else:
        send_back(activity, cast.cora, "Vem kom?", NOW)
    assert completed() == int(approved)
    assert challenge_points(cast.alice) == (40 if approved else 0)
    assert undertaking_of(activity).waits_since is None
    complete(activity, story="Sara i Klippan kom.")
    assert (undertaking_of(activity).waits_since is not None) is not approved
    assert verify() == []
