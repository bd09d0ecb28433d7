"""One thing that waits, as a moderator reads it: who else reads it, notes, and what has happened to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models.moderation import Appeal, Decision, Flag
from app.models.person import Person
from app.models.review import ModeratorNote, Reading
from app.models.upsert import upsert

#: Whoever has not decided by then is taken to have put it away.
_READ_WITHIN: Final = timedelta(minutes=10)
#: Characters.
LONGEST_NOTE: Final = 1000


@dataclass(frozen=True)
class Event:
    """`kind` is `flagged` (with its reason), `answered`, `sent_again`, or a verdict (with reason, text and who)."""

    at: datetime
    kind: str
    reason: str = ""
    text: str = ""
    by: Person | None = None


def begin_reading(contribution_id: int, by: Person, now: datetime) -> None:
    """Say that this moderator reads it now, unless another began before and may still be at it."""
    row = {"contribution_id": contribution_id, "by_id": by.id, "at": now}
    insert = upsert(Reading).values(row)
    is_put_away = (Reading.by_id == by.id) | (Reading.at <= now - _READ_WITHIN)
    db.session.execute(
        insert.on_conflict_do_update(
            index_elements=["contribution_id"], set_={"by_id": by.id, "at": now}, where=is_put_away
        )
    )


def read_by_another(contribution_id: int, viewer: Person, now: datetime) -> Reading | None:
    """Another moderator's reading that may still go on, with who it is."""
    theirs = (Reading.contribution_id == contribution_id, Reading.by_id != viewer.id)
    query = select(Reading).where(*theirs, Reading.at > now - _READ_WITHIN)
    return db.session.scalar(query.options(joinedload(Reading.by)))


def notes_on(contribution_id: int) -> list[ModeratorNote]:
    """Oldest first."""
    about = select(ModeratorNote).where(ModeratorNote.contribution_id == contribution_id)
    return list(db.session.scalars(about.options(joinedload(ModeratorNote.by)).order_by(ModeratorNote.id)))


def add_note(contribution_id: int, by: Person, text: str, now: datetime) -> ModeratorNote:
    """A note that only moderators see. The same one sent twice in a row is one."""
    last = select(ModeratorNote).where(ModeratorNote.contribution_id == contribution_id)
    newest = db.session.scalar(last.order_by(ModeratorNote.id.desc()).limit(1))
    if newest and (newest.by_id, newest.text) == (by.id, text):
        return newest
    note = ModeratorNote(contribution_id=contribution_id, by_id=by.id, text=text, at=now)
    db.session.add(note)
    db.session.flush()
    return note


def history_of(thing: Any) -> list[Event]:
    """What people asked, what authors answered and what was decided, oldest first; never who asked."""
    return sorted(_events(thing.id), key=lambda event: event.at)


def _events(contribution_id: int) -> Iterator[Event]:
    for flag in db.session.scalars(select(Flag).where(Flag.contribution_id == contribution_id)):
        yield Event(flag.at, "flagged", flag.reason, flag.text)
    for answer in db.session.scalars(select(Appeal).where(Appeal.contribution_id == contribution_id)):
        yield Event(answer.at, "sent_again" if answer.is_changed else "answered", text=answer.text)
    decided = select(Decision).where(Decision.contribution_id == contribution_id)
    for decision in db.session.scalars(decided.options(joinedload(Decision.by))):
        yield Event(decision.at, decision.verdict, decision.reason, decision.text, decision.by)
