"""Loading a programme file: the strategy is data, and loading it again brings the installation up to date with it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from app.extensions import Model, db
from app.models.programme import FocusArea, Municipality, Programme, Value
from app.models.stage import STEPS, Phase, Stage, StageEvent
from app.services.programme.file_faults import FileError
from app.services.programme.reading import read_programme
from app.services.programme.schema import Entry, MunicipalityEntry, ProgrammeFile, StageEntry
from app.services.programme.toml_file import TomlFile

__all__ = ["FileError", "Loaded", "load_programme"]


@dataclass
class Loaded:
    """What a loading did, for the one who ran it."""

    programme: Programme
    added: int = 0
    removed: int = 0
    #: Sentences about what the file says but was not followed.
    notes: list[str] = field(default_factory=list)


@dataclass
class _Group:
    """The entries of one kind in the file, and the table that they belong in."""

    name: str
    model: type[Model]
    #: What an entry is known by from one loading to the next.
    key: str
    entries: Sequence[Entry]

    def named(self) -> set[str | int]:
        return {getattr(entry, self.key) for entry in self.entries}


def load_programme(text: str, now: datetime, *, file_name: str = "programme.toml") -> Loaded:
    """Make the installation's programme what the file says: update in place by slug (stages by number), add what is
    new, remove what is gone from the file and used nowhere. Join codes and counters are kept.

    A phase that has been announced keeps its date whatever the file says, and so do the phases before it: a lead may
    have moved it by hand, and people have been told. `Loaded.notes` says where that was so.

    Raises:
        FileError: with all faults; then nothing has changed.
    """
    form, file = read_programme(text, file_name)
    programme = Programme.current()
    if programme and programme.slug != form.slug:
        file.add(("slug",), f'must be "{programme.slug}", the programme that is loaded here; '
                 "another programme needs an installation of its own")  # fmt: skip
        raise file.refusal()
    loaded = Loaded(programme or Programme(id=1))
    form = _with_announced_dates(form, file, loaded)
    groups = _groups(form)
    gone = [row for group in groups for row in _gone(group, file)]
    if file.faults:
        raise file.refusal()

    _assign(loaded.programme, _programme_columns(form) | {"loaded_at": now})
    db.session.add(loaded.programme)
    _remove(gone, loaded)
    for group in groups:
        _update(group, loaded)
    db.session.flush()
    return loaded


def _with_announced_dates(form: ProgrammeFile, file: TomlFile, loaded: Loaded) -> ProgrammeFile:
    """The programme with those dates kept; the others must follow them."""
    dates_by_number = _announced_dates()
    stages = []
    for place, entry in enumerate(form.stages):
        dates = dates_by_number.get(entry.number, {})
        loaded.notes += [
            f"Stage {entry.number}: {column} stays {day}, not {getattr(entry, column)}: the phase has been announced."
            for column, day in dates.items()
            if day != getattr(entry, column)
        ]
        stages.append(file.check(StageEntry, file.data["stages"][place] | dates, ("stages", place)) or entry)
    return form.model_copy(update={"stages": stages})


def _announced_dates() -> dict[int, dict[str, date]]:
    """By the number of the stage: the dates of its phases as far as they have been announced."""
    steps = [phase for phase, _column in STEPS]
    dates: dict[int, dict[str, date]] = {}
    for stage, phase in db.session.execute(select(Stage, StageEvent.phase).join_from(StageEvent, Stage)):
        columns = [column for _phase, column in STEPS[: steps.index(Phase(phase)) + 1]]
        dates.setdefault(stage.number, {}).update({column: getattr(stage, column) for column in columns})
    return dates


def _groups(form: ProgrammeFile) -> tuple[_Group, ...]:
    return (
        _Group("values", Value, "slug", form.values),
        _Group("focus_areas", FocusArea, "slug", form.focus_areas),
        _Group("municipalities", Municipality, "slug", form.municipalities),
        _Group("stages", Stage, "number", form.stages),
    )


def _gone(group: _Group, file: TomlFile) -> list[Model]:
    """Rows that the file no longer names; a fault for each that is in use."""
    named = group.named()
    gone = [row for row in db.session.scalars(select(group.model)) if getattr(row, group.key) not in named]
    for row in gone:
        uses = _uses(row)
        if uses:
            name = getattr(row, group.key)
            file.add((group.name,), f'"{name}" is missing but in use ({uses}); keep it in the file')
    return gone


def _uses(row: Any) -> str:
    """Where the row is referred to, as `activity: 12, person: 4`; empty when nowhere."""
    counts: dict[str, int] = {}
    for table in Model.metadata.sorted_tables:
        for column in table.columns:
            if any(foreign.column.table is row.__table__ for foreign in column.foreign_keys):
                counts[table.name] = counts.get(table.name, 0) + (
                    db.session.scalar(select(func.count()).where(column == row.id)) or 0
                )
    return ", ".join(f"{name}: {count}" for name, count in counts.items() if count)


def _remove(gone: list[Model], loaded: Loaded) -> None:
    for row in gone:
        db.session.delete(row)
    db.session.flush()
    loaded.removed = len(gone)


def _update(group: _Group, loaded: Loaded) -> None:
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
            loaded.added += 1
        _assign(row, _entry_columns(entry, position))


def _free_names(places: dict[str, Any]) -> None:
    """Two may have changed names with each other, and each name is unique at every moment."""
    for slug, place in places.items():
        place.name = f"{slug} {secrets.token_hex(4)}"
    db.session.flush()


def _programme_columns(form: ProgrammeFile) -> dict[str, Any]:
    return form.model_dump(exclude={group.name for group in _groups(form)}, exclude_none=True)


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
