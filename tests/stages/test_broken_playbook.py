"""The playbook with somebody who cannot be told, with nobody who can, and with a worker that dies."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models.notification import Notification
from app.models.person import Role
from app.models.playbook import PlaybookRun
from app.services.notifications import playbook
from app.services.stages import run_playbook as running
from app.services.stages.run_playbook import run_playbook
from tests.cast import Cast
from tests.factories import make_person, stage
from tests.stages.test_run_playbook import at, run, told

pytestmark = pytest.mark.usefixtures("app")


def _breaking_for(*unlucky: int) -> Callable[..., int]:
    notify = running.notify

    def tell(person_ids: list[int], *args: Any, **more: Any) -> int:
        count = notify(person_ids, *args, **more)
        if set(person_ids) & set(unlucky):
            raise RuntimeError("broken")
        return count

    return tell


def _steps(name: str) -> list[PlaybookRun]:
    """How it went out in the stage that runs."""
    run_of = (PlaybookRun.step == name, PlaybookRun.stage_id == stage().id)
    return list(db.session.scalars(select(PlaybookRun).where(*run_of)))


@pytest.mark.parametrize("unlucky", [[0], [99], [0, 99], [40, 41, 42, 43], [*range(0, 100, 6)]])
def test_people_who_cannot_be_told_keep_it_from_nobody_else(
    monkeypatch: pytest.MonkeyPatch, unlucky: list[int]
) -> None:
    people = [make_person().id for _ in range(100)]
    monkeypatch.setattr(running, "notify", _breaking_for(*(people[number] for number in unlucky)))
    run(at("2026-09-28"))
    reached = db.session.scalars(select(Notification.person_id)).all()
    assert sorted(reached) == [person for number, person in enumerate(people) if number not in unlucky]
    (row,) = _steps("activate")
    assert (row.told, row.finished_at is not None) == (100 - len(unlucky), True)


def test_of_what_nobody_can_be_told_they_are_told_when_they_can(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = (cast.alice, cast.lena)
    with monkeypatch.context() as breaking:
        breaking.setattr(playbook, "parameters_of", lambda *_: {"broken": object()})
        run(at("2026-09-28"))
    assert told() == []
    run(at("2026-09-28") + timedelta(minutes=1))
    assert len(told()) == len(people)


def test_a_step_that_fails_for_one_role_keeps_it_from_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    lead, people = make_person(role=Role.LEAD), [make_person().id for _ in range(3)]
    monkeypatch.setattr(running, "notify", _breaking_for(lead.id))
    run(at("2026-09-28"))
    assert sorted(db.session.scalars(select(Notification.person_id))) == people


def test_if_everybody_fails_it_is_not_their_fault_and_soon_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    people = [make_person().id for _ in range(500)]
    tries: list[int] = []
    failing = _breaking_for(*people)

    def tell(person_ids: list[int], *args: Any, **more: Any) -> int:
        tries.append(len(person_ids))
        return failing(person_ids, *args, **more)

    monkeypatch.setattr(running, "notify", tell)
    run(at("2026-09-28"))
    assert told() == []
    assert len(tries) < 100


def test_a_worker_that_dies_between_two_portions_goes_on_where_it_was(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.stages.looking.PORTION", 2)
    people = [make_person().id for _ in range(5)]
    run(at("2026-09-27"))
    commits: list[int] = []

    def dying() -> None:
        db.session.commit()
        commits.append(1)
        if len(commits) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_playbook(at("2026-09-28"), commit=dying)
    db.session.rollback()
    assert 0 < len(told()) < len(people)
    run(at("2026-09-28") + timedelta(minutes=1))
    assert sorted(db.session.scalars(select(Notification.person_id))) == people
    (row,) = _steps("activate")
    assert row.told == len(people)
