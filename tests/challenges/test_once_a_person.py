"""A challenge earns a person once, in whatever way they come to have done it twice."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.extensions import db
from app.models.ledger import PointEntry
from app.models.person import Person
from app.services.activities.plan import answer_invitation, invite
from app.services.moderation.decide import hide, restore
from app.services.upkeep.audit import verify
from tests.cast import Cast
from tests.challenge_makers import complete, make_challenge, make_undertaking, whole
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]


def points_of(person: Person) -> int:
    entries = select(func.sum(PointEntry.points)).where(PointEntry.person_id == person.id)
    return db.session.scalar(entries.where(PointEntry.reason == "challenge")) or 0


def test_a_try_in_vain_that_turns_out_to_have_been_carried_out(cast: Cast) -> None:
    challenge = make_challenge()
    first = make_undertaking(cast.alice, challenge)
    complete(first, carried_out=False)
    second = make_undertaking(cast.alice, challenge)
    complete(second)
    complete(whole(first.id))
    assert points_of(cast.alice) == challenge.points
    assert verify() == []


def test_two_who_join_each_other(cast: Cast) -> None:
    challenge = make_challenge()
    alices, bobs = (make_undertaking(person, challenge) for person in (cast.alice, cast.bob))
    answer_invitation(invite(alices, cast.bob, by=cast.alice, now=NOW), True, now=NOW)
    answer_invitation(invite(bobs, cast.alice, by=cast.bob, now=NOW), True, now=NOW)
    for activity in (alices, bobs):
        complete(whole(activity.id))
    assert [points_of(person) for person in (cast.alice, cast.bob)] == [challenge.points] * 2
    assert verify() == []


def test_when_the_first_is_hidden_the_other_one_counts(cast: Cast) -> None:
    challenge = make_challenge()
    first = make_undertaking(cast.alice, challenge)
    complete(first, carried_out=False)
    complete(make_undertaking(cast.alice, challenge))
    complete(whole(first.id))
    hide(whole(first.id), cast.cora, "tone", "", NOW)
    db.session.commit()
    assert verify() == []
    restore(whole(first.id), cast.cora, NOW)
    db.session.commit()
    assert points_of(cast.alice) <= challenge.points
    assert verify() == []


def test_only_its_owner_gives_it_up(cast: Cast, as_: As) -> None:
    activity = make_undertaking(cast.alice, make_challenge())
    answer_invitation(invite(activity, cast.bob, by=cast.alice, now=NOW), True, now=NOW)
    db.session.commit()
    address = f"/activities/{activity.id}/undertaking/withdrawal"
    assert as_(cast.bob).post(address).status_code == 404
    assert as_(cast.alice).post(address).status_code == 303
