"""Loads a programme file. Loading it again brings the installation up to date with the file."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from app.extensions import Model, db
from app.models.board import keep_pools
from app.models.programme import FocusArea, Municipality, Programme, Value
from app.models.stage import PHASE_DATES, Phase, Stage, StageEvent, stages
from app.services.programme import file_challenges
from app.services.programme.clock import local_today
from app.services.programme.file_faults import FileError
from app.services.programme.reading import read_programme
from app.services.programme.schema import Entry, MunicipalityEntry, ProgrammeFile, StageEntry
from app.services.programme.toml_file import TomlFile
from app.services.programme.uses import uses_of
from app.services.search import index as search_index

__all__ = ["FileError", "LoadResult", "load_programme"]


@dataclass
class LoadResult:
    """What loading the file changed."""

    programme: Programme
    added: int = 0
    removed: int = 0
    #: A sentence for each thing in the file that was not followed.
    notes: list[str] = field(default_factory=list)


@dataclass
class _Group:
    """The entries of one kind in the file, and the table that they belong in."""

    name: str
    model: type[Model]
    #: The attribute by which an entry is recognized when the file is loaded again.
    key: str
    entries: Sequence[Entry]

    def keys(self) -> set[str | int]:
        return {getattr(entry, self.key) for entry in self.entries}


def load_programme(text: str, now: datetime, *, file_name: str = "programme.toml") -> LoadResult:
    """Make the installation's programme what the file says: update in place by slug (stages by number), add what is
    new, remove what the file no longer has and nothing uses. Join codes and counters are kept.

    A phase that has been announced keeps its date whatever the file says, and so do the phases before it: a lead may
    have moved it by hand, and people have been told. `LoadResult.notes` says where that was so.

    Raises:
        FileError: with all faults; then nothing has changed.
    """
    form, file = read_programme(text, file_name)
    programme = Programme.current()
    if programme and programme.slug != form.slug:
        file.add(("slug",), f'must be "{programme.slug}", the programme that is loaded here; '
                 "another programme needs an installation of its own")  # fmt: skip
        raise file.refusal()
    result = LoadResult(programme or Programme(id=1))
    form = _with_announced_dates(form, file, result)
    groups = _groups(form)
    rows_to_remove = [row for group in groups for row in _rows_to_remove(group, file)]
    challenges_to_remove = file_challenges.rows_to_remove(form, file)
    if file.faults:
        raise file.refusal()

    result.notes += _note_on_points(result.programme, form)
    _keep_pools_of_ended(now)
    names_before = _place_names()
    _assign(result.programme, _programme_columns(form) | {"loaded_at": now})
    db.session.add(result.programme)
    file_challenges.remove(challenges_to_remove)
    _remove(rows_to_remove, result)
    for group in groups:
        _update(group, result)
    db.session.flush()
    result.removed += len(challenges_to_remove)
    result.added += file_challenges.update(form, now)
    if not names_before.items() <= _place_names().items():
        search_index.rebuild()  # everything is found by the names of its municipalities
    return result


def _note_on_points(programme: Programme, form: ProgrammeFile) -> list[str]:
    """The rules of a stage are those with which it began (PRODUCT: the policy changes with a new stage only)."""
    columns = _programme_columns(form)
    if programme.points is None or columns["points"] == programme.points:
        return []
    return [
        f"Stage {stage.number}: its points keep their rules; those of the file hold from the next stage."
        for stage in stages()
        if stage.points is not None and stage.closed_at is None and stage.points != columns["points"]
    ]


def _keep_pools_of_ended(now: datetime) -> None:
    """A stage's board is divided by what was agreed as its last day ended, also while no sweep has closed it yet."""
    today = local_today(now)
    for stage in stages():
        if stage.opened_at is not None and stage.end_on <= today:
            keep_pools(stage.id)


def _place_names() -> dict[int, str]:
    return dict(db.session.execute(select(Municipality.id, Municipality.name)).all())


def _with_announced_dates(form: ProgrammeFile, file: TomlFile, result: LoadResult) -> ProgrammeFile:
    """The programme with the announced dates in place of the file's; the other dates must follow them."""
    dates_by_number = _announced_dates()
    stages = []
    for place, entry in enumerate(form.stages):
        dates = dates_by_number.get(entry.number, {})
        result.notes += [
            f"Stage {entry.number}: {column} stays {day}, not {getattr(entry, column)}: the phase has been announced."
            for column, day in dates.items()
            if day != getattr(entry, column)
        ]
        stages.append(file.check(StageEntry, file.data["stages"][place] | dates, ("stages", place)) or entry)
    return form.model_copy(update={"stages": stages})


def _announced_dates() -> dict[int, dict[str, date]]:
    """By the stage's number: the dates of those of its phases that have been announced."""
    steps = [phase for phase, _column in PHASE_DATES]
    dates: dict[int, dict[str, date]] = {}
    for stage, phase in db.session.execute(select(Stage, StageEvent.phase).join_from(StageEvent, Stage)):
        columns = [column for _phase, column in PHASE_DATES[: steps.index(Phase(phase)) + 1]]
        dates.setdefault(stage.number, {}).update({column: getattr(stage, column) for column in columns})
    return dates


def _groups(form: ProgrammeFile) -> tuple[_Group, ...]:
    return (
        _Group("values", Value, "slug", form.values),
        _Group("focus_areas", FocusArea, "slug", form.focus_areas),
        _Group("municipalities", Municipality, "slug", form.municipalities),
        _Group("stages", Stage, "number", form.stages),
    )


def _rows_to_remove(group: _Group, file: TomlFile) -> list[Model]:
    """Rows that the file no longer names; a fault for each that is in use."""
    keys = group.keys()
    rows = [row for row in db.session.scalars(select(group.model)) if getattr(row, group.key) not in keys]
    for row in rows:
        uses = uses_of(row)
        if uses:
            name = getattr(row, group.key)
            file.add((group.name,), f'"{name}" is missing but in use ({uses}); keep it in the file')
    return rows


def _remove(rows: list[Model], result: LoadResult) -> None:
    for row in rows:
        db.session.delete(row)
    db.session.flush()
    result.removed = len(rows)


def _update(group: _Group, result: LoadResult) -> None:
    rows = {getattr(row, group.key): row for row in db.session.scalars(select(group.model))}
    if group.model is Municipality:
        _free_names(rows)
    for position, entry in enumerate(group.entries, 1):
        row = rows.get(getattr(entry, group.key))
        if row is None:
            row = group.model()
            if isinstance(row, Municipality):
                row.join_code = secrets.token_urlsafe(9)
            db.session.add(row)
            result.added += 1
        _assign(row, _entry_columns(entry, position))


def _free_names(places: dict[str, Any]) -> None:
    """Give each municipality a temporary name: two may swap theirs, and a name is unique at every moment."""
    for slug, place in places.items():
        place.name = f"{slug} {secrets.token_hex(4)}"
    db.session.flush()


def _programme_columns(form: ProgrammeFile) -> dict[str, Any]:
    tables = {group.name for group in _groups(form)} | {"challenges", "challenge_templates"}
    return form.model_dump(exclude=tables, exclude_none=True)


def _entry_columns(entry: Entry, position: int) -> dict[str, Any]:
    columns = entry.model_dump(exclude_none=True)
    if isinstance(entry, StageEntry):
        return columns
    if isinstance(entry, MunicipalityEntry):
        columns["tile_row"], columns["tile_column"] = columns.pop("tile")
    return columns | {"position": position}


def _assign(row: Model, columns: dict[str, Any]) -> None:
    for column, value in columns.items():
        setattr(row, column, value)
