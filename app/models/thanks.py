"""What one person thanks another for, in one line."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Final

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model
from app.models.activity import Activity
from app.models.contribution import Contribution, ContributionKind, is_visible, path_of
from app.models.person import Person
from app.models.sight import OwnedByOne
from app.models.tip import title_of

if TYPE_CHECKING:
    from app.models.contribution import Removal, Withdrawal

LONGEST_THANKS: Final = 200


class Thanks(OwnedByOne, Model):
    """Whoever is thanked reads it, and shows it on their page or not."""

    __tablename__ = "thanks"
    __table_args__ = (
        ForeignKeyConstraint(
            ["id", "owner_id"], ["contribution.id", "contribution.owner_id"], ondelete="CASCADE"
        ),
        CheckConstraint(f"length(words) between 1 and {LONGEST_THANKS}", name="words"),
        CheckConstraint("owner_id <> to_id", name="to_another"),
        UniqueConstraint("owner_id", "request_key"),
        Index("ix_thanks_to_id_id", "to_id", "id"),
        Index("ix_thanks_owner_id_to_id_at", "owner_id", "to_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: Who is thanked.
    to_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: The activity for which, if it is for one.
    about_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id", ondelete="SET NULL"), index=True)
    words: Mapped[str]
    at: Mapped[datetime]
    #: Since when the one who is thanked does not want it on their page.
    put_away_at: Mapped[datetime | None]
    #: Made by the form; the same key again is the same thanks (PRODUCT: A retry never posts twice).
    request_key: Mapped[str]

    contribution: Mapped[Contribution] = relationship(
        lazy="raise_on_sql", primaryjoin="foreign(Thanks.id) == Contribution.id"
    )
    owner: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=owner_id)
    to: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=to_id)
    about: Mapped[Activity | None] = relationship(
        lazy="raise_on_sql",
        primaryjoin=lambda: (Thanks.about_id == Activity.id) & is_visible(Activity.id),
        foreign_keys=about_id,
        viewonly=True,
    )
    removal: Mapped["Removal | None"] = relationship(
        lazy="raise_on_sql", primaryjoin="Thanks.id == foreign(Removal.contribution_id)", viewonly=True
    )
    withdrawal: Mapped["Withdrawal | None"] = relationship(
        lazy="raise_on_sql", primaryjoin="Thanks.id == foreign(Withdrawal.contribution_id)", viewonly=True
    )

    kind: ClassVar = ContributionKind.THANKS

    def __init__(self, **columns: Any) -> None:
        """New thanks create their contribution too."""
        super().__init__(**columns)
        self.contribution = Contribution(kind=self.kind.value, owner_id=self.owner_id, cheer_count=0)

    @property
    def title(self) -> str:
        """What messages call it."""
        return title_of(self.words)

    @property
    def path(self) -> str:
        """The address that leads to it."""
        return path_of(self.kind, self.id)


def is_on_page(of: type[Person]) -> ColumnElement[bool]:
    """Condition: everybody who is signed in reads it on the page of whoever is thanked, `of`, who wants it there."""
    return is_visible(Thanks.id) & of.shows_thanks & of.is_present & Thanks.put_away_at.is_(None)
