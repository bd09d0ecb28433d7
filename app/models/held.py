"""What nearly every change asks for again and again: the programme, and the stage that it falls in."""

from functools import cache
from typing import TypeVar

from sqlalchemy import Select, bindparam, inspect, select

from app.extensions import Model, db

_Kind = TypeVar("_Kind", bound=Model)


def held(kind: type[_Kind], number: int) -> _Kind | None:
    """It by its number, and for as long as the session lasts: a session forgets at once what nobody else holds, and
    asks the database for it the next time."""
    session = db.session()
    known = session.info.get((kind, number)) or session.scalar(_numbered(kind), {"number": number})
    # What has expired meanwhile is read again, and what has been deleted is not there.
    session.info[kind, number] = thing = session.get(kind, number) if known else None
    return thing


@cache
def _numbered(kind: type[_Kind]) -> Select[_Kind]:
    """A session puts this together anew for each `get`, which takes half as long as the whole answer."""
    (number,) = inspect(kind).primary_key
    return select(kind).where(number == bindparam("number")).execution_options(autoflush=False)
