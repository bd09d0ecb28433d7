"""The index of `/search`: which words stand in what, and the words themselves. Plain tables, so that both engines find
the same things in the same order; app/services/search writes and reads them."""

from enum import IntEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.models.code_points import CodePoints


class SearchKind(IntEnum):
    """What can be found; a small number, since it stands in every row of the index."""

    ACTIVITY = 1
    TIP = 2
    CHALLENGE = 3
    PERSON = 4


def _known_kind() -> CheckConstraint:
    return CheckConstraint(f"kind between {min(SearchKind)} and {max(SearchKind)}", name="kind")


class SearchDocument(Model):
    """A thing that can be found, as long as everybody may see it, and the stems of its words. The number is that of an
    activity, tip, challenge or person, by the kind. There is no foreign key: `refresh` needs the row of a thing that is
    gone to take its words out."""

    __tablename__ = "search_document"
    __table_args__ = (_known_kind(),)

    kind: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    thing_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: For the people of that municipality only; None is for all.
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"))
    #: Sorted, with blanks between.
    stems: Mapped[str]


class SearchPosting(Model):
    """The thing has that stem. The key is the order of answers: a search reads the newest of one stem from its end."""

    __tablename__ = "search_posting"
    __table_args__ = (_known_kind(), {"sqlite_with_rowid": False})

    stem: Mapped[str] = mapped_column(CodePoints, primary_key=True)
    kind: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    thing_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class SearchWord(Model):
    """A word that stands, or once stood, in something: what a search may mean by what is typed. Only ever added to, so
    that two who write at once never wait for each other because both use a common word."""

    __tablename__ = "search_word"
    __table_args__ = (
        Index("ix_search_word_plain", "plain"),
        Index("ix_search_word_plain_stem", "plain_stem"),
    )

    word: Mapped[str] = mapped_column(CodePoints, primary_key=True)
    #: As it is typed without å, ä and ö.
    plain: Mapped[str] = mapped_column(CodePoints)
    stem: Mapped[str] = mapped_column(CodePoints)
    plain_stem: Mapped[str] = mapped_column(CodePoints)


class SearchEnding(Model):
    """An ending of a word in plain letters, cut where it is long: a part of a compound is the beginning of one."""

    __tablename__ = "search_ending"
    __table_args__ = ({"sqlite_with_rowid": False},)

    ending: Mapped[str] = mapped_column(CodePoints, primary_key=True)
    word: Mapped[str] = mapped_column(
        CodePoints, ForeignKey("search_word.word", ondelete="CASCADE"), primary_key=True
    )
