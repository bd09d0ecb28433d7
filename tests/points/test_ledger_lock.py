"""The ledger's lock: asked for once a transaction, and held as long as something is written under it."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import text

from app.extensions import db
from app.services.points.ledger import wait_for_ledger

pytestmark = pytest.mark.postgres  # SQLite lets one write at a time

_HELD = text("select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()")


@pytest.fixture(autouse=True)
def within(live: Flask) -> Iterator[None]:
    with live.app_context():
        yield


def is_held() -> bool:
    return bool(db.session.scalar(_HELD))


def test_it_is_held_until_the_transaction_ends() -> None:
    assert not is_held()
    for _time in range(2):
        wait_for_ledger()
        assert is_held()
        db.session.commit()
        assert not is_held()
    wait_for_ledger()
    db.session.rollback()
    wait_for_ledger()
    assert is_held()


def test_a_savepoint_within_does_not_ask_again_and_takes_it_from_nobody() -> None:
    wait_for_ledger()
    savepoint = db.session.begin_nested()
    wait_for_ledger()
    savepoint.rollback()
    wait_for_ledger()
    assert is_held()


def test_what_was_taken_in_a_savepoint_that_is_undone_is_taken_again() -> None:
    savepoint = db.session.begin_nested()
    wait_for_ledger()
    savepoint.rollback()
    assert not is_held()
    wait_for_ledger()
    assert is_held()


def test_what_was_taken_in_a_savepoint_within_one_that_is_undone_is_taken_again() -> None:
    outer = db.session.begin_nested()
    with db.session.begin_nested():
        wait_for_ledger()
    wait_for_ledger()
    outer.rollback()
    assert not is_held()
    wait_for_ledger()
    assert is_held()


def test_who_begins_anew_has_not_got_it() -> None:
    wait_for_ledger()
    db.session.remove()
    assert not is_held()
    wait_for_ledger()
    assert is_held()
