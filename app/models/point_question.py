"""Det blev fel: somebody asks about points of their own, and a coordinator answers."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, text
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model
from app.models.ledger import PointEntry


class PointQuestion(Model):
    """About one entry of the asker's ledger, which has at most one open question, and is set right at most once."""

    __tablename__ = "point_question"
    __table_args__ = (
        CheckConstraint("length(text) > 0", name="text_given"),
        CheckConstraint("(answered_at is null) = (answered_by_id is null)", name="answered_by_somebody"),
        CheckConstraint("answered_at is not null or (answer = '' and points = 0)", name="answered_first"),
        Index(
            "uq_point_question_open",
            "entry_id",
            unique=True,
            sqlite_where=text("answered_at is null"),
            postgresql_where=text("answered_at is null"),
        ),
        Index(
            "uq_point_question_set_right",
            "entry_id",
            unique=True,
            sqlite_where=text("points <> 0"),
            postgresql_where=text("points <> 0"),
        ),
        Index(
            "ix_point_question_waiting",
            "asked_at",
            "id",
            sqlite_where=text("answered_at is null"),
            postgresql_where=text("answered_at is null"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("point_entry.id"), index=True)
    text: Mapped[str]
    asked_at: Mapped[datetime]
    #: What the coordinator wrote.
    answer: Mapped[str] = mapped_column(default="")
    #: What the answer gave, or, negative, took: an entry of the ledger with the source "question:<id>".
    points: Mapped[int] = mapped_column(default=0)
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    entry: Mapped[PointEntry] = relationship(lazy="raise_on_sql")

    @hybrid_property
    def is_open(self) -> bool:
        """Nobody has answered; in a query, the condition."""
        return self.answered_at is None

    @is_open.inplace.expression
    @classmethod
    def _is_open(cls) -> ColumnElement[bool]:
        return cls.answered_at.is_(None)
