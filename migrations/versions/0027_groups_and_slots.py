"""A person switches off groups of kinds and not each kind, has two slots a day, and may pause."""

from datetime import time

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_GROUPS = {
    "stage": ["stage"],
    "together": ["invitation", "answer", "change"],
    "thanks": ["cheer", "idea", "tip", "badge"],
    "challenges": ["challenge"],
    "survey": ["survey"],
    "reviews": ["moderation", "points"],
}

_person = sa.table(
    "person",
    sa.column("id", sa.Integer()),
    sa.column("muted_kinds", sa.JSON()),
    sa.column("muted_groups", sa.JSON()),
)


def upgrade() -> None:
    with op.batch_alter_table("person") as batch:
        for name, at in (("first_slot", time(8, 30)), ("second_slot", time(13, 30))):
            batch.add_column(sa.Column(name, sa.Time(), nullable=False, server_default=f"{at:%H:%M:%S.000000}"))
        batch.add_column(sa.Column("muted_groups", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))
    _copy("muted_kinds", "muted_groups", _groups_of)
    with op.batch_alter_table("person") as batch:
        batch.drop_column("muted_kinds")
        for name, kind in (("first_slot", sa.Time()), ("second_slot", sa.Time()), ("muted_groups", sa.JSON())):
            batch.alter_column(name, existing_type=kind, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("person") as batch:
        batch.add_column(sa.Column("muted_kinds", sa.JSON(), nullable=False, server_default="[]"))
    _copy("muted_groups", "muted_kinds", _kinds_of)
    with op.batch_alter_table("person") as batch:
        batch.alter_column("muted_kinds", existing_type=sa.JSON(), server_default=None)
        for name in ("first_slot", "second_slot", "muted_groups", "paused_at"):
            batch.drop_column(name)


def _copy(source: str, target: str, convert) -> None:
    """Only those who have switched something off; as a list, since rows are changed while they are read."""
    connection = op.get_bind()
    rows = connection.execute(sa.select(_person.c.id, _person.c[source])).all()
    changes = [{"number": number, "value": convert(names)} for number, names in rows if names]
    if changes:
        change = sa.update(_person).where(_person.c.id == sa.bindparam("number"))
        connection.execute(change.values({target: sa.bindparam("value")}), changes)


def _groups_of(kinds: list[str]) -> list[str]:
    """A group is off if any of its kinds was: nobody gets what they had switched off."""
    return [group for group, members in _GROUPS.items() if set(members) & set(kinds)]


def _kinds_of(groups: list[str]) -> list[str]:
    return [kind for group in groups for kind in _GROUPS.get(group, [])]
