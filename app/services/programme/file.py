"""Loading a programme file: the strategy is data, and loading it again brings the installation up to date with it."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.extensions import Model, db
from app.models.programme import FocusArea, Municipality, Programme, Value
from app.models.stage import STEPS, Stage, StageEvent
from app.services.programme.schema import Named, ProgrammeForm, demand_order, read_programme
from app.services.programme.toml_table import FileError

__all__ = ["FileError", "Loaded", "load_programme"]


@dataclass
class Loaded:
    """What a loading did, for the one who ran it."""

    programme: Programme
    added: int = 0
    removed: int = 0
    #: Sentences about what the file says but was not followed.
    notes: list[str] = field(default_factory=list)


def load_programme(text: str, now: datetime, *, file_name: str = "programme.toml") -> Loaded:
    """Make the installation's programme what the file says: update in place by slug (stages by number), add what is
    new, remove what is gone from the file and used nowhere. Join codes and counters are kept.

    A phase that has been announced keeps its date whatever the file says, and so do the phases before it: a lead may
    have moved it by hand, and people have been told. `Loaded.notes` says where that was so.

    Raises:
        FileError: with all faults; then nothing has changed.
    """
    form = read_programme(text, file_name)
    programme = Programme.current()
    if programme and programme.slug != form.programme["slug"]:
        form.faults.add(("slug",), f'must be "{programme.slug}", the programme that is loaded here; '
                        "another programme needs an installation of its own")  # fmt: skip
        form.faults.refuse_if_any()
    loaded = Loaded(programme or Programme(id=1))
    _keep_announced_dates(form, loaded)
    gone = [row for group in _groups(form) for row in _gone(form, *group)]
    form.faults.refuse_if_any()

    _assign(loaded.programme, {**form.programme, "loaded_at": now})
    db.session.add(loaded.programme)
    _remove(gone, loaded)
    for model, key, _group, entries in _groups(form):
        _update(model, key, entries, loaded)
    db.session.flush()
    return loaded


def _groups(form: ProgrammeForm) -> tuple[tuple[type[Model], str, str, list[Named]], ...]:
    return (
        (Value, "slug", "values", form.values),
        (FocusArea, "slug", "focus_areas", form.focus_areas),
        (Municipality, "slug", "municipalities", form.municipalities),
        (Stage, "number", "stages", form.stages),
    )


def _keep_announced_dates(form: ProgrammeForm, loaded: Loaded) -> None:
    announced: dict[int, set[str]] = {}
    for number, phase in db.session.execute(
        select(Stage.number, StageEvent.phase).join_from(StageEvent, Stage)
    ):
        announced.setdefault(number, set()).add(phase)
    for entry in form.stages:
        stage = Stage.numbered(entry.columns["number"])
        if stage and stage.number in announced:
            _keep_dates(stage, announced[stage.number], entry, loaded)


def _keep_dates(stage: Stage, announced: set[str], entry: Named, loaded: Loaded) -> None:
    last = max(place for place, (phase, _column) in enumerate(STEPS) if phase in announced)
    for _phase, column in STEPS[: last + 1]:
        kept, wanted = getattr(stage, column), entry.columns[column]
        if kept != wanted:
            loaded.notes.append(
                f"Stage {stage.number}: {column} stays {kept}, not {wanted}: the phase has been announced."
            )
            entry.columns[column] = kept
    demand_order(entry.where, {column: entry.columns[column] for _phase, column in STEPS})


def _gone(form: ProgrammeForm, model: type[Model], key: str, group: str, entries: list[Named]) -> list[Model]:
    """Rows that the file no longer names; a fault for each that is in use."""
    named = {entry.key for entry in entries}
    gone = [row for row in db.session.scalars(select(model)) if getattr(row, key) not in named]
    for row in gone:
        uses = _uses(row)
        if uses:
            form.faults.add(
                (group,), f'"{getattr(row, key)}" is missing but in use ({uses}); keep it in the file'
            )
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


def _update(model: type[Model], key: str, entries: list[Named], loaded: Loaded) -> None:
    held = {getattr(row, key): row for row in db.session.scalars(select(model))}
    if model is Municipality:
        _free_names(held)
    for entry in entries:
        row = held.get(entry.key)
        if row is None:
            row = model()
            if isinstance(row, Municipality):
                row.join_code = secrets.token_urlsafe(9)
            db.session.add(row)
            loaded.added += 1
        _assign(row, entry.columns)


def _free_names(places: dict[str, Any]) -> None:
    """Two may have changed names with each other, and each name is unique at every moment."""
    for slug, place in places.items():
        place.name = f"{slug} {secrets.token_hex(4)}"
    db.session.flush()


def _assign(row: Model, columns: dict[str, Any]) -> None:
    for column, value in columns.items():
        setattr(row, column, value)
