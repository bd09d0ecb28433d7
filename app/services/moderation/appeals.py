"""What the authors say to a decision that took a thing of theirs out of sight: that it should stand, or that they have
changed it. Once for each decision."""

from datetime import datetime

from sqlalchemy import select

from app.extensions import db
from app.models.contribution import Contributed
from app.models.moderation import Appeal
from app.models.person import Person
from app.services.moderation import notices
from app.services.moderation.acts import AlreadyDecidedError, decision_in_force
from app.services.moderation.moderated_kinds import wait_for_all_of


def answer_back(thing: Contributed, by: Person, text: str, now: datetime) -> Appeal:
    """Say why it should stand; somebody else than who decided looks again. Until that is settled, the text can be
    changed.

    Raises:
        AlreadyDecidedError: it is not hidden, rests by a rule and nobody has decided yet, or the answer is settled.
    """
    return _answer(thing, by, text, now, is_changed=False)


def send_again(thing: Contributed, by: Person, now: datetime) -> Appeal:
    """Say that it has been changed as was asked (rewriting.py); it is shown when a moderator has read it.

    Raises:
        AlreadyDecidedError: as for `answer_back`.
    """
    return _answer(thing, by, "", now, is_changed=True)


def _answer(thing: Contributed, by: Person, text: str, now: datetime, *, is_changed: bool) -> Appeal:
    wait_for_all_of(thing)
    hidden_by = decision_in_force(thing)
    if hidden_by.by_id is None:
        raise AlreadyDecidedError
    answer = db.session.scalar(select(Appeal).where(Appeal.decision_id == hidden_by.id))
    if answer and answer.settled_by_id:
        raise AlreadyDecidedError
    answer = answer or Appeal(contribution_id=thing.id, decision_id=hidden_by.id, text="")
    # What the author has said stays, also when it is then changed after all.
    answer.text = text or answer.text
    answer.by_id, answer.at, answer.is_changed = by.id, now, is_changed
    db.session.add(answer)
    db.session.flush()
    notices.tell_moderators(thing, "changed" if is_changed else "answered", by=by, now=now)
    return answer
