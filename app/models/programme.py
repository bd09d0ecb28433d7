"""The strategy as data: programme, values, focus areas, municipalities. Loaded from a file; the code has none of it."""

import re
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from urllib.parse import unquote

from sqlalchemy import JSON, CheckConstraint, ColumnElement, func, select
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, db
from app.models.held import held

#: If the programme file does not say.
_SMALLEST_RANKED: Final = 5
#: What a joining code is made of.
_CODE = re.compile(r"[A-Za-z0-9_-]+")

#: A text by language, as the programme file gives it: `{"sv": "Miljö", "en": "Environment"}`; `sv` is always there.
LocalText = dict[str, str]


class Check(StrEnum):
    """What somebody is to look at before others see it: pictures, what may be used outside the programme, the first
    that a new person writes, or everything."""

    PHOTOS = "photos"
    EXTERNAL_USE = "external_use"
    FIRST = "first"
    ALL = "all"


class Programme(Model):
    """The one programme of this installation."""

    __tablename__ = "programme"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    slug: Mapped[str]
    name: Mapped[LocalText]
    brand: Mapped[LocalText]
    vision: Mapped[LocalText]
    #: IANA name; the phases, quiet hours and daily caps follow this clock.
    timezone: Mapped[str]
    #: People with e-mail addresses in these domains may join.
    email_domains: Mapped[list[str]]
    #: The points policy: reason -> {"points": int, "daily": int}, and "joint_factor"; see app/services/points/award.py.
    points: Mapped[dict[str, Any]]
    #: The leaderboard: `smallest`, the fewest active people of a municipality that is ranked; `people`, whether those
    #: who want it are shown among each other.
    leaderboard: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: How the feed is kept decent: `hide_at`, how many people's flags set a thing aside until somebody has looked;
    #: `check`, what somebody looks at before it is published.
    moderation: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    #: What the survey asks, in order: each a `Statement` (app/models/survey.py).
    statements: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    #: Free texts by key (for example `privacy_contact`, `welcome`), each a LocalText.
    texts: Mapped[dict[str, Any]]
    loaded_at: Mapped[datetime]

    @hybrid_property
    def smallest_ranked(self) -> int:
        """Under five, it shows who did what."""
        return int(self.leaderboard.get("smallest", _SMALLEST_RANKED))

    @smallest_ranked.inplace.expression
    @classmethod
    def _smallest_ranked(cls) -> ColumnElement[int]:
        return func.coalesce(cls.leaderboard["smallest"].as_integer(), _SMALLEST_RANKED)

    @property
    def hides_at(self) -> int:
        """So many people's flags set a thing aside; 0 for never."""
        return int(self.moderation.get("hide_at", 3))

    @property
    def checks(self) -> frozenset[str]:
        """Of `Check`: what waits, seen by nobody else, until a moderator has looked; none if the file says nothing."""
        return frozenset(self.moderation.get("check", ()))

    @property
    def shows_people(self) -> bool:
        """Off unless the programme wants it (PRODUCT: ranking of individuals)."""
        return bool(self.leaderboard.get("people", False))

    @classmethod
    def current(cls) -> "Programme | None":
        """The programme, or None before one is loaded."""
        return held(cls, 1)


class Value(Model):
    """Värdering: one of the programme's values, with its mark."""

    __tablename__ = "value"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[LocalText]
    #: Letter of the mark and hue in the visual language (`m`, `v`, `k` or `g`).
    mark: Mapped[str]
    position: Mapped[int]


class FocusArea(Model):
    """Fokusområde: one of the strategic areas."""

    __tablename__ = "focus_area"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[LocalText]
    #: Name of a symbol in the icon sprite.
    icon: Mapped[str]
    position: Mapped[int]


class Municipality(Model):
    """Kommun: the unit that competes and cooperates."""

    __tablename__ = "municipality"
    __table_args__ = (
        CheckConstraint("pool > 0", name="pool_positive"),
        CheckConstraint("registered >= 0", name="registered"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    #: A proper name, the same in every language.
    name: Mapped[str] = mapped_column(unique=True)
    #: How many people were agreed on; points are divided by this, or by those who count there if they are more.
    pool: Mapped[int]
    #: People who have joined and not left; written by services/people/membership.py, checked by `flask points verify`.
    registered: Mapped[int] = mapped_column(default=0)
    tile_row: Mapped[int]
    tile_column: Mapped[int]
    #: The code in the joining link and its QR code; cannot be guessed.
    join_code: Mapped[str] = mapped_column(unique=True)
    position: Mapped[int]

    @classmethod
    def with_join_code(cls, pasted: str) -> "Municipality | None":
        """The municipality whose joining link ends like that: with its code, or with the code as it comes out of a mail
        or a chat: in other letters, broken in two, with what stood around it in the sentence. None if it may be two."""
        places = municipalities()
        pasted = unquote(pasted)
        first_word = _CODE.search(pasted)
        keys = {_code_key(pasted), _code_key(first_word[0] if first_word else "")} - {""}
        exact = [place for place in places if place.join_code == pasted]
        found = exact or [place for place in places if _code_key(place.join_code) in keys]
        return found[0] if len(found) == 1 else None


_VALUES: Final = select(Value).order_by(Value.position)
_FOCUS_AREAS: Final = select(FocusArea).order_by(FocusArea.position)
_MUNICIPALITIES: Final = select(Municipality).order_by(Municipality.position)


def _code_key(text: str) -> str:
    """What is left of a code whatever happened to it: mail programs break lines, and end sentences with a dash."""
    return "".join(_CODE.findall(text)).strip("-_").casefold()


def values() -> list[Value]:
    """All values in the programme's order."""
    return list(db.session.scalars(_VALUES))


def focus_areas() -> list[FocusArea]:
    """All focus areas in the programme's order."""
    return list(db.session.scalars(_FOCUS_AREAS))


def municipalities() -> list[Municipality]:
    """All municipalities in the programme's order."""
    return list(db.session.scalars(_MUNICIPALITIES))
