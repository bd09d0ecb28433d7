"""What is said about a thing: threads, oldest first, each with its first answers; and who sees which comment."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from app.extensions import db
from app.models.comment import Comment, Mention, ThreadMute, is_listed, is_talked_about
from app.models.contribution import Contribution, is_moderated_by, is_visible, is_withdrawn
from app.models.paging import LAST_NUMBER, Page, prepared_page
from app.models.person import Person


class Said(NamedTuple):
    """What a page says of a conversation before it shows it."""

    #: How many comments everybody may see.
    comments: int
    #: Whether there is anything, be it hidden or withdrawn.
    is_begun: bool
    #: Whether the viewer hears no more of it.
    is_muted: bool


#: With each thread; the others are asked for.
FIRST_ANSWERS: Final = 3

_RELATIONS: Final = (
    joinedload(Comment.contribution, innerjoin=True),
    joinedload(Comment.owner, innerjoin=True),
    joinedload(Comment.removal),
    joinedload(Comment.withdrawal),
    selectinload(Comment.mentions).joinedload(Mention.person),
)
#: The columns are in the order of `Said`.
_SAID: Final = select(
    Contribution.comment_count,
    exists().where(Comment.thread_about_id == Contribution.id),
    exists().where(ThreadMute.about_id == Contribution.id, ThreadMute.person_id == bindparam("viewer_id")),
).where(Contribution.id == bindparam("about_id"))
_LISTED: Final = is_listed(bindparam("viewer_id"))
_THREADS: Final = (
    select(Comment)
    .where(Comment.thread_about_id == bindparam("about_id"), Comment.id > bindparam("after"), _LISTED)
    .options(*_RELATIONS)
    .order_by(Comment.id)
    .limit(bindparam("size"))
)
_ANSWERS: Final = (
    select(Comment)
    .where(Comment.answers_id == bindparam("thread_id"), Comment.id > bindparam("after"), _LISTED)
    .options(*_RELATIONS)
    .order_by(Comment.id)
    .limit(bindparam("size"))
)
_WHOLE: Final = (
    select(Comment).where(Comment.id.in_(bindparam("comment_ids", expanding=True))).options(*_RELATIONS)
)
_FOR_LOG: Final = (
    select(Comment)
    .where(Comment.id.in_(bindparam("comment_ids", expanding=True)))
    .options(joinedload(Comment.removal))
)


def _first_answers() -> Any:
    """Of each thread those up to the one after the first few: however many there are, no more are read."""
    opening, early = aliased(Comment), aliased(Comment)
    shown = is_visible(early.id) | ((early.owner_id == bindparam("viewer_id")) & ~is_withdrawn(early.id))
    beyond = (
        select(early.id)
        .where(early.answers_id == opening.id, shown)
        .order_by(early.id)
        .limit(1)
        .offset(FIRST_ANSWERS)
        .scalar_subquery()
    )
    return (
        select(Comment)
        .join(opening, Comment.answers_id == opening.id)
        .where(opening.id.in_(bindparam("thread_ids", expanding=True)), _LISTED)
        .where(Comment.id <= func.coalesce(beyond, LAST_NUMBER))
        .options(*_RELATIONS)
        .order_by(Comment.id)
    )


_FIRST_ANSWERS: Final = _first_answers()


@dataclass
class Thread:
    """The comment that opens it, and answers to it, oldest first; whether there are more of them."""

    opening: Comment
    answers: list[Comment] = field(default_factory=list)
    has_more: bool = False

    @property
    def last(self) -> Comment | None:
        """The answer after which the others begin; None when there are none."""
        return self.answers[-1] if self.has_more else None

    @property
    def comments(self) -> list[Comment]:
        return [self.opening, *self.answers]


def said_about(about_id: int, viewer: Person) -> Said:
    about = {"about_id": about_id, "viewer_id": viewer.id}
    return Said._make(db.session.connection().execute(_SAID, about).one())


def threads_about(about_id: int, viewer: Person, after: int | None = None) -> Page[Thread]:
    """The threads, or those that begin after the comment with that number. The caller has asked whether the thing may
    be seen."""
    about = {"about_id": about_id, "viewer_id": viewer.id, "after": after or 0}
    openings: Page[Comment] = prepared_page(_THREADS, about)
    answers = _answers_in([opening.id for opening in openings.items], viewer)
    threads = [
        Thread(one, answers[one.id][:FIRST_ANSWERS], len(answers[one.id]) > FIRST_ANSWERS)
        for one in openings.items
    ]
    return Page(threads, openings.has_more)


def thread_of(thread_id: int, viewer: Person, after: int | None = None) -> Thread | None:
    """One thread, with a page of its answers; None when there is nothing of it that the viewer may see."""
    opening = db.session.scalar(
        select(Comment)
        .where(Comment.id == thread_id, Comment.answers_id.is_(None), is_talked_about(Comment.about_id))
        .where(is_listed(viewer.id))
        .options(*_RELATIONS)
    )
    if opening is None:
        return None
    about = {"thread_id": thread_id, "viewer_id": viewer.id, "after": after or 0}
    answers: Page[Comment] = prepared_page(_ANSWERS, about)
    return Thread(opening, answers.items, answers.has_more)


def comment_count(about_id: int) -> int:
    """How many comments about the thing everybody may see."""
    return db.session.get_one(Contribution, about_id).comment_count


def comes_among_first(comment: Comment, viewer: Person, many: int) -> bool:
    """Whether it is one of the first so many where it stands: of the threads about the thing, or of the answers."""
    earlier = select(Comment.id).where(Comment.id < comment.id, is_listed(viewer.id))
    if comment.answers_id:
        earlier = earlier.where(Comment.answers_id == comment.answers_id)
    else:
        earlier = earlier.where(Comment.thread_about_id == comment.about_id)
    return len(db.session.scalars(earlier.limit(many)).all()) < many


def moderated_among(comment_ids: Collection[int], viewer: Person) -> set[int]:
    """Which of these the person moderates."""
    theirs = select(Comment.id).where(Comment.id.in_(comment_ids), is_moderated_by(viewer, Comment.id))
    return set(db.session.scalars(theirs))


def whole_comments(comment_ids: Collection[int]) -> list[Comment]:
    """Many, with all that is shown of them, without asking who sees them."""
    return list(db.session.scalars(_WHOLE, {"comment_ids": list(comment_ids)}))


def comments_for_log(comment_ids: Collection[int]) -> list[Comment]:
    """Many, with no more than their removals."""
    return list(db.session.scalars(_FOR_LOG, {"comment_ids": list(comment_ids)}))


def visible_comment(comment_id: int, viewer: Person) -> Comment | None:
    """The comment, or None when the viewer may not see it: what is withdrawn nobody sees, what is hidden its author and
    its moderators, and nobody what is about a thing out of sight."""
    query = select(Comment).where(
        Comment.id == comment_id, is_talked_about(Comment.about_id), ~is_withdrawn(Comment.id)
    )
    comment = db.session.scalar(query.options(*_RELATIONS))
    if comment is None or comment.removal is None or comment.is_owned_by(viewer):
        return comment
    return comment if db.session.scalar(select(is_moderated_by(viewer, comment.id))) else None


def own_comment(comment_id: int, viewer: Person) -> Comment | None:
    """The viewer's own comment, also one that they have taken back, and whether what it is about may be seen or not:
    their words stay theirs."""
    query = select(Comment).where(Comment.id == comment_id, Comment.owner_id == viewer.id)
    return db.session.scalar(query.options(*_RELATIONS))


def _answers_in(thread_ids: Sequence[int], viewer: Person) -> dict[int, list[Comment]]:
    answers: dict[int, list[Comment]] = defaultdict(list)
    if thread_ids:
        about = {"thread_ids": list(thread_ids), "viewer_id": viewer.id}
        for answer in db.session.scalars(_FIRST_ANSWERS, about):
            answers[answer.answers_id or 0].append(answer)
    return answers
