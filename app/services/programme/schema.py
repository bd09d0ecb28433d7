"""What a programme file must hold: its keys, and what each may say; docs/programme-file.md tells its authors."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any
from zoneinfo import available_timezones

from app.models.programme import LocalText
from app.models.stage import STEPS
from app.services.programme.toml_table import NO_DAY, Faults, Table, read_toml

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
#: What earns points: each reason with its points and how many times a day.
REASONS = ("plan", "report", "success", "pitfall")
#: The free texts that the pages show where they are given.
TEXTS = ("welcome", "about", "controller", "privacy_contact", "accessibility_contact")

_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
_MOST_PEOPLE = 100_000
#: As far as the map is drawn (app/static/css/screens/map.css).
_MOST_ROWS_AND_COLUMNS = 8


@dataclass
class Named:
    """A value, focus area, municipality or stage as the file gives it: where it stands, and its columns."""

    where: Table
    key: str | int
    columns: dict[str, Any]


@dataclass
class ProgrammeForm:
    """A whole file that is right in itself."""

    faults: Faults
    programme: dict[str, Any]
    values: list[Named]
    focus_areas: list[Named]
    municipalities: list[Named]
    stages: list[Named]


def read_programme(text: str, file_name: str) -> ProgrammeForm:
    """Read and check the whole file.

    Raises:
        FileError: with every fault of the file.
    """
    root = read_toml(text, file_name)
    form = ProgrammeForm(
        faults=root.faults,
        programme=_programme(root),
        values=_each(root, "values", _value),
        focus_areas=_each(root, "focus_areas", _focus_area),
        municipalities=_each(root, "municipalities", _municipality),
        stages=_each(root, "stages", _stage),
    )
    root.close()
    for group in (form.values, form.focus_areas, form.municipalities):
        _demand_unique(group, "slug")
    _demand_unique(form.municipalities, "name")
    _demand_unique(form.stages, "number")
    _demand_own_tiles(form.municipalities)
    _demand_one_after_another(form.stages)
    form.faults.refuse_if_any()
    return form


def _programme(root: Table) -> dict[str, Any]:
    return {
        "slug": root.slug(),
        "name": root.local("name"),
        "brand": root.local("brand"),
        "vision": root.local("vision"),
        "timezone": root.one_of(
            "timezone", available_timezones(), "the name of a time zone such as Europe/Stockholm"
        ),
        "email_domains": root.texts("email_domains", "a domain in small letters such as bjuv.se", _is_domain),
        "points": _points(root.table("points")),
        "texts": _texts(root.optional_table("texts")),
    }


def _is_domain(text: str) -> bool:
    return bool(_DOMAIN.fullmatch(text))


def _points(table: Table | None) -> dict[str, Any]:
    if table is None:
        return {}
    policy: dict[str, Any] = {"joint_factor": table.whole("joint_factor", 1, 10)}
    for reason in REASONS:
        rule = table.table(reason, "a table such as { points = 10, daily = 3 }")
        if rule:
            policy[reason] = {"points": rule.whole("points", 1, 1000), "daily": rule.whole("daily", 1, 100)}
            rule.close()
    table.close()
    return policy


def _texts(table: Table | None) -> dict[str, LocalText]:
    if table is None:
        return {}
    texts = {key: table.local(key) for key in table.keys() if key in TEXTS}  # noqa: SIM118 - a Table is no dict
    table.close(TEXTS)
    return texts


def _each(root: Table, key: str, read: Callable[[Table], Named]) -> list[Named]:
    entries = []
    for position, table in enumerate(root.tables(key), 1):
        entry = read(table)
        table.close()
        if key != "stages":
            entry.columns["position"] = position
        entries.append(entry)
    return entries


def _value(table: Table) -> Named:
    columns: dict[str, Any] = {
        "slug": table.slug(),
        "name": table.local("name"),
        "mark": table.one_of("mark", MARKS),
    }
    return Named(table, columns["slug"], columns)


def _focus_area(table: Table) -> Named:
    columns: dict[str, Any] = {
        "slug": table.slug(),
        "name": table.local("name"),
        "icon": table.one_of("icon", ICONS),
    }
    return Named(table, columns["slug"], columns)


def _municipality(table: Table) -> Named:
    row, column = table.pair("tile", 1, _MOST_ROWS_AND_COLUMNS)
    columns: dict[str, Any] = {
        "slug": table.slug(),
        "name": table.text("name"),
        "pool": table.whole("pool", 1, 100_000),
    }
    return Named(table, columns["slug"], {**columns, "tile_row": row, "tile_column": column})


def _stage(table: Table) -> Named:
    columns: dict[str, Any] = {
        "number": table.whole("number", 1, 1000),
        "name": table.local("name"),
        "theme": table.local("theme"),
    }
    dates = {column: table.day(column) for _phase, column in STEPS}
    demand_order(table, dates)
    return Named(table, columns["number"], {**columns, **dates})


def demand_order(table: Table, dates: dict[str, date]) -> None:
    """Note a fault where a phase would begin before the one that it follows."""
    given = [(column, day) for column, day in dates.items() if day != NO_DAY]
    for (earlier, before), (column, day) in pairwise(given):
        if day < before:
            table.wrong(column, f"must be on or after {earlier} ({before}), not {day}")


def _demand_unique(entries: list[Named], column: str) -> None:
    seen: dict[Any, Named] = {}
    for entry in entries:
        value = entry.columns[column]
        if value and value in seen:
            line = entry.where.faults.line_of((*seen[value].where.path, column))
            entry.where.wrong(column, f'"{value}" is already used on line {line}; each needs its own')
        seen.setdefault(value, entry)


def _demand_own_tiles(entries: list[Named]) -> None:
    seen: dict[tuple[int, int], Named] = {}
    for entry in entries:
        tile = (entry.columns["tile_row"], entry.columns["tile_column"])
        if tile in seen and tile[0] > 0:
            entry.where.wrong(
                "tile", f"[{tile[0]}, {tile[1]}] is already the tile of {seen[tile].columns['name']}"
            )
        seen.setdefault(tile, entry)


def _demand_one_after_another(stages: list[Named]) -> None:
    """Only one stage runs at a time, in the order of their numbers."""
    numbered = sorted(stages, key=lambda stage: stage.columns["number"])
    for before, stage in pairwise(numbered):
        ends, begins = before.columns["end_on"], stage.columns["measure_on"]
        if NO_DAY not in (ends, begins) and begins < ends:
            number = before.columns["number"]
            stage.where.wrong(
                "measure_on", f"must be on or after the end of stage {number} ({ends}), not {begins}"
            )
