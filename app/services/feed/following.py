"""Following people, municipalities and activities, for one's own feed. Nobody is told, and nobody else can see it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.orm import aliased

from app.extensions import db
from app.models.activity import Activity
from app.models.contribution import is_visible, is_withdrawn
from app.models.follow import COLUMN_OF, MOST_FOLLOWED, Follow, FollowKind
from app.models.person import Person
from app.models.programme import Municipality

_UNSYNCHRONIZED: Final = {"synchronize_session": False}


class FollowingTooManyError(ValueError):
    """`MOST_FOLLOWED` are followed."""


class FollowingOneselfError(ValueError):
    """Nobody follows themselves."""


class Followed(NamedTuple):
    """What is followed, or could be."""

    kind: FollowKind
    id: int
    name: str


_followed_person = aliased(Person)
#: How each kind is found: what has left, is hidden or withdrawn is not there.
_FOUND: Final[dict[FollowKind, Any]] = {
    FollowKind.PERSON: select(_followed_person.id, _followed_person.name).where(_followed_person.is_present),
    FollowKind.MUNICIPALITY: select(Municipality.id, Municipality.name),
    FollowKind.ACTIVITY: select(Activity.id, Activity.title).where(is_visible(Activity.id)),
}
_ID_OF: Final[dict[FollowKind, Any]] = {
    FollowKind.PERSON: _followed_person.id,
    FollowKind.MUNICIPALITY: Municipality.id,
    FollowKind.ACTIVITY: Activity.id,
}
_FOLLOWED: Final = {
    kind: found.join(Follow, (COLUMN_OF[kind] == _ID_OF[kind]) & (Follow.person_id == bindparam("person_id")))
    for kind, found in _FOUND.items()
}
_IS_FOLLOWED: Final = {
    kind: select(Follow.id).where(
        Follow.person_id == bindparam("person_id"), column == bindparam("followed_id")
    )
    for kind, column in COLUMN_OF.items()
}


def followable(kind: FollowKind, number: int) -> Followed | None:
    """The thing with that number, if everybody may see it."""
    row = db.session.execute(_FOUND[kind].where(_ID_OF[kind] == number)).first()
    return Followed(kind, *row) if row else None


def is_followed(kind: FollowKind, number: int, by_id: int) -> bool:
    """Whether that person follows it."""
    followed = {"person_id": by_id, "followed_id": number}
    return db.session.connection().scalar(_IS_FOLLOWED[kind], followed) is not None


def follow(thing: Followed, *, by: Person, now: datetime) -> None:
    """Follow it from now on; a second call changes nothing.

    Raises:
        FollowingOneselfError: when it is the person.
        FollowingTooManyError: when `MOST_FOLLOWED` are followed already.
    """
    if thing.kind == FollowKind.PERSON and thing.id == by.id:
        raise FollowingOneselfError
    _wait_for_people({by.id, *([thing.id] if thing.kind == FollowKind.PERSON else [])})
    if followable(thing.kind, thing.id) is None or is_followed(thing.kind, thing.id, by.id):
        return
    if _how_many(by) >= MOST_FOLLOWED:
        _forget_withdrawn(by)
        if _how_many(by) >= MOST_FOLLOWED:
            raise FollowingTooManyError
    db.session.add(Follow(person_id=by.id, at=now, **{COLUMN_OF[thing.kind].key: thing.id}))
    db.session.flush()


def _how_many(person: Person) -> int:
    return db.session.scalar(select(func.count()).where(Follow.person_id == person.id)) or 0


def _forget_withdrawn(person: Person) -> None:
    """It does not come back, and could not be found to be left."""
    gone = delete(Follow).where(Follow.person_id == person.id, is_withdrawn(Follow.activity_id))
    db.session.execute(gone, execution_options=_UNSYNCHRONIZED)


def stop_following(kind: FollowKind, number: int, *, by: Person) -> None:
    """Also what has been hidden meanwhile."""
    followed = delete(Follow).where(Follow.person_id == by.id, COLUMN_OF[kind] == number)
    db.session.execute(followed, execution_options=_UNSYNCHRONIZED)


def forget_follows(person_id: int) -> None:
    """Those of a person who leaves, and those of them. The caller has waited for the person's turn."""
    theirs = delete(Follow).where((Follow.person_id == person_id) | (Follow.followed_person_id == person_id))
    db.session.execute(theirs, execution_options=_UNSYNCHRONIZED)


def followed_by(person_id: int) -> list[Followed]:
    """All that the person follows and may see, by kind and name; `MOST_FOLLOWED` at most."""
    named = [
        [Followed(kind, *row) for row in db.session.execute(query, {"person_id": person_id})]
        for kind, query in _FOLLOWED.items()
    ]
    return [thing for things in named for thing in sorted(things, key=lambda one: (one.name, one.id))]


def _wait_for_people(person_ids: Collection[int]) -> None:
    """Wait until nobody else changes what they follow or lets them leave, in the order of their numbers."""
    for person_id in sorted(person_ids):
        unchanged = update(Person).where(Person.id == person_id).values(left_at=Person.left_at)
        db.session.execute(unchanged, execution_options=_UNSYNCHRONIZED)
