"""The address of the screens in lobbies: a lead makes it, puts another in its place, or revokes it."""

import secrets
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models.lobby import LobbyAddress
from app.models.person import Person
from app.models.upsert import upsert

#: Of chance; nobody guesses it, however often they try.
_BYTES: Final = 24
_THE_ONE: Final = select(LobbyAddress).options(
    joinedload(LobbyAddress.by, innerjoin=True).load_only(Person.name)
)


def lobby_address() -> LobbyAddress | None:
    """The one that holds, with the name of who made it."""
    return db.session.scalar(_THE_ONE)


def is_lobby_address(secret: str) -> bool:
    return db.session.scalar(select(LobbyAddress.id).where(LobbyAddress.secret == secret)) is not None


def make_address(*, instead_of: str, by: Person, now: datetime) -> bool:
    """Make one in place of `instead_of`, or the first one when that is empty. False when somebody else was faster, so
    that a double tap changes it once."""
    if instead_of and not revoke_address(instead_of):
        return False
    row = {"id": 1, "secret": secrets.token_urlsafe(_BYTES), "made_at": now, "by_id": by.id}
    insert = upsert(LobbyAddress).values(row).on_conflict_do_nothing()
    return db.session.execute(insert.returning(LobbyAddress.id)).first() is not None


def revoke_address(secret: str) -> bool:
    """From now on nothing is there. False when it was not the one that holds."""
    row = delete(LobbyAddress).where(LobbyAddress.secret == secret).returning(LobbyAddress.id)
    return db.session.execute(row, execution_options={"synchronize_session": False}).first() is not None
