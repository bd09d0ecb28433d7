"""Cheers: one from each person to each contribution of others, of one of three kinds. They give no points; the owner is
told once a day."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import bindparam, delete, select, update

from app.extensions import db
from app.models.contribution import Cheer, CheerKind, Contributed, Contribution, ContributionKind
from app.models.notification import Kind
from app.models.person import Person
from app.models.upsert import upsert
from app.services.activities.shown import ShownCounts
from app.services.notifications.firsts import Merged, One, Said, name_who_is_left, notify_of_the_first
from app.services.sums.rank import rerank

_CHEERED = select(Cheer.contribution_id).where(
    Cheer.contribution_id.in_(bindparam("contribution_ids", expanding=True)),
    Cheer.person_id == bindparam("person_id"),
)
_SPARKED = _CHEERED.where(Cheer.kind == CheerKind.SPARK)
_MINE = select(Cheer.kind).where(
    Cheer.contribution_id == bindparam("contribution_id"), Cheer.person_id == bindparam("person_id")
)
#: Sparks are what is left of all of them.
_COUNTS: Final = {CheerKind.HAT: "hat_count", CheerKind.FIKA: "fika_count"}
_UNSYNCHRONIZED: Final = {"synchronize_session": False}


class OwnContributionError(ValueError):
    """Nobody may cheer for their own contribution."""


class Cheers(NamedTuple):
    """How many of each kind a thing has, and which one of them is the viewer's."""

    spark: int
    hat: int
    fika: int
    mine: CheerKind | None

    @property
    def total(self) -> int:
        return self.spark + self.hat + self.fika


def cheer(thing: Contributed, by: Person, kind: CheerKind = CheerKind.SPARK, *, now: datetime) -> bool:
    """Cheer for it, or cheer in another way than before; False when nothing changed. The counts are kept in the same
    transaction.

    Raises:
        OwnContributionError: for the owner and the co-owners.
    """
    if thing.is_owned_by(by):
        raise OwnContributionError
    row = {"contribution_id": thing.id, "person_id": by.id, "kind": kind.value, "at": now}
    insert = upsert(Cheer).values(row).on_conflict_do_nothing(index_elements=["contribution_id", "person_id"])
    if db.session.execute(insert.returning(Cheer.person_id)).first() is None:
        return _change_kind(thing, by, kind)
    _change_counts(thing, Counter({kind: 1}))
    _tell_owner(thing, by, kind, now)
    return True


def withdraw_cheer(thing: Contributed, by: Person, *, now: datetime) -> bool:
    """Take it back, of whatever kind it was; False when there was none."""
    deletion = delete(Cheer).where(Cheer.contribution_id == thing.id, Cheer.person_id == by.id)
    gone = deletion.returning(Cheer.kind, Cheer.at)
    row = db.session.execute(gone, execution_options=_UNSYNCHRONIZED).one_or_none()
    if row is None:
        return False
    _change_counts(thing, Counter({CheerKind(row.kind): -1}))
    if thing.owner_id is not None:
        name_who_is_left(_cheers_for(thing, thing.owner_id), row.at, now)
    return True


def cheered_among(contribution_ids: list[int], person_id: int) -> set[int]:
    """Which of these the person has cheered for, in whatever way."""
    return _among(_CHEERED, contribution_ids, person_id)


def sparked_among(contribution_ids: list[int], person_id: int) -> set[int]:
    """Which of these the person has given a spark."""
    return _among(_SPARKED, contribution_ids, person_id)


def cheers_of(contribution: Contribution, viewer: Person) -> Cheers:
    asked = {"contribution_id": contribution.id, "person_id": viewer.id}
    return cheers_with(contribution, db.session.connection().scalar(_MINE, asked))


def cheers_with(contribution: Contribution | ShownCounts, mine: str | None) -> Cheers:
    """The same where it is known in which way the viewer has cheered."""
    counts = (contribution.spark_count, contribution.hat_count, contribution.fika_count)
    return Cheers(*counts, CheerKind(mine) if mine else None)


def contribution_of(thing: Contributed) -> Contribution:
    """With its counts as they are by now."""
    return db.session.get_one(Contribution, thing.id)


def _among(query: Any, contribution_ids: list[int], person_id: int) -> set[int]:
    theirs = {"contribution_ids": contribution_ids, "person_id": person_id}
    return set(db.session.connection().scalars(query, theirs)) if contribution_ids else set()


def _change_kind(thing: Contributed, by: Person, kind: CheerKind) -> bool:
    """From whichever it is: each is asked by a statement of its own, so that of two taps at once each counts what it
    found. Nobody is told: the owner has been."""
    for before in CheerKind:
        mine = update(Cheer).where(Cheer.contribution_id == thing.id, Cheer.person_id == by.id)
        change = mine.where(Cheer.kind == before).values(kind=kind.value).returning(Cheer.person_id)
        if before is not kind and db.session.execute(change, execution_options=_UNSYNCHRONIZED).first():
            _change_counts(thing, Counter({before: -1, kind: 1}))
            return True
    return False


def _change_counts(thing: Contributed, changes: Counter[CheerKind]) -> None:
    """In the database and not in Python: two people may cheer at once. A tip's place follows from the sum."""
    contribution = contribution_of(thing)
    contribution.cheer_count = Contribution.cheer_count + changes.total()
    for kind, name in _COUNTS.items():
        if changes[kind]:
            setattr(contribution, name, getattr(Contribution, name) + changes[kind])
    db.session.flush()
    if thing.kind is ContributionKind.TIP:
        rerank([thing.id])


def _tell_owner(thing: Contributed, by: Person, kind: CheerKind, now: datetime) -> None:
    if thing.owner_id is not None:
        told = _cheers_for(thing, thing.owner_id)
        notify_of_the_first(told, One(by.id, by.id, now, kind.value), now=now)


def _cheers_for(thing: Contributed, owner_id: int) -> Merged:
    """One notification for each thing and day: the name of the first person who cheered, how many more did, and in
    which way if all of them did in the same."""

    def standing(_owner_id: int, since: datetime) -> list[One]:
        cheers = select(Cheer.person_id, Cheer.at, Cheer.kind).where(
            Cheer.contribution_id == thing.id, Cheer.at >= since
        )
        rows = db.session.execute(cheers.order_by(Cheer.at, Cheer.person_id))
        return [One(row.person_id, row.person_id, row.at, row.kind) for row in rows]

    def name(one: One) -> Said:
        about = {
            "contribution_id": thing.id,
            "kind": thing.kind.value,
            "title": thing.title,
            "name": db.session.get_one(Person, one.who).name,
            "person_id": one.who,
        }
        return Said(thing.path, about)

    key = f"cheer:{thing.id}"
    return Merged([owner_id], Kind.CHEER, key, standing, name, _kind_of, may_return=False)


def _kind_of(cheers: Sequence[One]) -> dict[str, Any]:
    """The one kind of all, or that they are several."""
    kinds = {one.how for one in cheers}
    return {"cheer": kinds.pop() if len(kinds) == 1 else "several"}
