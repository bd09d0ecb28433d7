"""What nearly every change asks for again and again: the programme, and the stage that it falls in."""

from typing import TypeVar

from app.extensions import Model, db

_Kind = TypeVar("_Kind", bound=Model)


def held(kind: type[_Kind], number: int) -> _Kind | None:
    """It by its number, and for as long as the session lasts: a session forgets at once what nobody else holds, and
    asks the database for it the next time."""
    thing = db.session.get(kind, number)
    db.session.info[kind, number] = thing
    return thing
