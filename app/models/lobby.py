"""Skärmen i lobbyn: the address at which a screen shows how it goes, with nobody signed in."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model
from app.models.person import Person


class LobbyAddress(Model):
    """The one address there is. The row is deleted when it is revoked.

    The secret itself is kept and not a hash, as with joining codes: it opens nothing but what everybody who comes by
    may read, and whoever puts up the next screen must be able to look it up without making the others go dark.
    """

    __tablename__ = "lobby_address"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    #: The end of the address; cannot be guessed.
    secret: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    by: Mapped[Person] = relationship(lazy="raise_on_sql")
