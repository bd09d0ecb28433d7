"""Gnista: one from each person to each contribution of others. It gives no points; the owner is told once a day."""

from datetime import datetime

from sqlalchemy import bindparam, delete, func, select

from app.extensions import db
from app.models.contribution import Cheer, Contributed, Contribution, ContributionKind
from app.models.notification import Kind
from app.models.person import Person
from app.models.upsert import upsert
from app.services.notifications.notify import notify_of_the_first
from app.services.sums.rank import rerank

_CHEERED = select(Cheer.contribution_id).where(
    Cheer.contribution_id.in_(bindparam("contribution_ids", expanding=True)),
    Cheer.person_id == bindparam("person_id"),
)


class OwnContributionError(ValueError):
    """Nobody may cheer for their own contribution."""


def cheer(thing: Contributed, by: Person, *, now: datetime) -> bool:
    """Cheer for it; False when this person has done so already. The count is kept in the same transaction.

    Raises:
        OwnContributionError: for the owner and the co-owners.
    """
    if thing.is_owned_by(by):
        raise OwnContributionError
    row = {"contribution_id": thing.id, "person_id": by.id, "at": now}
    insert = upsert(Cheer).values(row).on_conflict_do_nothing(index_elements=["contribution_id", "person_id"])
    if db.session.execute(insert.returning(Cheer.person_id)).first() is None:
        return False
    _change_count(thing, 1)
    _tell_owner(thing, by, now)
    return True


def withdraw_cheer(thing: Contributed, by: Person) -> bool:
    """Take it back; False when there was none."""
    deletion = (
        delete(Cheer)
        .where(Cheer.contribution_id == thing.id, Cheer.person_id == by.id)
        .returning(Cheer.person_id)
    )
    if db.session.execute(deletion.execution_options(synchronize_session=False)).first() is None:
        return False
    _change_count(thing, -1)
    return True


def cheered_among(contribution_ids: list[int], person_id: int) -> set[int]:
    """Which of these the person has cheered for."""
    theirs = {"contribution_ids": contribution_ids, "person_id": person_id}
    return set(db.session.connection().scalars(_CHEERED, theirs)) if contribution_ids else set()


def cheer_count(contribution_id: int) -> int:
    return db.session.get_one(Contribution, contribution_id).cheer_count


def _change_count(thing: Contributed, change: int) -> None:
    """In the database and not in Python: two people may cheer at once. A tip's place follows from it."""
    contribution = db.session.get_one(Contribution, thing.id)
    contribution.cheer_count = Contribution.cheer_count + change
    db.session.flush()
    if thing.kind is ContributionKind.TIP:
        rerank([thing.id])


def _tell_owner(thing: Contributed, by: Person, now: datetime) -> None:
    """One notification for each thing and day: the name of the first person who cheered, and how many more did."""
    if thing.owner_id is None:
        return
    about = {
        "contribution_id": thing.id,
        "kind": thing.kind.value,
        "title": thing.title,
        "name": by.name,
        "person_id": by.id,
    }
    notify_of_the_first(
        [thing.owner_id],
        Kind.CHEER,
        key=f"cheer:{thing.id}",
        url=thing.path,
        parameters=about,
        count_since=lambda moment: _cheers_since(thing.id, moment),
        now=now,
    )


def _cheers_since(contribution_id: int, moment: datetime) -> int:
    cheers = select(func.count()).where(Cheer.contribution_id == contribution_id, Cheer.at >= moment)
    return db.session.scalar(cheers) or 0
