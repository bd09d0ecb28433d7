"""The running figures of challenges. First what each undertaking is counted as, then how far the municipalities have
come, and last the points that were promised."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Integer, case, cast, delete, func, insert, select, union, update

from app.extensions import db
from app.models.activity import Activity, CoOwner
from app.models.completion import is_completed, waits_for_review
from app.models.contribution import is_visible
from app.models.ledger import PointEntry
from app.models.outcome import Outcome
from app.models.person import Person
from app.models.undertaking import ChallengeProgress, Undertaking
from app.services.sums.undertakings import balance_promises
from app.services.upkeep.running_figures import RunningFigure


def _is_standing() -> ColumnElement[bool]:
    return is_visible(Undertaking.activity_id)


def _flag(
    name: str, stored: Any, condition: Callable[[], ColumnElement[bool]], rebuild: Callable[[], None]
) -> RunningFigure:
    """Whether the condition holds for an undertaking, as 0 or 1."""
    of_each = select(Undertaking.activity_id)
    return RunningFigure(
        (f"undertaking_{name}", "activity"),
        lambda: of_each.add_columns(cast(stored, Integer)),
        lambda: of_each.add_columns(cast(condition(), Integer)),
        rebuild,
    )


def _write_flags() -> None:
    """All three. What has waited without being noted waits since it was reported."""
    reported_at = select(Outcome.at).where(Outcome.activity_id == Undertaking.activity_id).scalar_subquery()
    since = func.coalesce(Undertaking.waits_since, reported_at)
    flags = update(Undertaking).values(
        is_standing=_is_standing(),
        is_counted=is_completed(),
        waits_since=case((waits_for_review(), since), else_=None),
    )
    db.session.execute(flags, execution_options={"synchronize_session": False})


def _progress() -> Any:
    """Challenge, municipality, taken on, completed."""
    key = (Undertaking.challenge_id, Activity.municipality_id)
    completed = func.sum(cast(is_completed(), Integer)).label("completed")
    counts = select(*key, func.count().label("taken_on"), completed).join(
        Activity, Activity.id == Undertaking.activity_id
    )
    return counts.where(_is_standing()).group_by(*key)


def _write_progress() -> None:
    columns = ("challenge_id", "municipality_id", "taken_on", "completed")
    rows = [dict(zip(columns, row, strict=True)) for row in db.session.execute(_progress())]
    db.session.execute(delete(ChallengeProgress), execution_options={"synchronize_session": False})
    if rows:
        db.session.execute(insert(ChallengeProgress), rows)


def _count(column: Any) -> RunningFigure:
    def recomputed() -> Any:
        progress = _progress().subquery().c
        return select(progress.challenge_id, progress.municipality_id, progress[column.key])

    key = (ChallengeProgress.challenge_id, ChallengeProgress.municipality_id)
    figure = (f"challenge_{column.key}", "challenge", "municipality")
    return RunningFigure(figure, lambda: select(*key, column), recomputed, _write_progress)


def _points() -> Any:
    """Activity, person, points in the ledger; of what is hidden all entries are reversed as they are. Whoever has come
    to the programme office keeps what they had, and it is not settled any more."""
    key = (PointEntry.contribution_id, PointEntry.person_id)
    entries = select(*key, func.sum(PointEntry.points)).where(PointEntry.reason == "challenge")
    shown = entries.where(is_visible(PointEntry.contribution_id))
    return shown.join(Person, Person.id == PointEntry.person_id).where(~Person.is_office).group_by(*key)


def _promised_points() -> Any:
    makers = union(
        select(Activity.id, Activity.owner_id.label("person_id")),
        select(CoOwner.activity_id, CoOwner.person_id).where(CoOwner.is_partner),
    ).subquery()
    per_person = (makers.c.person_id, Undertaking.challenge_id)
    place = func.row_number().over(partition_by=per_person, order_by=Undertaking.activity_id).label("place")
    promised = select(Undertaking.activity_id, makers.c.person_id, Undertaking.points, place)
    earning = promised.join(makers, makers.c.id == Undertaking.activity_id).join(
        Person, Person.id == makers.c.person_id
    )
    completed = earning.where(~Person.is_office, is_completed()).subquery()
    first = completed.c.place == 1
    return select(completed.c.activity_id, completed.c.person_id, completed.c.points).where(first)


def _balance_points() -> None:
    """As of the report, which is what earned them."""
    visible = select(Activity, Undertaking.challenge_id, Outcome.at).where(_is_standing())
    reported = visible.join(Undertaking, Undertaking.activity_id == Activity.id).join(
        Outcome, Outcome.activity_id == Activity.id
    )
    for activity, challenge_id, reported_at in db.session.execute(reported).all():
        for person_id in sorted(activity.owner_ids()):
            balance_promises(person_id, challenge_id, reported_at)


FIGURES = (
    _flag("is_standing", Undertaking.is_standing, _is_standing, _write_flags),
    _flag("is_counted", Undertaking.is_counted, is_completed, _write_flags),
    _flag("waits", Undertaking.waits_since.is_not(None), waits_for_review, _write_flags),
    _count(ChallengeProgress.taken_on),
    _count(ChallengeProgress.completed),
    RunningFigure(("challenge_points", "activity", "person"), _points, _promised_points, _balance_points),
)
