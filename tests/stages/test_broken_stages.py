"""A sweep that begins phases, of which one is broken, or one person who cannot be told: the others go on."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models.feed import FeedItem
from app.models.notification import Notification
from app.models.person import Role
from app.models.stage import Phase, Stage, StageEvent
from app.services.feed import index as feed
from app.services.notifications import playbook
from app.services.stages import advance
from app.services.stages.advance import begin_due_phases
from tests.cast import Cast
from tests.factories import NOW, make_person, stage

pytestmark = pytest.mark.usefixtures("cast")


def recorded() -> set[tuple[int, str]]:
    events = db.session.execute(select(Stage.number, StageEvent.phase).join(Stage)).all()
    return {(number, phase) for number, phase in events}


ALL = {(1, "measure"), (1, "activate"), (1, "learn"), (1, "ended"), (2, "measure"), (2, "activate")}


@pytest.mark.parametrize("broken", sorted(ALL))
def test_a_phase_that_cannot_begin_keeps_no_other_and_begins_later(
    monkeypatch: pytest.MonkeyPatch, broken: tuple[int, str]
) -> None:
    announce = feed.announce

    def announce_the_others(event: StageEvent) -> None:
        if (event.stage.number, event.phase) == broken:
            raise RuntimeError("broken")
        announce(event)

    with monkeypatch.context() as breaking:
        breaking.setattr(feed, "announce", announce_the_others)
        events = begin_due_phases(NOW)
        db.session.commit()
    assert recorded() == ALL - {broken}
    assert len(events) == len(db.session.scalars(select(FeedItem)).all()) == 5
    (late,) = begin_due_phases(NOW + timedelta(minutes=1))
    assert (late.stage.number, late.phase) == broken


def test_a_phase_of_which_nobody_can_be_told_begins_when_they_can(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = (cast.alice, cast.lena)
    with monkeypatch.context() as breaking:
        breaking.setattr(playbook, "parameters_of", lambda *_: {"broken": object()})
        begin_due_phases(NOW)
        db.session.commit()
    assert recorded() == ALL - {(2, "activate")}
    begin_due_phases(NOW + timedelta(minutes=1))
    assert recorded() == ALL
    assert len(db.session.scalars(select(Notification)).all()) == len(people)


def _breaking_for(*unlucky: int) -> Any:
    notify = advance.notify

    def tell(person_ids: list[int], *args: Any, **more: Any) -> int:
        count = notify(person_ids, *args, **more)
        if set(person_ids) & set(unlucky):
            raise RuntimeError("broken")
        return count

    return tell


@pytest.mark.parametrize("unlucky", [[0], [99], [0, 99], [40, 41, 42, 43], [*range(0, 100, 6)]])
def test_people_who_cannot_be_told_keep_it_from_nobody_else(
    monkeypatch: pytest.MonkeyPatch, unlucky: list[int]
) -> None:
    people = [make_person().id for _ in range(100)]
    monkeypatch.setattr(advance, "notify", _breaking_for(*(people[number] for number in unlucky)))
    begin_due_phases(NOW)
    db.session.commit()
    reached = db.session.scalars(select(Notification.person_id)).all()
    assert sorted(reached) == [person for number, person in enumerate(people) if number not in unlucky]
    assert recorded() == ALL


def test_the_only_one_of_a_role_who_cannot_be_told_keeps_it_from_no_other_role(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lead, people = make_person(role=Role.LEAD), [make_person().id for _ in range(3)]
    monkeypatch.setattr(advance, "notify", _breaking_for(lead.id))
    begin_due_phases(NOW)
    assert sorted(db.session.scalars(select(Notification.person_id))) == people


def test_if_everybody_fails_it_is_not_their_fault_and_soon_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    people = [make_person().id for _ in range(500)]
    tries: list[int] = []
    failing = _breaking_for(*people)

    def tell(person_ids: list[int], *args: Any, **more: Any) -> int:
        tries.append(len(person_ids))
        return int(failing(person_ids, *args, **more))

    monkeypatch.setattr(advance, "notify", tell)
    begin_due_phases(NOW)
    assert recorded() == ALL - {(2, Phase.ACTIVATE.value)}
    assert db.session.scalars(select(Notification)).all() == []
    assert len(tries) < 100


def test_a_lead_can_still_move_a_stage_when_somebody_cannot_be_told(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead, alice, bob = cast.lena, cast.alice, cast.bob
    begin_due_phases(NOW)
    monkeypatch.setattr(advance, "notify", _breaking_for(bob.id))
    event = advance.advance_stage(stage(2), by=lead, now=NOW)
    assert event
    assert event.phase == Phase.LEARN
    told = select(Notification.person_id).where(Notification.key.like("stage:2:learn%"))
    assert set(db.session.scalars(told)) == {alice.id, lead.id}
