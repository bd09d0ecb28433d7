"""The address at which calendar programs fetch one person's calendar, with nobody signed in."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model


class CalendarAddress(Model):
    """The one address that a person has. The row is deleted when it is switched off, and when the person leaves.

    It is not the address itself: that is the serial with its seal (app/web/calendar_links.py), for which one needs the
    `SECRET_KEY` too. So a copy of the database opens nobody's calendar, and yet the person can look the address up
    again for the next device, which a hash would not allow.
    """

    __tablename__ = "calendar_address"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    #: Another one for each address that is made; cannot be guessed.
    serial: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
