"""What people say about an activity, a tip or a challenge, and the answers to that, one level deep."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final

from sqlalchemy import (
    BindParameter,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    exists,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model
from app.models.challenge import is_draft_challenge
from app.models.contribution import (
    Contribution,
    ContributionId,
    ContributionKind,
    is_visible,
    is_withdrawn,
    path_of,
)
from app.models.person import Person
from app.models.programme import Municipality
from app.models.sight import InSight, OwnedByOne
from app.models.tip import Tip, title_of

if TYPE_CHECKING:
    from app.models.contribution import Removal, Withdrawal

LONGEST_COMMENT: Final = 1000
#: For so long the author may change what it says.
CHANGEABLE_FOR: Final = timedelta(minutes=15)


class Comment(InSight, OwnedByOne, Model):
    """A comment opens a thread, or answers the one that does."""

    __tablename__ = "comment"
    __table_args__ = (
        ForeignKeyConstraint(
            ["id", "owner_id"], ["contribution.id", "contribution.owner_id"], ondelete="CASCADE"
        ),
        # An answer is about the same thing, and what it answers is no answer itself: those have no `thread_about_id`.
        UniqueConstraint("id", "thread_about_id"),
        ForeignKeyConstraint(
            ["answers_id", "about_id"], ["comment.id", "comment.thread_about_id"], ondelete="CASCADE"
        ),
        CheckConstraint(
            "(answers_id is null and thread_about_id is not null and thread_about_id = about_id) "
            "or (answers_id is not null and thread_about_id is null)",
            name="one_level",
        ),
        CheckConstraint(f"length(body) between 1 and {LONGEST_COMMENT}", name="body"),
        UniqueConstraint("owner_id", "request_key"),
        Index("ix_comment_thread_about_id_id", "thread_about_id", "id"),
        Index("ix_comment_answers_id_id", "answers_id", "id"),
        Index("ix_comment_about_id_created_at", "about_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: The activity, tip or challenge.
    about_id: Mapped[int] = mapped_column(ForeignKey("contribution.id", ondelete="CASCADE"))
    #: The same again if it opens a thread; None of an answer.
    thread_about_id: Mapped[int | None] = mapped_column(ForeignKey("contribution.id", ondelete="CASCADE"))
    #: The comment that opens its thread, if it is an answer.
    answers_id: Mapped[int | None]
    body: Mapped[str]
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    #: Made by the form; the same key again is the same comment (PRODUCT: A retry never posts twice).
    request_key: Mapped[str]
    #: Whether the `comment_count` of what it is about counts it; written by app/services/conversation alone.
    is_counted: Mapped[bool] = mapped_column(default=False)

    contribution: Mapped[Contribution] = relationship(
        lazy="raise_on_sql", primaryjoin="foreign(Comment.id) == Contribution.id"
    )
    owner: Mapped[Person] = relationship(lazy="raise_on_sql")
    mentions: Mapped[list["Mention"]] = relationship(
        lazy="raise_on_sql", order_by="Mention.id", cascade="all, delete-orphan", passive_deletes=True
    )
    removal: Mapped["Removal | None"] = relationship(
        lazy="raise_on_sql", primaryjoin="Comment.id == foreign(Removal.contribution_id)", viewonly=True
    )
    withdrawal: Mapped["Withdrawal | None"] = relationship(
        lazy="raise_on_sql", primaryjoin="Comment.id == foreign(Withdrawal.contribution_id)", viewonly=True
    )

    kind: ClassVar = ContributionKind.COMMENT

    def __init__(self, *, about_id: int, answers_id: int | None = None, **columns: Any) -> None:
        """A new comment creates its contribution too."""
        thread_about_id = None if answers_id else about_id
        super().__init__(about_id=about_id, answers_id=answers_id, thread_about_id=thread_about_id, **columns)
        self.contribution = Contribution(kind=self.kind.value, owner_id=self.owner_id, cheer_count=0)

    @property
    def title(self) -> str:
        """What messages call it."""
        return title_of(self.body)

    @property
    def path(self) -> str:
        """The address that leads to it."""
        return path_of(self.kind, self.id)

    @property
    def thread_id(self) -> int:
        """The comment that opens the thread which it stands in."""
        return self.answers_id or self.id

    def is_changeable_by(self, person: Person, now: datetime) -> bool:
        """Whether the person may change now what it says."""
        return self.is_owned_by(person) and self.is_workable and now - self.created_at < CHANGEABLE_FOR


class Mention(Model):
    """A person or a municipality whom a comment names. Where the text has "@" and `name`, it leads to them."""

    __tablename__ = "mention"
    __table_args__ = (
        UniqueConstraint("comment_id", "person_id"),
        UniqueConstraint("comment_id", "municipality_id"),
        CheckConstraint("(person_id is null) <> (municipality_id is null)", name="of_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"), index=True)
    #: As it was written, since people change their names.
    name: Mapped[str]

    person: Mapped[Person | None] = relationship(lazy="raise_on_sql")
    municipality: Mapped[Municipality | None] = relationship(lazy="raise_on_sql")


class ThreadMute(Model):
    """Somebody wants to hear no more of what is said about that thing."""

    __tablename__ = "thread_mute"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    about_id: Mapped[int] = mapped_column(
        ForeignKey("contribution.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    at: Mapped[datetime]


#: Of the tables alone: aliases of their classes would ask for models that are not imported yet.
_LESSON = Tip.__table__.alias("lesson")
_ITSELF = Comment.__table__.alias("comment_itself")
_ANSWER = Comment.__table__.alias("answer")


def is_talked_about(contribution_id: ContributionId) -> ColumnElement[bool]:
    """Condition: everybody who is signed in may see that thing, and so what is said about it. A lesson of a report
    follows its activity."""
    taught_by_one_away = exists().where(_LESSON.c.id == contribution_id, ~is_visible(_LESSON.c.activity_id))
    return is_visible(contribution_id) & ~is_draft_challenge(contribution_id) & ~taught_by_one_away


def is_out_of_reach(contribution_id: ContributionId) -> ColumnElement[bool]:
    """Condition: it is a comment about something that not everybody may see any more."""
    return exists().where(_ITSELF.c.id == contribution_id, ~is_talked_about(_ITSELF.c.about_id))


def is_answered(comment_id: ContributionId) -> ColumnElement[bool]:
    """Condition: there is an answer to it that everybody may see, so that it leaves a trace when it goes."""
    return exists().where(_ANSWER.c.answers_id == comment_id, is_visible(_ANSWER.c.id))


def is_listed(viewer_id: BindParameter[int] | int) -> ColumnElement[bool]:
    """Condition: there is something to show of it where it stands: itself, a trace, or to its author that it is
    hidden."""
    own = (Comment.owner_id == viewer_id) & ~is_withdrawn(Comment.id)
    return is_visible(Comment.id) | own | is_answered(Comment.id)
