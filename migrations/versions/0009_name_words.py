"""Find people by any word of the name, and give every stored address and name its one spelling.

The words, spellings and names are made by the functions that the code reads them by: data that follows from other data has
to be what the code looks for, whenever the migration runs.
"""

import logging

import sqlalchemy as sa
from alembic import op

from app.email_address import canonical_or_none
from app.text import one_line, search_words

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_CODE_POINTS = sa.String().with_variant(sa.String(collation="C"), "postgresql")
_log = logging.getLogger("alembic.runtime.migration")

_person = sa.table(
    "person",
    *(sa.column(name, sa.String()) for name in ("email", "name", "title", "name_key")),
    sa.column("id", sa.Integer()),
    sa.column("left_at", sa.DateTime()),
)
_word = sa.table("person_name_word", sa.column("person_id", sa.Integer()), sa.column("word", sa.String()))


def upgrade() -> None:
    op.create_table(
        "person_name_word",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("word", _CODE_POINTS, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_person_name_word_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "word", name="pk_person_name_word"),
    )
    op.create_index("ix_person_name_word_word_person_id", "person_name_word", ["word", "person_id"])
    connection = op.get_bind()
    _clean_names(connection)
    _give_addresses_one_spelling(connection)
    words = [
        {"person_id": person.id, "word": word}
        for person in connection.execute(sa.select(_person.c.id, _person.c.name))
        for word in sorted(search_words(person.name))
    ]
    if words:
        connection.execute(_word.insert(), words)
    op.drop_index("ix_person_name_key", "person")
    op.drop_column("person", "name_key")


def downgrade() -> None:
    op.add_column("person", sa.Column("name_key", _CODE_POINTS, nullable=True))
    connection = op.get_bind()
    for person in connection.execute(sa.select(_person.c.id, _person.c.name)).all():
        key = " ".join(person.name.casefold().split())
        connection.execute(_person.update().where(_person.c.id == person.id).values(name_key=key))
    with op.batch_alter_table("person") as batch:
        batch.alter_column("name_key", existing_type=_CODE_POINTS, nullable=False)
    op.create_index("ix_person_name_key", "person", ["name_key"])
    op.drop_table("person_name_word")


def _clean_names(connection: sa.Connection) -> None:
    for person in connection.execute(sa.select(_person.c.id, _person.c.name, _person.c.title)).all():
        # A name of nothing but characters that cannot be seen stays: a person without a name could not be shown.
        name, title = one_line(person.name) or person.name, one_line(person.title)
        if (name, title) != (person.name, person.title):
            row = _person.update().where(_person.c.id == person.id)
            connection.execute(row.values(name=name, title=title))


def _give_addresses_one_spelling(connection: sa.Connection) -> None:
    """Where two people have had two spellings of one address, one of them gets it: somebody who is here before somebody
    who has left, then who has it already, then the older. The other stays, with an address by which nobody can sign in;
    both are named, for somebody to decide."""
    people = connection.execute(sa.select(_person.c.id, _person.c.email, _person.c.left_at)).all()
    owners: dict[str, sa.Row] = {}
    for person in sorted(people, key=_first_claim):
        spelling = canonical_or_none(person.email)
        if spelling is None:
            _log.warning("Person %s has an address that no mail reaches, and cannot sign in.", person.id)
        elif (owner := owners.setdefault(spelling, person)) is not person:
            _log.warning("Persons %s and %s have one address; only %s can sign in.", owner.id, person.id, owner.id)
    holders = {person.email: person for person in people}
    for spelling, owner in owners.items():
        if owner.email != spelling:
            _move(connection, owner, spelling, holders.get(spelling))


def _first_claim(person: sa.Row) -> tuple[bool, bool, int]:
    return person.left_at is not None, person.email != canonical_or_none(person.email), person.id


def _move(connection: sa.Connection, owner: sa.Row, spelling: str, holder: sa.Row | None) -> None:
    """Give the owner that spelling; who holds it gets the owner's in exchange."""
    if holder:
        _set_email(connection, holder, f"{spelling} of person {holder.id}")
    _set_email(connection, owner, spelling)
    if holder:
        _set_email(connection, holder, owner.email)


def _set_email(connection: sa.Connection, person: sa.Row, email: str) -> None:
    connection.execute(_person.update().where(_person.c.id == person.id).values(email=email))
