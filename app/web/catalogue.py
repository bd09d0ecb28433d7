"""The fixed parts of the programme as plain values, kept in the process for a few seconds: nearly every page names
them, and they change only when a programme file is loaded. What people change (registered, points) is not in here."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

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
from app.models.stage import Stage, current_among, for_plans_among, stages
from app.web.cache import Cache


@dataclass(frozen=True)
class CatalogueValue:
    id: int
    slug: str
    name: LocalText
    mark: str


@dataclass(frozen=True)
class CatalogueFocusArea:
    id: int
    slug: str
    name: LocalText
    icon: str


@dataclass(frozen=True)
class CatalogueMunicipality:
    id: int
    slug: str
    name: str
    tile_row: int
    tile_column: int


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Everything by id, in the programme's order. A catalogue equals only itself, so a function of it can have an
    `lru_cache`: the next one that is read is another key."""

    name: LocalText
    brand: LocalText
    vision: LocalText
    timezone: str
    points: dict[str, Any]
    #: Whether people who want it are ranked among each other.
    shows_people: bool
    texts: dict[str, LocalText]
    values: dict[int, CatalogueValue]
    focus_areas: dict[int, CatalogueFocusArea]
    municipalities: dict[int, CatalogueMunicipality]
    #: In order; copies that belong to no session, for reading only.
    stages: tuple[Stage, ...]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def current_stage(self, today: date) -> Stage | None:
        """As `Stage.current`, without a query."""
        return current_among(self.stages, today)

    def stage_for_plans(self, today: date) -> Stage | None:
        """As `Stage.for_plans`, without a query."""
        return for_plans_among(self.stages, today)

    def stage_before(self, stage: Stage) -> Stage | None:
        """As `Stage.find_previous`, without a query."""
        earlier = [one for one in self.stages if one.number < stage.number]
        return earlier[-1] if earlier else None

    def counting_stage(self, today: date) -> Stage | None:
        """Where points count that are earned on that day (services/points/closing.py), without a query: the stage that
        runs or is the next to begin. None when all are over."""
        return next((one for one in self.stages if not one.closed_at and today < one.end_on), None)

    def policy(self, today: date) -> dict[str, Any]:
        """The points policy by which is earned what is done on that day; a newer one waits for the next stage."""
        stage = self.counting_stage(today) or self.current_stage(today)
        return stage.points if stage and stage.points is not None else self.points

    def today(self, now: datetime | None = None) -> date:
        return clock.local_date(now or clock.now(), self.timezone)


_CATALOGUE: Cache[Catalogue] = Cache(
    "catalogue",
    key="nothing, since there is only one",
    changed_by="whoever loads a programme file",
    at_most=1,
)


def catalogue() -> Catalogue:
    """The loaded programme; before one is loaded, an empty one, so that every page still renders."""
    kept = _CATALOGUE.get("the loaded one", _read_catalogue)
    # An empty one is not believed: whoever signs in right after the first loading would see activities without areas.
    return kept if kept.values else _read_catalogue()


def _read_catalogue() -> Catalogue:
    programme = Programme.current()
    name = programme.name if programme else {"sv": "Eldsjäl"}
    return Catalogue(
        name=name,
        brand=programme.brand if programme else name,
        vision=programme.vision if programme else {"sv": ""},
        timezone=programme.timezone if programme else "Europe/Stockholm",
        points=programme.points if programme else {},
        shows_people=bool(programme and programme.shows_people),
        texts=programme.texts if programme else {},
        values={value.id: _value(value) for value in values()},
        focus_areas={area.id: _focus_area(area) for area in focus_areas()},
        municipalities={place.id: _municipality(place) for place in municipalities()},
        stages=tuple(map(_copy, stages())),
    )


def _value(value: Value) -> CatalogueValue:
    return CatalogueValue(value.id, value.slug, value.name, value.mark)


def _focus_area(area: FocusArea) -> CatalogueFocusArea:
    return CatalogueFocusArea(area.id, area.slug, area.name, area.icon)


def _municipality(place: Municipality) -> CatalogueMunicipality:
    return CatalogueMunicipality(place.id, place.slug, place.name, place.tile_row, place.tile_column)


def _copy(stage: Stage) -> Stage:
    return Stage(**{column.key: getattr(stage, column.key) for column in Stage.__table__.columns})
