"""What the tests of refusals rely on: `unchanged` sees every row that comes, goes or changes."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete, update

from app.extensions import db
from app.models.programme import Municipality
from app.models.stage import Stage
from tests.factories import make_person
from tests.unchanged import unchanged


def _one_comes() -> None:
    make_person()


def _one_goes() -> None:
    db.session.execute(delete(Stage).where(Stage.number == 1))


def _one_changes() -> None:
    db.session.execute(update(Municipality).values(pool=Municipality.pool + 1))


def _write_unchanged(write: Callable[[], None]) -> None:
    with unchanged():
        write()
        db.session.commit()


@pytest.mark.parametrize(
    ("write", "table"), [(_one_comes, "person"), (_one_goes, "stage"), (_one_changes, "municipality")]
)
def test_a_row_that_comes_goes_or_changes_is_seen(app: Flask, write: Callable[[], None], table: str) -> None:
    with pytest.raises(AssertionError, match=rf"(?m)^{table} "):
        _write_unchanged(write)


@pytest.mark.parametrize("write", [_one_goes, _one_changes])
def test_what_was_not_committed_has_not_happened(app: Flask, write: Callable[[], None]) -> None:
    with unchanged():
        write()


def test_a_table_may_be_left_out(app: Flask) -> None:
    with unchanged(but={"municipality"}):
        _one_changes()
        db.session.commit()
