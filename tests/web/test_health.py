"""What machines ask."""

from alembic.script import ScriptDirectory
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.extensions import db


def test_the_process_answers_without_the_database(client: FlaskClient, queries: list[str]) -> None:
    assert client.get("/healthz").text == "ok\n"
    assert queries == []


def test_tables_of_another_version_are_not_ready(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "db upgrade" in answer.text


def test_tables_of_this_version_are_ready(client: FlaskClient, app: Flask) -> None:
    head = ScriptDirectory(app.extensions["migrate"].directory).get_current_head()
    db.session.execute(text("create table alembic_version (version_num varchar(32) not null)"))
    db.session.execute(text("insert into alembic_version values (:head)"), {"head": head})
    db.session.commit()
    assert client.get("/readyz").text == "ok\n"
