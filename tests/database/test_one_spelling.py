"""The migration that gives stored addresses and names one spelling, with people from before it."""

import logging
from datetime import UTC, datetime

import flask_migrate
import pytest
import sqlalchemy as sa

from app.extensions import db
from tests.database.rows import fill_empty_tables

pytestmark = pytest.mark.usefixtures("empty_app")

JOINED = datetime(2026, 3, 1, tzinfo=UTC)


def upgrade(*people: tuple[str, str, bool]) -> list[tuple[str, str]]:
    """Addresses and names afterwards of people (address, name, whether they are here)."""
    flask_migrate.upgrade(revision="0005")
    with db.engine.begin() as connection:
        fill_empty_tables(connection)
        person = sa.Table("person", sa.MetaData(), autoload_with=connection)
        model = dict(connection.execute(sa.select(person).limit(1)).mappings().one())
        for number, (email, name, here) in enumerate(people, 100):
            columns = {
                "id": number,
                "email": email,
                "name": name,
                "name_key": name,
                "left_at": None if here else JOINED,
            }
            connection.execute(person.insert().values(model | columns))
    flask_migrate.upgrade(revision="0009")
    query = sa.text("select email, name from person where id >= 100 order by id")
    with db.engine.connect() as connection:
        return [(row.email, row.name) for row in connection.execute(query)]


def test_addresses_and_names_become_canonical() -> None:
    assert upgrade(
        ("anna@ängelholm.se", "A\u030asa\u200b  Ek", True),
        ("bo@bjuv.se", "Bo\u3164 Ek", True),
        ("left@straße.de", "\u200b", False),
    ) == [
        ("anna@xn--ngelholm-zza.se", "Åsa Ek"),
        ("bo@bjuv.se", "Bo Ek"),
        ("left@xn--strae-oqa.de", "\u200b"),
    ]


@pytest.mark.parametrize(
    ("here", "emails"),
    [
        ((True, True), ["anna@ängelholm.se", "anna@xn--ngelholm-zza.se"]),
        ((True, False), ["anna@xn--ngelholm-zza.se", "anna@ängelholm.se"]),
        ((False, True), ["anna@ängelholm.se", "anna@xn--ngelholm-zza.se"]),
    ],
)
def test_of_two_with_one_address_both_stay_and_are_named(
    here: tuple[bool, bool], emails: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "alembic"):
        kept = upgrade(("anna@ängelholm.se", "Anna", here[0]), ("anna@xn--ngelholm-zza.se", "Anna", here[1]))
    assert [email for email, _name in kept] == emails
    assert [text for text in caplog.messages if "100" in text and "101" in text and "one address" in text]
    assert "anna" not in caplog.text


def test_an_address_that_no_mail_reaches_stays_and_is_named(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "alembic"):
        assert upgrade(("åsa@bjuv.se", "Åsa", True)) == [("åsa@bjuv.se", "Åsa")]
    assert any("Person 100 " in text for text in caplog.messages)


def test_everybody_is_found_by_the_words_of_the_name() -> None:
    upgrade(("anna@bjuv.se", "Anna-Karin Lindqvist", True))
    query = sa.text("select word from person_name_word where person_id = 100 order by word")
    with db.engine.connect() as connection:
        assert connection.execute(query).scalars().all() == ["anna", "annakarin", "karin", "lindqvist"]
