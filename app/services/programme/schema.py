"""What a programme file must contain: its keys and their allowed values; docs/programme-file.md is for its authors.

A field's description says what is allowed, in words that go on after "must be …": the author reads them in a fault.
"""

from collections.abc import Callable, Collection
from datetime import date
from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from app.email_address import AddressError, canonical_domain
from app.models.challenge import (
    LONGEST_LINE,
    LONGEST_TITLE,
    LONGEST_WHY,
    MOST_DONE_WHEN,
    MOST_GOAL,
    MOST_POINTS,
    ChallengeKind,
)
from app.models.stage import PHASE_DATES
from app.text import hidden_characters, in_words, trimmed

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
_DATE_COLUMNS = tuple(column for _phase, column in PHASE_DATES)
_DOMAIN = "a domain in small letters such as bjuv.se"
_DAY = "a date from 2000 to 2100 such as 2026-09-07, without quotes"
_TILE = "two whole numbers from 1 to 8, such as [3, 1]"


def _allowed(description: str, **constraints: Any) -> Any:
    return Field(description=description, **constraints)


def _whole(low: int, high: int) -> Any:
    return _allowed(f"a whole number from {low} to {high}", ge=low, le=high)


def _entries() -> Any:
    return _allowed("at least one [[{key}]]", min_length=1)


def _one_of(words: Callable[[], Collection[str]]) -> AfterValidator:
    def check(word: str) -> str:
        if word not in words():
            raise PydanticCustomError("not_one_of", "not one of those allowed", {"allowed": words()})
        return word

    return AfterValidator(check)


def _clean(text: str) -> str:
    for place in hidden_characters(text):
        raise ValueError(f"must hold no character that cannot be seen, such as {in_words(text[place])}")
    return trimmed(text)


def _domain(text: str) -> str:
    try:
        return canonical_domain(text)
    except AddressError as error:
        raise PydanticCustomError("not_a_domain", "not a domain") from error


_Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1),
    AfterValidator(_clean),
    _allowed("a text that is not empty"),
]
_Slug = Annotated[
    str, _allowed("small letters a-z, digits and single dashes", pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
]
_Domain = Annotated[str, AfterValidator(_domain), _allowed(_DOMAIN)]
_TimeZone = Annotated[
    str, _one_of(available_timezones), _allowed("the name of a time zone such as Europe/Stockholm")
]
_Mark = Annotated[str, _one_of(lambda: MARKS), _allowed(f"one of {', '.join(MARKS)}")]
_Icon = Annotated[str, _one_of(lambda: ICONS), _allowed(f"one of {', '.join(ICONS)}")]
_Day = Annotated[date, _allowed(_DAY, ge=date(2000, 1, 1), le=date(2100, 12, 31))]
#: The map of tiles has so many rows and columns (app/static/css/screens/map.css).
_RowOrColumn = Annotated[int, Field(ge=1, le=8)]
#: Not strict, since TOML has lists and no tuples.
_Tile = Annotated[tuple[_RowOrColumn, _RowOrColumn], _allowed(_TILE, strict=False)]


_Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TITLE),
    AfterValidator(_clean),
    _allowed(f"a text that is not empty, of at most {LONGEST_TITLE} characters"),
]
_Why = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_WHY),
    AfterValidator(_clean),
    _allowed(f"a text that is not empty, of at most {LONGEST_WHY} characters"),
]
#: Without a description of its own: the author is told of the whole list.
_Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_LINE),
    AfterValidator(_clean),
]
_KINDS = [kind.value for kind in ChallengeKind]
_KindOfChallenge = Annotated[str, _one_of(lambda: _KINDS), _allowed(f"one of {', '.join(_KINDS)}")]
_YesOrNo = Annotated[bool, _allowed("true or false")]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _ByLanguage(_Table):
    #: Required, because it is shown where another language is missing.
    sv: _Text
    en: _Text | None = None


