"""What a programme file must contain: its keys and their allowed values; docs/programme-file.md is for its authors."""

from datetime import date
from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    Field,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from app.email_address import AddressError, canonical_domain
from app.models.programme import Check
from app.models.stage import PHASE_DATES
from app.models.survey import MOST_STATEMENTS, Group
from app.services.programme.schema_challenges import ChallengeEntry, ChallengeTemplateEntry
from app.services.programme.schema_fields import Day, Slug, Table, Text, allowed, one_of_words, whole

MARKS = ("m", "v", "k", "g")
#: Symbols of the icon sprite that stand for a focus area.
ICONS = (
    "f-infra",
    "f-nar",
    "f-lar",
    "f-opp",
    "f-mil",
    "f-bes",
    "globe",
    "people",
    "compass",
    "journey",
    "tip",
    "pin",
)
_GROUPS = tuple(group.value for group in Group)
_CHECKS = tuple(check.value for check in Check)
_DATE_COLUMNS = tuple(column for _phase, column in PHASE_DATES)
_DOMAIN = "a domain in small letters such as bjuv.se"
_TILE = "two whole numbers from 1 to 8, such as [3, 1]"


def _entries() -> Any:
    return allowed("at least one [[{key}]]", min_length=1)


def _domain(text: str) -> str:
    try:
        return canonical_domain(text)
    except AddressError as error:
        raise PydanticCustomError("not_a_domain", "not a domain") from error


_Domain = Annotated[str, AfterValidator(_domain), allowed(_DOMAIN)]
_TimeZone = Annotated[
    str, one_of_words(available_timezones), allowed("the name of a time zone such as Europe/Stockholm")
]
_Mark = Annotated[str, one_of_words(lambda: MARKS), allowed(f"one of {', '.join(MARKS)}")]
_Group = Annotated[str, one_of_words(lambda: _GROUPS), allowed(f"one of {', '.join(_GROUPS)}")]
_Check = Annotated[str, one_of_words(lambda: _CHECKS), allowed(f"one of {', '.join(_CHECKS)}")]
_Icon = Annotated[str, one_of_words(lambda: ICONS), allowed(f"one of {', '.join(ICONS)}")]
#: The map of tiles has so many rows and columns (app/static/css/screens/map.css).
_RowOrColumn = Annotated[int, Field(ge=1, le=8)]
#: Not strict, since TOML has lists and no tuples.
_Tile = Annotated[tuple[_RowOrColumn, _RowOrColumn], allowed(_TILE, strict=False)]


class _ByLanguage(Table):
    #: Required, because it is shown where another language is missing.
    sv: Text
    en: Text | None = None


_LocalText = Annotated[_ByLanguage, allowed('a text by language, such as {key}.sv = "…"')]


class _Earning(Table):
    points: int = whole(1, 1000)
    daily: int = whole(1, 100)
    weekly: Annotated[int, whole(1, 500)] | None = None

    @field_validator("weekly")
    @classmethod
    def is_no_less_than_a_day(cls, weekly: int | None, info: ValidationInfo) -> int | None:
        daily = info.data.get("daily", 0)
        if weekly is not None and weekly < daily:
            raise ValueError(f"must be at least `daily` ({daily}), not {weekly}")
        return weekly


_Reason = Annotated[_Earning, allowed("a table such as { points = 10, daily = 3, weekly = 9 }")]


class _Points(Table):
    """Each reason that earns points, and how much."""

    joint_factor: int = whole(1, 10)
    plan: _Reason
    report: _Reason
    success: _Reason
    pitfall: _Reason
    first: _Reason | None = None
    heeded: _Reason | None = None
    borrowed: _Reason | None = None


class _Leaderboard(Table):
    smallest: int = whole(1, 1000, default=5)
    people: bool = allowed("true or false", default=False)


class _Moderation(Table):
    hide_at: int = whole(0, 100, default=3)
    check: list[_Check] = allowed('a list such as ["photos", "first"]', default=[])


class _Texts(Table):
    """Optional texts that pages show."""

    welcome: _LocalText | None = None
    about: _LocalText | None = None
    controller: _LocalText | None = None
    privacy_contact: _LocalText | None = None
    accessibility_contact: _LocalText | None = None


class ValueEntry(Table):
    slug: Slug
    name: _LocalText
    mark: _Mark


class FocusAreaEntry(Table):
    slug: Slug
    name: _LocalText
    icon: _Icon


class MunicipalityEntry(Table):
    slug: Slug
    name: Text
    pool: int = whole(1, 100_000)
    tile: _Tile


class StageEntry(Table):
    number: int = whole(1, 1000)
    name: _LocalText
    theme: _LocalText
    measure_on: Day
    activate_on: Day
    learn_on: Day
    end_on: Day

    @field_validator(*_DATE_COLUMNS)
    @classmethod
    def follows_the_phase_before(cls, day: date, info: ValidationInfo) -> date:
        earlier = [column for column in _DATE_COLUMNS if column in info.data]
        if earlier and day < (before := info.data[earlier[-1]]):
            raise ValueError(f"must be on or after {earlier[-1]} ({before}), not {day}")
        return day


class StatementEntry(Table):
    slug: Slug
    group: _Group
    text: _LocalText


class ProgrammeFile(Table):
    """A whole file, each value of which is allowed."""

    slug: Slug
    name: _LocalText
    brand: _LocalText
    vision: _LocalText
    timezone: _TimeZone
    email_domains: list[_Domain] = allowed(f"a list of at least one text, each {_DOMAIN}", min_length=1)
    points: _Points = allowed("a table [points]")
    leaderboard: _Leaderboard = allowed("a table [leaderboard]", default=_Leaderboard())
    moderation: _Moderation = allowed("a table [moderation]", default=_Moderation())
    texts: _Texts = allowed("a table [texts]", default=_Texts())
    values: list[ValueEntry] = _entries()
    focus_areas: list[FocusAreaEntry] = _entries()
    municipalities: list[MunicipalityEntry] = _entries()
    stages: list[StageEntry] = _entries()
    statements: list[StatementEntry] = allowed(
        f"at most {MOST_STATEMENTS} entries [[{{key}}]]", default=[], max_length=MOST_STATEMENTS
    )
    challenges: list[ChallengeEntry] = allowed("entries [[{key}]]", default=[])
    challenge_templates: list[ChallengeTemplateEntry] = allowed("entries [[{key}]]", default=[])

    @field_validator("email_domains")
    @classmethod
    def each_once(cls, domains: list[str]) -> list[str]:
        return list(dict.fromkeys(domains))


Entry = ValueEntry | FocusAreaEntry | MunicipalityEntry | StageEntry
