"""What people are to be told of a decision, and have not been told yet: in the first seconds it may be undone."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model


class HeldNotice(Model):
    """The arguments of `notify`. The row is deleted in the transaction that tells, so nobody is told twice and no crash
    loses it; or with what was undone."""

    __tablename__ = "held_notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id", ondelete="CASCADE"), index=True)
    person_ids: Mapped[list[int]]
    kind: Mapped[str]
    key: Mapped[str]
    url: Mapped[str]
    parameters: Mapped[dict[str, Any]]
    asked_for: Mapped[bool] = mapped_column(default=False)
    #: None: when what it is about is published.
    due_at: Mapped[datetime | None] = mapped_column(index=True)
