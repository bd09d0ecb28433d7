"""SQLite changes a table by putting a copy in its place: what refers to it stays; what goes wrong changes nothing."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from sqlalchemy import text

from app.extensions import db
from tests.database.conftest import LATEST, Migrate
from tests.database.rows import Rows, fill_empty_tables, read_rows

pytestmark = [pytest.mark.sqlite, pytest.mark.usefixtures("empty_app")]

_MIGRATIONS = Path(__file__).parents[2] / "migrations"
_SCRIPT = """
import sqlalchemy as sa
from alembic import op

revision = "try_out"
down_revision = "{head}"


def upgrade() -> None:
    {upgrade}


def downgrade() -> None:
    {downgrade}
"""

Directory = Callable[..., str]


@pytest.fixture
def with_a_migration(migrate: Migrate, tmp_path: Path) -> Directory:
    """The project's own migrations and one more, in a directory of their own; the database has come to those before it
    and has rows in every table."""

    def directory(upgrade: str, downgrade: str = "pass") -> str:
        migrate(LATEST)
        with db.engine.begin() as connection:
            fill_empty_tables(connection)
            head = connection.scalar(text("select version_num from alembic_version"))
        scripts = tmp_path / "migrations"
        shutil.copytree(_MIGRATIONS, scripts)
        script = _SCRIPT.format(head=head, upgrade=upgrade, downgrade=downgrade)
        (scripts / "versions" / "try_out.py").write_text(script)
        return str(scripts)

    return directory


@pytest.mark.parametrize("table", ["activity", "device_session"])
def test_a_copy_in_the_place_of_a_table_keeps_the_rows_that_refer_to_it(
    table: str, with_a_migration: Directory
) -> None:
    """With foreign keys on, the first could not be dropped, and the second would take the subscriptions along."""
    recreate = f"""with op.batch_alter_table("{table}", recreate="always"):
        pass"""
    directory = with_a_migration(recreate, recreate)
    before = _rows()
    flask_migrate.upgrade(directory)
    assert _rows() == before
    flask_migrate.downgrade(directory)
    assert _rows() == before
    assert _foreign_keys_are_on()


def test_a_migration_that_leaves_a_row_dangling_is_refused_and_says_which(
    with_a_migration: Directory, caplog: pytest.LogCaptureFixture
) -> None:
    directory = with_a_migration(
        """op.execute("delete from activity where id = 2")
    op.execute("delete from feed_item where id = 1")"""
    )
    before = _dump()
    with pytest.raises(SystemExit):
        flask_migrate.upgrade(directory)
    assert "The database was left as it was" in caplog.text
    assert "outcome, row 2: not in activity" in caplog.text
    assert "feed_scope, a row: not in feed_item" in caplog.text  # a table without row numbers
    assert _dump() == before
    assert _foreign_keys_are_on()


def test_a_list_of_dangling_rows_is_cut_short(
    with_a_migration: Directory, caplog: pytest.LogCaptureFixture
) -> None:
    directory = with_a_migration("""op.execute("delete from person")""")
    with pytest.raises(SystemExit):
        flask_migrate.upgrade(directory)
    assert caplog.text.count(": not in person") == 20
    assert " more" in caplog.text


def test_a_migration_that_breaks_half_way_leaves_the_database_as_it_was(with_a_migration: Directory) -> None:
    directory = with_a_migration(
        """op.create_table("half", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("update person set name = 'Nobody'")
    with op.batch_alter_table("activity", recreate="always"):
        pass
    op.drop_table("cheer")
    raise RuntimeError("half way")"""
    )
    before = _dump()
    with pytest.raises(SystemExit):
        flask_migrate.upgrade(directory)
    assert _dump() == before
    assert _foreign_keys_are_on()


def _rows() -> Rows:
    with db.engine.connect() as connection:
        return read_rows(connection)


def _dump() -> str:
    with db.engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        return "\n".join(raw.iterdump())


def _foreign_keys_are_on() -> bool:
    """Also on the connection that the migrations gave back."""
    with db.engine.connect() as connection:
        return connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
