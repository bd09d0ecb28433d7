"""People, their roles and their preferences."""

from collections.abc import Iterator
from datetime import datetime, time
from enum import StrEnum
from typing import Any, Final, NamedTuple

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, Select, case, select, text, update
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.email_address import canonical_or_none
from app.extensions import Model, db
from app.models.checks import one_of
from app.models.code_points import CodePoints, begins_with
from app.models.programme import Municipality
from app.text import search_words

#: What pages, mails and pushes are written in.
LANGUAGES = ("sv", "en")
THEMES = ("auto", "light", "dark")
#: When nobody has chosen slots of their own.
USUAL_SLOTS: Final = (time(8, 30), time(13, 30))


class Role(StrEnum):
    """What a person may do (PRODUCT: The people)."""

    PARTICIPANT = "participant"
    COORDINATOR = "coordinator"
    LEAD = "lead"
    STEERING = "steering"


class Person(Model):
    """An employee who takes part. The e-mail address is the identity, and kept in its canonical spelling."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_lower"),
        one_of("role", Role),
        one_of("language", LANGUAGES),
        one_of("theme", THEMES),
        Index(
            "ix_person_role_municipality_id",
            "role",
            "municipality_id",
            sqlite_where=text("left_at is null"),
            postgresql_where=text("left_at is null"),
        ),
        Index("ix_person_ranked", "id", sqlite_where=text("ranked = 1"), postgresql_where=text("ranked")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    #: Changed by `rename`, which keeps `name_words` in step.
    name: Mapped[str]
    #: What the person does, for example "bibliotekarie"; may be empty.
    title: Mapped[str] = mapped_column(default="")
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), index=True)
    role: Mapped[str] = mapped_column(default=Role.PARTICIPANT.value)
    joined_at: Mapped[datetime]
    #: When they signed in for the first time; None for somebody from a list who has not been here yet.
    signed_in_at: Mapped[datetime | None]
    #: Set when the person has left; then nobody can sign in as them, and what they wrote stays.
    left_at: Mapped[datetime | None]
    language: Mapped[str] = mapped_column(default="sv")
    theme: Mapped[str] = mapped_column(default="auto")
    #: Pushes are sent between these times, on the programme's clock (PRODUCT: Nobody is disturbed at dinner).
    push_from: Mapped[time] = mapped_column(default=time(7))
    push_until: Mapped[time] = mapped_column(default=time(18))
    push_weekends: Mapped[bool] = mapped_column(default=False)
    #: When what nobody has asked of the person is pushed, merged (services/notifications/quiet_hours.py).
    first_slot: Mapped[time] = mapped_column(default=USUAL_SLOTS[0])
    second_slot: Mapped[time] = mapped_column(default=USUAL_SLOTS[1])
    #: Groups of kinds (`Group` in app/models/notification.py) that are neither pushed nor mailed to this person.
    muted_groups: Mapped[list[str]] = mapped_column(default=list)
    #: Whether the person takes the digest by mail, where no push reaches them.
    takes_digest: Mapped[bool] = mapped_column(default=True)
    #: Since when the person wants neither pushes nor mail, for a reason that nobody asks for.
    paused_at: Mapped[datetime | None]
    #: Until when the person may read but write nothing that others see; kept by services/moderation/limits.py.
    limited_until: Mapped[datetime | None]
    #: Whether the person wants to be shown among their neighbours; changed by services/points/neighbours.py. Never of
    #: somebody who has left or belongs to the programme office.
    ranked: Mapped[bool] = mapped_column(default=False)
    #: What colleagues see of the person beside name and municipality, as they have chosen (services/people/shown.py).
    #: Activities stand elsewhere too; what says something about the person is shown only when they want it.
    shows_title: Mapped[bool] = mapped_column(default=True)
    shows_done: Mapped[bool] = mapped_column(default=True)
    shows_badges: Mapped[bool] = mapped_column(default=False)
    shows_thanks: Mapped[bool] = mapped_column(default=False)

    #: Not loaded with each person: pages name it from the programme's catalogue.
    municipality: Mapped[Municipality] = relationship()
    name_words: Mapped[list["NameWord"]] = relationship(cascade="all, delete-orphan", passive_deletes=True)

    def __init__(self, *, name: str, **columns: Any) -> None:
        super().__init__(**columns)
        self.rename(name)

    @hybrid_property
    def is_present(self) -> bool:
        """Has joined and not left; in a query, the condition."""
        return self.left_at is None

    @is_present.inplace.expression
    @classmethod
    def _is_present(cls) -> ColumnElement[bool]:
        return cls.left_at.is_(None)

    @hybrid_property
    def is_paused(self) -> bool:
        """Takes neither pushes nor mail for now; in a query, the condition."""
        return self.paused_at is not None

    @is_paused.inplace.expression
    @classmethod
    def _is_paused(cls) -> ColumnElement[bool]:
        return cls.paused_at.is_not(None)

    @hybrid_property
    def is_office(self) -> bool:
        """Belongs to the programme office, which earns no points and is in no figure; in a query, the condition."""
        return self.role == Role.LEAD

    @hybrid_property
    def shown_title(self) -> str:
        """What colleagues read of what the person does; may be empty. In a query, the same."""
        return self.title if self.shows_title else ""

    @shown_title.inplace.expression
    @classmethod
    def _shown_title(cls) -> ColumnElement[str]:
        return case((cls.shows_title, cls.title), else_="")

    @property
    def first_name(self) -> str:
        return _first_name(self.name)

    def rename(self, name: str) -> None:
        self.name = name
        words = search_words(name)
        kept = [word for word in self.name_words if word.word in words]
        new = sorted(words - {word.word for word in kept})
        self.name_words = kept + [NameWord(word=word) for word in new]

    def is_a(self, *roles: Role) -> bool:
        return self.role in roles

    @property
    def moderated_municipality_ids(self) -> frozenset[int] | None:
        """A coordinator moderates what their own municipality takes part in; None means everything, for a lead."""
        if self.is_a(Role.LEAD):
            return None
        return frozenset({self.municipality_id} if self.is_a(Role.COORDINATOR) else ())

    def moderates(self, municipality_id: int) -> bool:
        """Whether the person moderates what that municipality takes part in."""
        ids = self.moderated_municipality_ids
        return ids is None or municipality_id in ids

    @classmethod
    def by_email(cls, email: str) -> "Person | None":
        """The person with that address who has not left, however it is spelled."""
        spelling = canonical_or_none(email)
        query = select(cls).where(cls.email == spelling, cls.is_present)
        return db.session.scalar(query) if spelling else None


class NamedPerson(NamedTuple):
    """Somebody as far as it takes to name them, and where they belong."""

    id: int
    name: str
    left_at: datetime | None
    municipality_id: int

    @property
    def first_name(self) -> str:
        return _first_name(self.name)

    @staticmethod
    def columns(person: type[Person] = Person) -> tuple[Any, ...]:
        """For a query: in the order of these fields, of an alias if need be."""
        return person.id, person.name, person.left_at, person.municipality_id


class PersonSeen(NamedTuple):
    """What colleagues see of somebody on their page, and what else they have chosen to show there."""

    id: int
    name: str
    municipality_id: int
    shown_title: str
    joined_at: datetime
    shows_done: bool
    shows_badges: bool

    @property
    def first_name(self) -> str:
        return _first_name(self.name)


class NameWord(Model):
    """A word by which a person is found (app/text.py, `search_words`)."""

    __tablename__ = "person_name_word"
    #: A search begins with the range of one word, and asks for the others by the primary key.
    __table_args__ = (Index("ix_person_name_word_word_person_id", "word", "person_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    word: Mapped[str] = mapped_column(CodePoints, primary_key=True)

    @classmethod
    def begins(cls, beginning: str) -> ColumnElement[bool]:
        return begins_with(cls.word, beginning)


def in_portions(people: Select[int], size: int) -> Iterator[list[int]]:
    """The numbers that a query of `Person.id` finds, so many at a time: each portion is read when the one before is
    done with, so that it may be committed in between."""
    ordered, last = people.order_by(Person.id).limit(size), 0
    while portion := list(db.session.scalars(ordered.where(Person.id > last))):
        yield portion
        last = portion[-1]


def lock(person: Person) -> None:
    """Make others wait who would change what the person wants, and read what it is by now. An update that changes
    nothing does it, because SQLite has no `SELECT … FOR UPDATE`."""
    unchanged = update(Person).where(Person.id == person.id).values(language=Person.language)
    db.session.execute(unchanged, execution_options={"synchronize_session": False})
    db.session.refresh(person)


def _first_name(name: str) -> str:
    return name.partition(" ")[0]
