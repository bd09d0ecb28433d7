"""A proven activity near somebody: what worked well, and whose is nearest. Feed and playbook say the same."""

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.best_practice import BestPractice
from app.models.notification import Notification
from app.models.person import Person
from app.models.stage import Stage
from app.services.challenges.fitting import Fitting
from app.services.moderation.decide import hide
from app.services.stages.proven import proven_activities
from app.services.stages.run_playbook import run_playbook
from app.services.stages.suggestion import choice_in, suggestion_for
from tests.cast import Cast
from tests.factories import (
    NOW,
    TODAY,
    focus_area,
    make_activity,
    make_joint,
    make_outcome,
    make_person,
    stage,
)

pytestmark = pytest.mark.usefixtures("app")


def done(owner: Person, rating: int = 4, **over: object) -> Activity:
    activity = make_activity(owner, stage=stage(1), **over)
    make_outcome(activity, rating=rating)
    return activity


def nearest(person: Person, *planned_areas: str) -> int | None:
    areas = frozenset(focus_area(slug).id for slug in planned_areas)
    found = proven_activities().nearest_to(person.id, person.municipality_id, areas)
    return found.id if found else None


def test_proven_is_what_was_rated_well_or_lifted(cast: Cast) -> None:
    good, fair, lifted = (done(cast.bob, rating) for rating in (4, 3, 3))
    db.session.add(BestPractice(contribution_id=lifted.id, by_id=cast.cora.id, at=NOW, sentence="Gör så."))
    make_outcome(make_activity(cast.bob, stage=stage(1)), carried_out=False)
    make_activity(cast.bob)
    db.session.commit()
    assert {one.id for one in proven_activities().latest} == {good.id, lifted.id}
    assert fair.id not in {one.id for one in proven_activities().latest}
    hide(good, cast.cora, "tone", "", NOW)
    db.session.commit()
    assert {one.id for one in proven_activities().latest} == {lifted.id}


def test_near_is_first_what_one_has_planned_before_then_ones_municipality_then_the_latest(cast: Cast) -> None:
    far = make_person(place="helsingborg")
    same_area = done(far, focus_area=focus_area("miljo"))
    own_place = done(cast.bob)
    latest = done(far)
    assert nearest(cast.alice, "miljo") == same_area.id
    assert nearest(cast.alice) == own_place.id
    assert nearest(make_person(place="klippan")) == latest.id


def test_nobody_is_shown_what_they_made_themselves(cast: Cast) -> None:
    older = done(cast.charlie)
    make_outcome(make_joint(cast.bob, cast.alice, stage=stage(1)))
    assert nearest(cast.alice) == nearest(cast.bob) == older.id


def test_the_head_of_the_feed_and_the_playbook_name_the_same(cast: Cast) -> None:
    for owner in (cast.bob, make_person(place="helsingborg")):
        done(owner)
    people = (cast.alice, make_person(place="klippan"))
    run_playbook(NOW, commit=db.session.commit)
    notifications = db.session.scalars(select(Notification))
    urls = {row.person_id: row.url for row in notifications if row.url.startswith("/activities/")}
    for person in people:
        assert urls[person.id] == f"/activities/{_suggested(person, stage())}"


def _suggested(person: Person, of: Stage) -> int | None:
    fitting = Fitting(person.municipality_id, frozenset(), frozenset())
    found = suggestion_for(person.id, fitting, choice_in(of.id, TODAY))
    return found.id if found else None
