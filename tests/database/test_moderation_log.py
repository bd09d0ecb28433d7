"""The database itself keeps moderation's log: no statement changes or deletes what was decided, answered or noted."""

from typing import Any

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import Connection, Executable, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from app.extensions import db
from app.models.activity import Activity
from app.models.contribution import Contribution
from app.models.log_guard import REFUSAL, guard
from app.models.moderation import Appeal, Decision, Flag, decided_in
from app.models.person import Person
from app.models.review import ModeratorNote
from app.services.moderation.appeals import answer_back
from app.services.moderation.decide import hide, undo, uphold
from app.services.moderation.flags import flag
from app.services.moderation.reading import add_note
from tests.cast import Cast
from tests.factories import NOW, make_activity

_HISTORY = {
    "a decision's words": update(Decision).values(text="Något annat."),
    "a decision's reason": update(Decision).values(reason="tone"),
    "who decided": update(Decision).values(by_id=Decision.by_id + 1),
    "how long it limits": update(Decision).values(limits_until=NOW),
    "a decision": delete(Decision),
    "where it is listed": delete(decided_in),
    "where else": update(decided_in).values(decision_id=decided_in.c.decision_id),
    "a note's words": update(ModeratorNote).values(text="Något annat."),
    "a note": delete(ModeratorNote),
    "a settled flag's words": update(Flag).values(text="Något annat."),
    "who flagged": update(Flag).values(by_id=Flag.by_id + 1),
    "a flag": delete(Flag),
    "a settled answer's words": update(Appeal).values(text="Något annat."),
    "what is answered": update(Appeal).values(decision_id=Appeal.decision_id + 1),
    "an answer": delete(Appeal),
}


@pytest.fixture
def decided(cast: Cast) -> Activity:
    """Flagged, noted, hidden with a limit, answered, upheld."""
    activity = make_activity(cast.alice)
    flag(activity, cast.bob, "consent", "Det är barn på bilden.", NOW)
    add_note(activity.id, cast.cora, "Ring hellre.", NOW)
    hide(activity, cast.cora, "consent", "Fråga först.", NOW, days=7)
    answer_back(activity, cast.alice, "De har sagt ja.", NOW)
    uphold(activity, cast.lena, NOW)
    db.session.commit()
    return activity


@pytest.mark.usefixtures("decided")
@pytest.mark.parametrize("statement", _HISTORY.values(), ids=_HISTORY)
def test_no_statement_changes_the_log(statement: Executable) -> None:
    with pytest.raises(DBAPIError, match=REFUSAL), db.session.begin_nested():
        db.session.execute(statement, execution_options={"synchronize_session": False})


@pytest.mark.sqlite
@pytest.mark.usefixtures("decided")
def test_nor_does_a_row_in_the_place_of_another() -> None:
    with pytest.raises(DBAPIError, match=REFUSAL), db.session.begin_nested():
        db.session.execute(text("INSERT OR REPLACE INTO decision SELECT * FROM decision LIMIT 1"))


@pytest.mark.postgres
@pytest.mark.usefixtures("decided")
def test_nor_is_the_table_emptied() -> None:
    with pytest.raises(DBAPIError, match=REFUSAL), db.session.begin_nested():
        db.session.execute(text("TRUNCATE decision CASCADE"))


def test_what_is_open_is_worded_anew_and_a_decision_can_be_undone(cast: Cast, app: Flask) -> None:
    activity = make_activity(cast.alice)
    for words in ("Hm.", "Det är barn på bilden."):
        flag(activity, cast.bob, "consent", words, NOW)
    hide(activity, cast.cora, "consent", "", NOW)
    for words in ("Men nej.", "De har sagt ja."):
        answer_back(activity, cast.alice, words, NOW)
    undo(activity, cast.cora, NOW)
    flags = select(Flag.text, Flag.decision_id)
    assert [tuple(row) for row in db.session.execute(flags)] == [("Det är barn på bilden.", None)]
    assert list(db.session.scalars(select(Appeal.text))) == ["De har sagt ja."]


def test_whoever_leaves_or_is_named_anew_stays_in_the_log_by_number(decided: Activity, cast: Cast) -> None:
    cast.cora.left_at, cast.cora.name = NOW, "Någon"
    db.session.execute(update(Person).where(Person.id == cast.bob.id).values(name="Någon"))
    db.session.commit()
    by = select(Decision.by_id).where(Decision.contribution_id == decided.id).order_by(Decision.id)
    assert list(db.session.scalars(by)) == [cast.cora.id, cast.lena.id]


def test_it_goes_with_the_thing_that_it_is_about(cast: Cast) -> None:
    """As a disposal plan asks."""
    thing = Contribution(kind="comment", owner_id=cast.alice.id)
    db.session.add(thing)
    db.session.flush()
    add_note(thing.id, cast.cora, "Ring hellre.", NOW)
    db.session.execute(
        insert(Decision).values(contribution_id=thing.id, by_id=cast.cora.id, verdict="keep", at=NOW)
    )
    db.session.execute(
        insert(decided_in).values(
            municipality_id=cast.cora.municipality_id, decision_id=select(Decision.id).scalar_subquery()
        )
    )
    db.session.execute(
        delete(Contribution).where(Contribution.id == thing.id),
        execution_options={"synchronize_session": False},
    )
    for table in (Decision.__table__, decided_in, ModeratorNote.__table__):
        assert not db.session.execute(select(table)).all()


@pytest.mark.usefixtures("empty_app")
def test_the_migrations_make_the_triggers_of_the_models_and_take_them_back() -> None:
    flask_migrate.upgrade()
    with db.engine.connect() as connection:
        migrated = _triggers(connection)
    flask_migrate.downgrade(revision="0039")
    with db.engine.connect() as connection:
        assert not any(name.startswith("decision_") for name in _triggers(connection))
    flask_migrate.upgrade()
    with db.engine.begin() as connection:
        for name in migrated:
            connection.exec_driver_sql(f"DROP TRIGGER {name}{_on(connection, name)}")
        for statement in guard(connection.dialect.name):
            connection.exec_driver_sql(statement)
        assert _triggers(connection) == migrated


def _triggers(connection: Connection) -> dict[str, Any]:
    """What each does, by name."""
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql("select name, sql from sqlite_master where type = 'trigger'").all()
        return {name: sql for name, sql in rows if name.startswith(_GUARDED)}
    rows = connection.exec_driver_sql(
        "select t.tgname, pg_get_triggerdef(t.oid), p.prosrc from pg_trigger t join pg_proc p on p.oid = t.tgfoid"
        " where not t.tgisinternal"
    ).all()
    return {name: (definition, body) for name, definition, body in rows if name.startswith(_GUARDED)}


def _on(connection: Connection, name: str) -> str:
    return "" if connection.dialect.name == "sqlite" else f" ON {name.rpartition('_')[0]}"


_GUARDED = ("decision_", "flag_", "appeal_", "moderator_note_")
