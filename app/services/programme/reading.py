"""Reads a programme file: checks each value by its model in schema.py, and then compares the entries."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from app.models.survey import Group
from app.services.programme.reading_challenges import compare_challenges
from app.services.programme.schema import ProgrammeFile
from app.services.programme.toml_file import TomlFile, read_toml


def read_programme(text: str, file_name: str) -> tuple[ProgrammeFile, TomlFile]:
    """The programme, and the file that it was read from, which has no faults so far.

    Raises:
        FileError: with every fault of the file.
    """
    file = read_toml(text, file_name)
    programme = file.check(ProgrammeFile, file.data)
    _compare_entries(file)
    if programme is None or file.faults:
        raise file.refusal()
    return programme, file


def _compare_entries(file: TomlFile) -> None:
    """Not a validator of the lists: pydantic runs one only on a list without other faults. The author would learn of
    two municipalities on one tile only after correcting a name."""
    _demand_stages_in_order(file)
    _demand_unique_tiles(file)
    for group in ("values", "focus_areas", "municipalities"):
        _demand_unique(file, group, "slug")
    _demand_unique(file, "municipalities", "name")
    _demand_unique(file, "stages", "number")
    _demand_unique(file, "statements", "slug")
    _demand_all_groups(file)
    for group in ("challenges", "challenge_templates"):
        _demand_unique(file, group, "slug")
    compare_challenges(file)


def _demand_stages_in_order(file: TomlFile) -> None:
    """Only one stage may run at a time, in the order of the numbers."""
    numbers, begins, ends = (file.column("stages", key) for key in ("number", "measure_on", "end_on"))
    for before, place in pairwise(sorted(numbers, key=numbers.__getitem__)):
        if place in begins and before in ends and begins[place] < ends[before]:
            file.add(
                ("stages", place, "measure_on"),
                f"must be on or after the end of stage {numbers[before]} ({ends[before]}), not {begins[place]}",
            )


def _demand_all_groups(file: TomlFile) -> None:
    """Each group makes an index, and there is none of nothing. Without statements there is no survey."""
    groups = file.column("statements", "group")
    missing = [group.value for group in Group if group.value not in groups.values()]
    if groups and missing:
        file.add(("statements",), f"must have at least one of each group; {', '.join(missing)} is missing")


def _demand_unique_tiles(file: TomlFile) -> None:
    names = file.column("municipalities", "name")
    for place, first, (row, column) in _repeated(file.column("municipalities", "tile")):
        name = names.get(first, "another")
        file.add(("municipalities", place, "tile"), f"[{row}, {column}] is already the tile of {name}")


def _demand_unique(file: TomlFile, group: str, key: str) -> None:
    for place, first, value in _repeated(file.column(group, key)):
        line = file.line_of((group, first, key))
        file.add((group, place, key), f'"{value}" is already used on line {line}; each needs its own')


def _repeated(column: dict[int, Any]) -> Iterator[tuple[int, int, Any]]:
    """Each place whose value an earlier entry has too, the place of the first such entry, and the value."""
    first: dict[Any, int] = {}
    for place, value in column.items():
        if value in first:
            yield place, first[value], value
        first.setdefault(value, place)
