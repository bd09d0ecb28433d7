"""A sweep that begins phases, of which one is broken: the others go on."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models.feed import FeedItem
from app.models.stage import Stage, StageEvent
from app.services.feed import index as feed
from app.services.stages.advance import begin_due_phases
from tests.factories import NOW

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
