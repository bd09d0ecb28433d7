"""Hearing no more of what is said about a thing, and hearing of it again."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select

from app.extensions import db
from app.models.comment import ThreadMute
from app.models.person import Person
from app.models.upsert import upsert


def mute(about_id: int, person: Person, now: datetime) -> None:
    """Tell the person of nothing more that is said there; a second time changes nothing."""
    row = {"person_id": person.id, "about_id": about_id, "at": now}
    db.session.execute(upsert(ThreadMute).values(row).on_conflict_do_nothing())


def unmute(about_id: int, person: Person) -> None:
    own = (ThreadMute.person_id == person.id, ThreadMute.about_id == about_id)
    db.session.execute(delete(ThreadMute).where(*own))


def listeners(about_id: int, among: Collection[int]) -> set[int]:
    """Which of these people want to hear of it."""
    muted = select(ThreadMute.person_id).where(
        ThreadMute.about_id == about_id, ThreadMute.person_id.in_(among)
    )
    return set(among) - set(db.session.scalars(muted)) if among else set()
