"""Challenges and their templates from a programme file: made and changed by slug; what is no longer there is removed if
nobody uses it. They come open. What has been made here by people is left alone."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from app.extensions import Model, db
from app.models.challenge import Challenge
from app.models.challenge_template import ChallengeTemplate
from app.models.contribution import Contribution
from app.models.programme import FocusArea, Municipality, Value
from app.models.search import SearchKind
from app.models.stage import Stage
from app.services.programme.reading_challenges import days_of
from app.services.programme.schema import ProgrammeFile
from app.services.programme.schema_challenges import ChallengeEntry, ChallengeTemplateEntry
from app.services.programme.toml_file import TomlFile
from app.services.programme.uses import uses_of
from app.services.search import index as search_index

#: What refers to a challenge and goes with it. An undertaking, a flag or a decision is somebody's, and stays.
_GOES_WITH_IT = ("challenge", "challenge_progress", "contribution_municipality", "feed_item", "thread_mute")


def rows_to_remove(form: ProgrammeFile, file: TomlFile) -> list[Challenge | ChallengeTemplate]:
    """Rows that the file no longer names; a fault for each that is in use."""
    challenges = _unnamed(Challenge, form.challenges)
    for challenge in challenges:
        uses = uses_of(challenge, _GOES_WITH_IT) or uses_of(_contribution_of(challenge), _GOES_WITH_IT)
        if uses:
            what = f'"{challenge.slug}" is missing but in use ({uses}); keep it in the file'
            file.add(("challenges",), what)
    return [*challenges, *_unnamed(ChallengeTemplate, form.challenge_templates)]


def remove(rows: Iterable[Challenge | ChallengeTemplate]) -> None:
    for row in rows:
        number = row.id
        db.session.delete(row)
        db.session.flush()
        if isinstance(row, Challenge):
            db.session.execute(delete(Contribution).where(Contribution.id == number))
            search_index.refresh(SearchKind.CHALLENGE, [number])


def update(form: ProgrammeFile, now: datetime) -> int:
    """Make them what the file says; returns how many are new. What they name must have been written."""
    parts = _Parts()
    by_slug = _by_slug(Challenge)
    challenges: list[Challenge] = []
    for entry in form.challenges:
        challenge = by_slug.get(entry.slug) or Challenge(
            slug=entry.slug, created_at=now, changed_at=now, opened_at=now
        )
        _write(challenge, _columns(entry, parts))
        if db.session.is_modified(challenge):
            challenge.changed_at = now
        db.session.add(challenge)
        challenge.is_moderated_where_it_is_for()
        challenges.append(challenge)
    templates = _by_slug(ChallengeTemplate)
    for position, template_entry in enumerate(form.challenge_templates, 1):
        template = templates.get(template_entry.slug) or ChallengeTemplate(slug=template_entry.slug)
        _write(template, _template_columns(template_entry, parts) | {"position": position})
        db.session.add(template)
    db.session.flush()
    search_index.refresh(SearchKind.CHALLENGE, [challenge.id for challenge in challenges])
    new = {entry.slug for entry in form.challenges} - by_slug.keys()
    return len(new) + len({entry.slug for entry in form.challenge_templates} - templates.keys())


class _Parts:
    """What challenges name, by slug or number."""

    def __init__(self) -> None:
        self.values = {one.slug: one.id for one in db.session.scalars(select(Value))}
        self.areas = {one.slug: one.id for one in db.session.scalars(select(FocusArea))}
        self.places = {one.slug: one.id for one in db.session.scalars(select(Municipality))}
        self.stages = {one.number: one for one in db.session.scalars(select(Stage))}


def _columns(entry: ChallengeEntry, parts: _Parts) -> dict[str, Any]:
    stage = parts.stages[entry.stage]
    opens_on, closes_on = days_of(entry.opens_on, entry.closes_on, stage)
    return _template_columns(entry, parts) | {
        "stage_id": stage.id,
        "municipality_id": parts.places[entry.municipality] if entry.municipality else None,
        "opens_on": opens_on,
        "closes_on": max(opens_on, closes_on),
        "opens_with_stage": entry.opens_on is None,
        "closes_with_stage": entry.closes_on is None,
    }


def _template_columns(entry: ChallengeTemplateEntry, parts: _Parts) -> dict[str, Any]:
    columns = entry.model_dump(
        include={"title", "why", "done_when", "points", "goal", "needs_photo", "needs_approval"}
    )
    return columns | {
        "kind_of_challenge": entry.kind,
        "value_id": parts.values[entry.value] if entry.value else None,
        "focus_area_id": parts.areas[entry.focus_area] if entry.focus_area else None,
    }


def _write(row: Model, columns: dict[str, Any]) -> None:
    for column, value in columns.items():
        setattr(row, column, value)


def _by_slug(model: type[Any]) -> dict[str, Any]:
    return {row.slug: row for row in db.session.scalars(select(model).where(model.slug.is_not(None)))}


def _unnamed(model: type[Any], entries: Iterable[ChallengeTemplateEntry]) -> list[Any]:
    slugs = {entry.slug for entry in entries}
    return [row for slug, row in _by_slug(model).items() if slug not in slugs]


def _contribution_of(challenge: Challenge) -> Contribution:
    return db.session.get_one(Contribution, challenge.id)