_LocalText = Annotated[_ByLanguage, _allowed('a text by language, such as {key}.sv = "…"')]


class _Earning(_Table):
    points: int = _whole(1, 1000)
    daily: int = _whole(1, 100)


_Reason = Annotated[_Earning, _allowed("a table such as { points = 10, daily = 3 }")]


class _Points(_Table):
    """Each reason that earns points, and how much."""

    joint_factor: int = _whole(1, 10)
    plan: _Reason
    report: _Reason
    success: _Reason
    pitfall: _Reason
    first: _Reason | None = None
    heeded: _Reason | None = None
    borrowed: _Reason | None = None


class _Texts(_Table):
    """Optional texts that pages show."""

    welcome: _LocalText | None = None
    about: _LocalText | None = None
    controller: _LocalText | None = None
    privacy_contact: _LocalText | None = None
    accessibility_contact: _LocalText | None = None


class ValueEntry(_Table):
    slug: _Slug
    name: _LocalText
    mark: _Mark


class FocusAreaEntry(_Table):
    slug: _Slug
    name: _LocalText
    icon: _Icon


class MunicipalityEntry(_Table):
    slug: _Slug
    name: _Text
    pool: int = _whole(1, 100_000)
    tile: _Tile


class StageEntry(_Table):
    number: int = _whole(1, 1000)
    name: _LocalText
    theme: _LocalText
    measure_on: _Day
    activate_on: _Day
    learn_on: _Day
    end_on: _Day

    @field_validator(*_DATE_COLUMNS)
    @classmethod
    def follows_the_phase_before(cls, day: date, info: ValidationInfo) -> date:
        earlier = [column for column in _DATE_COLUMNS if column in info.data]
        if earlier and day < (before := info.data[earlier[-1]]):
            raise ValueError(f"must be on or after {earlier[-1]} ({before}), not {day}")
        return day


class ChallengeTemplateEntry(_Table):
    slug: _Slug
    title: _Title
    why: _Why
    done_when: list[_Line] = _allowed(
        f"a list of one to {MOST_DONE_WHEN} texts, each of at most {LONGEST_LINE} characters",
        min_length=1,
        max_length=MOST_DONE_WHEN,
    )
    kind: _KindOfChallenge
    #: How many completions in a municipality reach it; reading.py demands it where it is needed.
    goal: Annotated[int, _whole(1, MOST_GOAL)] | None = None
    points: int = _whole(1, MOST_POINTS)
    needs_photo: _YesOrNo = False
    needs_approval: _YesOrNo = False
    value: _Slug | None = None
    focus_area: _Slug | None = None


class ChallengeEntry(ChallengeTemplateEntry):
    stage: int = _whole(1, 1000)
    value: _Slug
    focus_area: _Slug
    municipality: _Slug | None = None
    opens_on: _Day | None = None
    closes_on: _Day | None = None


class ProgrammeFile(_Table):
    """A whole file, each value of which is allowed."""

    slug: _Slug
    name: _LocalText
    brand: _LocalText
    vision: _LocalText
    timezone: _TimeZone
    email_domains: list[_Domain] = _allowed(f"a list of at least one text, each {_DOMAIN}", min_length=1)
    points: _Points = _allowed("a table [points]")
    texts: _Texts = _allowed("a table [texts]", default=_Texts())
    values: list[ValueEntry] = _entries()
    focus_areas: list[FocusAreaEntry] = _entries()
    municipalities: list[MunicipalityEntry] = _entries()
    stages: list[StageEntry] = _entries()
    challenges: list[ChallengeEntry] = _allowed("entries [[{key}]]", default=[])
    challenge_templates: list[ChallengeTemplateEntry] = _allowed("entries [[{key}]]", default=[])

    @field_validator("email_domains")
    @classmethod
    def each_once(cls, domains: list[str]) -> list[str]:
        return list(dict.fromkeys(domains))


Entry = ValueEntry | FocusAreaEntry | MunicipalityEntry | StageEntry
