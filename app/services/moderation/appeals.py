"""What the authors say to a decision that took a thing of theirs out of sight: that it should stand, or that they have
changed it. Once for each decision. What they say about a picture of it is in picture_answers.py."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models.contribution import Contributed
from app.models.moderation import Appeal, Decision
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


def answer_to(decision: Decision) -> Appeal | None:
    """What the author has said to it, open or settled, with who settled it how."""
    answer = select(Appeal).where(Appeal.decision_id == decision.id)
    return db.session.scalar(answer.options(joinedload(Appeal.settled_by).joinedload(Decision.by)))


def _answer(thing: Contributed, by: Person, text: str, now: datetime, *, is_changed: bool) -> Appeal:
    wait_for_all_of(thing)
    answer = write_answer(decision_in_force(thing), by, text, now, is_changed=is_changed)
    notices.tell_moderators(thing, "changed" if is_changed else "answered", by=by, now=now)
    return answer


def write_answer(
    decision: Decision, by: Person, text: str, now: datetime, *, is_changed: bool = False
) -> Appeal:
    """To that decision; the callers have made others wait.

    Raises:
        AlreadyDecidedError: nobody has decided yet, but a rule; or the answer is settled.
    """
    answer = answer_to(decision)
    if decision.by_id is None or (answer and answer.settled_by_id):
        raise AlreadyDecidedError
    answer = answer or Appeal(contribution_id=decision.contribution_id, decision_id=decision.id, text="")
    # What the author has said stays, also when it is then changed after all.
    answer.text = text or answer.text
    answer.by_id, answer.at, answer.is_changed = by.id, now, is_changed
    db.session.add(answer)
    db.session.flush()
    return answer
