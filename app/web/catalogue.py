"""The programme's fixed parts as plain values, kept in the process for a few seconds: nearly every page names them, and
they change only when a file is loaded. What people change (registered, points) is not in here."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app import clock
from app.models.programme import (
    FocusArea,
    LocalText,
    Municipality,
    Programme,
    Value,
    focus_areas,
    municipalities,
    values,
)
from app.models.stage import Stage, stages
from app.web.cache import Cache


@dataclass(frozen=True)
class ValueEntry:
    id: int
    slug: str
    name: LocalText
    mark: str


@dataclass(frozen=True)
class FocusAreaEntry:
    id: int
    slug: str
    name: LocalText
    icon: str


@dataclass(frozen=True)
class MunicipalityEntry:
    id: int
    slug: str
    name: str
    tile_row: int
    tile_column: int


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Everything by id, in the programme's order (dicts keep it). Each reading is a key of its own, so what is derived
    from one can be kept with `lru_cache` and is made anew with the next."""

    name: LocalText
    brand: LocalText
    vision: LocalText
    timezone: str
    points: dict[str, Any]
    texts: dict[str, LocalText]
    values: dict[int, ValueEntry]
    focus_areas: dict[int, FocusAreaEntry]
    municipalities: dict[int, MunicipalityEntry]
    #: In order; copies that belong to no session, for reading only.
    stages: tuple[Stage, ...]

    def current_stage(self, today: date) -> Stage | None:
        """As `Stage.current`, without a query."""
        begun = [stage for stage in self.stages if stage.measure_on <= today]
        return begun[-1] if begun else next(iter(self.stages), None)

    def stage_before(self, stage: Stage) -> Stage | None:
        """As `Stage.find_previous`, without a query."""
        earlier = [one for one in self.stages if one.number < stage.number]
        return earlier[-1] if earlier else None

    def today(self, now: datetime | None = None) -> date:
        return clock.local_date(now or clock.now(), self.timezone)


_CATALOGUE: Cache[Catalogue] = Cache(
    "catalogue", key="there is one", changed_by="whoever loads a programme file", at_most=1
)


def catalogue() -> Catalogue:
    """The loaded programme; before one is loaded, an empty one, so that every page still renders."""
    return _CATALOGUE.get("the loaded one", _read)


def _read() -> Catalogue:
    programme = Programme.current()
    name = programme.name if programme else {"sv": "Eldsjäl"}
    return Catalogue(
        name=name,
        brand=programme.brand if programme else name,
        vision=programme.vision if programme else {"sv": ""},
        timezone=programme.timezone if programme else "Europe/Stockholm",
        points=programme.points if programme else {},
        texts=programme.texts if programme else {},
        values={value.id: _value(value) for value in values()},
        focus_areas={area.id: _focus_area(area) for area in focus_areas()},
        municipalities={place.id: _municipality(place) for place in municipalities()},
        stages=tuple(map(_copy, stages())),
    )


def _value(value: Value) -> ValueEntry:
    return ValueEntry(value.id, value.slug, value.name, value.mark)


def _focus_area(area: FocusArea) -> FocusAreaEntry:
    return FocusAreaEntry(area.id, area.slug, area.name, area.icon)


def _municipality(place: Municipality) -> MunicipalityEntry:
    return MunicipalityEntry(place.id, place.slug, place.name, place.tile_row, place.tile_column)


def _copy(stage: Stage) -> Stage:
    return Stage(**{column.key: getattr(stage, column.key) for column in Stage.__table__.columns})
