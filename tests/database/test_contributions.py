"""What people put in has one number, whatever its kind; the database holds that too."""

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.models.activity import Activity
from app.models.contribution import (
    Cheer,
    Contribution,
    coordinators_of,
    is_hidden,
    is_moderated_by,
    is_visible,
    is_withdrawn,
)
from app.models.person import Person
from app.services.activities.cheer import cheer
from app.services.activities.plan import withdraw_activity
from app.services.moderation.decide import hide
from tests.cast import Cast
from tests.factories import NOW, make_activity, make_joint


def _is(condition: object) -> bool:
    return bool(db.session.scalar(select(condition)))  # type: ignore[call-overload]


def test_an_activity_brings_a_contribution_with_its_number(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    contribution = db.session.get_one(Contribution, activity.id)
    assert (contribution.kind, contribution.owner_id) == ("activity", cast.alice.id)


def test_an_activity_without_its_contribution_is_refused(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    columns = {column.key: getattr(activity, column.key) for column in Activity.__table__.columns}
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(insert(Activity), {**columns, "id": activity.id + 1000, "request_key": "another"})


def test_both_tables_name_the_same_owner(cast: Cast) -> None:
    activity, bob = make_activity(cast.alice), cast.bob
    activity.owner_id = bob.id
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_what_points_at_a_contribution_points_at_one_that_is_there(cast: Cast) -> None:
    row = {"contribution_id": 4711, "person_id": cast.alice.id, "at": NOW}
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(insert(Cheer), row)


def test_it_is_visible_until_it_is_hidden_or_withdrawn(cast: Cast) -> None:
    alice, cora = cast.alice, cast.cora
    hidden = make_activity(alice)
    hide(hidden, cora, "tone", "", NOW)
    withdrawn = make_activity(alice)
    withdraw_activity(withdrawn, by=alice, now=NOW)
    shown = make_activity(alice)
    states = [
        (_is(is_visible(one.id)), _is(is_hidden(one.id)), _is(is_withdrawn(one.id)))
        for one in (hidden, withdrawn, shown)
    ]
    assert states == [(False, True, False), (False, False, True), (True, False, False)]
    visible = select(Activity.id).where(is_visible(Activity.id))
    assert db.session.scalars(visible).all() == [shown.id]


def test_a_lead_moderates_all_and_a_coordinator_what_their_municipality_has_a_part_in(cast: Cast) -> None:
    own, joint = make_activity(cast.alice), make_joint(cast.alice, cast.charlie)

    def moderates(person: Person) -> tuple[bool, bool]:
        return _is(is_moderated_by(person, own.id)), _is(is_moderated_by(person, joint.id))

    assert moderates(cast.lena) == (True, True)
    assert moderates(cast.cora) == (True, True)
    assert moderates(cast.kim) == (False, True)
    assert moderates(cast.alice) == moderates(cast.stig) == (False, False)
    assert set(db.session.scalars(coordinators_of(joint.id))) == {cast.cora.id, cast.kim.id}
    assert set(db.session.scalars(coordinators_of(own.id))) == {cast.cora.id}


def test_cheers_are_counted_with_the_contribution(cast: Cast) -> None:
    bob, charlie, activity = cast.bob, cast.charlie, make_activity(cast.alice)
    for person in (bob, charlie, charlie):
        cheer(activity, person, now=NOW)
    assert db.session.get_one(Contribution, activity.id).cheer_count == 2
