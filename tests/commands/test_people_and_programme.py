"""The commands for people and programme, as an operator types them."""

from pathlib import Path

import pytest
from flask import Flask

from app.cli import SHIPPED_PROGRAMME
from app.extensions import db
from app.models.contribution import Removal
from app.models.person import Person
from app.models.programme import Check
from tests.cast import Cast
from tests.factories import make_activity, municipality
from tests.moderation.looked_at import look_at

SMALL = Path(__file__).parents[1] / "programme" / "small-programme.toml"


@pytest.fixture
def programme(tmp_path: Path) -> Path:
    """A right file for the programme that the tests have loaded."""
    file = tmp_path / "test.toml"
    file.write_text(SMALL.read_text("utf-8").replace("<pool>", "9"), "utf-8")
    return file


def test_a_programme_is_loaded(app: Flask, programme: Path) -> None:
    done = app.test_cli_runner().invoke(args=["programme", "load", str(programme)])
    assert done.exit_code == 0, done.output
    assert "Testresan is loaded: 3 municipalities with 34 people agreed" in done.output
    assert municipality("bjuv").pool == 9


def test_without_checks_what_waits_is_published(app: Flask, programme: Path, cast: Cast) -> None:
    look_at(Check.ALL)
    number = make_activity(cast.alice).id
    assert db.session.get(Removal, number)
    done = app.test_cli_runner().invoke(args=["programme", "load", str(programme)])
    assert done.exit_code == 0, done.output
    db.session.expire_all()
    assert db.session.get(Removal, number) is None


def test_a_wrong_programme_changes_nothing_and_says_where(app: Flask, programme: Path) -> None:
    programme.write_text(programme.read_text("utf-8").replace("pool = 9", "pool = 0"), "utf-8")
    done = app.test_cli_runner().invoke(args=["programme", "load", str(programme)])
    assert done.exit_code == 1
    assert f"{programme}:" in done.output
    assert "municipalities[1].pool: must be a whole number from 1 to 100000, not 0" in done.output
    assert municipality("bjuv").pool == 4


def test_the_shipped_programme_does_not_replace_another(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=["programme", "load", str(SHIPPED_PROGRAMME)])
    assert done.exit_code == 1
    assert 'slug: must be "test"' in done.output


def test_people_are_imported(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("email,name,municipality\nbo@bjuv.se,Bo Ek,Bjuv\n", "utf-8")
    done = app.test_cli_runner().invoke(args=["people", "import", str(file)])
    assert done.output == "1 added, 0 updated, 0 left out because they have left.\n"
    assert Person.by_email("bo@bjuv.se") is not None


def test_a_file_that_is_not_utf_8_is_named(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes("email,name,municipality\nbo@bjuv.se,Bo Åk,Bjuv\n".encode("latin-1"))
    done = app.test_cli_runner().invoke(args=["people", "import", str(file)])
    assert done.exit_code == 1
    assert "save it as UTF-8" in done.output
