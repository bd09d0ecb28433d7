"""A lead's own message goes out exactly once, or not at all when it was taken back."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models.notification import Notification
from app.models.own_message import OwnMessage
from app.models.retry import TakenBackError
from app.services.activities.locking import OvertakenError
from app.services.notifications.kinds import words_of
from app.services.stages import run_playbook as running
from app.services.stages import send_messages as sending
from app.services.stages.own_messages import GoneOutError, change_message, sums_of, take_back
from tests.cast import Cast
from tests.factories import NOW, make_person
from tests.message_makers import SLOT, as_it_is, content, make_message, send_at, told

pytestmark = pytest.mark.usefixtures("app")

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


class TestExactlyOnce:
    def test_two_workers_tell_nobody_twice(self, cast: Cast) -> None:
        """The second begins while the first is between two portions."""
        _ = cast.alice
        message = make_message(cast.lena)
        commits: list[int] = []

        def commit() -> None:
            db.session.commit()
            commits.append(1)
            if len(commits) == 2:
                send_at(SLOT + MINUTE)

        sending.send_messages(SLOT, commit=commit)
        assert told() == {cast.alice.id, cast.lena.id}
        assert sums_of([message])[message.id].told == 2

    @pytest.mark.parametrize("last", range(1, 5))
    def test_a_worker_that_dies_goes_on_where_it_was(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch, last: int
    ) -> None:
        monkeypatch.setattr("app.services.stages.looking.PORTION", 2)
        people = {make_person().id for _number in range(3)} | {cast.lena.id}
        message = make_message(cast.lena)
        commits: list[int] = []

        def dying() -> None:
            db.session.commit()
            commits.append(1)
            if len(commits) == last:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            sending.send_messages(SLOT, commit=dying)
        db.session.rollback()
        send_at(SLOT + MINUTE)
        assert told() == people
        assert sums_of([message])[message.id].told == len(people)

    def test_who_cannot_be_told_keeps_it_from_nobody_else(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        people = [make_person() for _number in range(5)]
        notify = running.notify

        def tell(person_ids: list[int], *args: Any, **more: Any) -> int:
            if people[2].id in person_ids:
                raise RuntimeError("broken")
            return notify(person_ids, *args, **more)

        monkeypatch.setattr(running, "notify", tell)
        make_message(cast.lena)
        send_at(SLOT)
        assert told() == {person.id for person in people} - {people[2].id} | {cast.lena.id}

    def test_one_that_fails_stops_no_other_and_is_taken_again(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        broken, fine = make_message(cast.lena), make_message(cast.lena)
        with monkeypatch.context() as breaking:
            breaking.setattr(sending, "own_words_of", _breaking_for(broken.id))
            send_at(SLOT)
        assert (as_it_is(broken).finished_at, as_it_is(fine).finished_at) == (None, SLOT)
        send_at(SLOT + MINUTE)
        assert as_it_is(broken).finished_at


class TestChanging:
    def test_what_is_taken_back_does_not_go_out(self, cast: Cast) -> None:
        message = make_message(cast.lena)
        for _time in range(2):
            take_back(message, by=cast.lena, now=NOW)
            db.session.commit()
        send_at(SLOT)
        assert told() == set()

    def test_what_is_changed_goes_out_as_it_is_by_then(self, cast: Cast) -> None:
        message = make_message(cast.lena)
        change_message(message, content(title={"sv": "Nu"}), now=NOW, based_on=message.changed_at)
        db.session.commit()
        send_at(SLOT)
        row = db.session.scalars(select(Notification)).one()
        assert words_of(row.kind, row.parameters, "sv").title == "Nu"

    def test_moved_it_waits_for_its_new_time(self, cast: Cast) -> None:
        message = make_message(cast.lena)
        change_message(message, content(due_at=SLOT + DAY), now=NOW, based_on=message.changed_at)
        db.session.commit()
        send_at(SLOT)
        assert told() == set()

    def test_what_has_begun_is_changed_and_taken_back_no_more(self, cast: Cast) -> None:
        message = make_message(cast.lena)
        send_at(SLOT)
        with pytest.raises(GoneOutError):
            take_back(message, by=cast.lena, now=SLOT)
        with pytest.raises(GoneOutError):
            change_message(message, content(url="/tips"), now=SLOT, based_on=message.changed_at)

    def test_nobody_overwrites_unseen_what_another_wrote(self, cast: Cast) -> None:
        message = make_message(cast.lena)
        with pytest.raises(OvertakenError):
            change_message(message, content(url="/tips"), now=NOW, based_on=NOW - MINUTE)

    def test_a_retry_is_the_same_message_and_no_way_around_taking_it_back(self, cast: Cast) -> None:
        first, second = (make_message(cast.lena, request_key="once") for _time in range(2))
        assert first.id == second.id
        take_back(first, by=cast.lena, now=NOW)
        db.session.commit()
        with pytest.raises(TakenBackError):
            make_message(cast.lena, request_key="once")


def _breaking_for(number: int) -> Any:
    own_words_of = sending.own_words_of

    def words(message: OwnMessage) -> dict[str, Any]:
        if message.id == number:
            raise RuntimeError("broken")
        return own_words_of(message)

    return words
