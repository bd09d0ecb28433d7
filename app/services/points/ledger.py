"""The ledger and its running totals: the only place that writes them."""

from collections import defaultdict
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select

from app.extensions import db
from app.models.ledger import MunicipalityTotal, PersonTotal, PointEntry
from app.models.upsert import upsert


class Earner(NamedTuple):
    """A person, and where their points for one activity count."""

    person_id: int
    municipality_id: int
    stage_id: int


def entry(
    earner: Earner, source: str, reason: str, points: int, contribution_id: int, now: datetime
) -> dict[str, Any]:
    return {
        **earner._asdict(),
        "source": source,
        "reason": reason,
        "points": points,
        "contribution_id": contribution_id,
        "at": now,
    }


def append(entries: list[dict[str, Any]]) -> dict[int, int]:
    """Append those that are not there yet, and add them to the totals. Returns points by person."""
    points_by_person: dict[int, int] = defaultdict(int)
    entries = [row for row in entries if row["points"]]
    if not entries:
        return points_by_person
    insert = (
        upsert(PointEntry)
        .values(entries)
        .on_conflict_do_nothing(index_elements=["person_id", "source", "reason"])
        .returning(PointEntry.person_id, PointEntry.municipality_id, PointEntry.stage_id, PointEntry.points)
    )
    totals: dict[Earner, int] = defaultdict(int)
    for person_id, municipality_id, stage_id, points in db.session.execute(insert):
        points_by_person[person_id] += points
        totals[Earner(person_id, municipality_id, stage_id)] += points
    _add_to_totals(totals)
    return points_by_person


def balance(earner: Earner, cause: str, reason: str, points: int, contribution_id: int, now: datetime) -> int:
    """Make what the person has for that cause and reason be `points`: the difference is one more entry, and none when
    there is no difference. Returns it. For causes whose points come and go with something else.

    The caller makes others wait (`wait_for_turn`), so that two do not balance the same at once. The earner says where
    the points count the first time; all later entries count there too.
    """
    numbered = PointEntry.source.startswith(f"{cause}#", autoescape=True)
    mine = (PointEntry.person_id == earner.person_id, PointEntry.reason == reason)
    earlier = db.session.scalars(
        select(PointEntry).where(*mine, (PointEntry.source == cause) | numbered).order_by(PointEntry.id)
    ).all()
    difference = points - sum(one.points for one in earlier)
    if not difference:
        return 0
    first = earlier[0] if earlier else None
    where = Earner(earner.person_id, first.municipality_id, first.stage_id) if first else earner
    source = f"{cause}#{len(earlier) + 1}" if earlier else cause
    return append([entry(where, source, reason, difference, contribution_id, now)])[earner.person_id]


def _add_to_totals(totals: dict[Earner, int]) -> None:
    """Always in the same order, so that two simultaneous awards wait for each other instead of deadlocking."""
    places: dict[tuple[int, int], int] = defaultdict(int)
    for earner, points in sorted(totals.items()):
        places[earner.stage_id, earner.municipality_id] += points
        _add(
            PersonTotal, {**earner._asdict(), "points": points}, ["stage_id", "person_id", "municipality_id"]
        )
    for (stage_id, municipality_id), points in sorted(places.items()):
        row = {"stage_id": stage_id, "municipality_id": municipality_id, "points": points}
        _add(MunicipalityTotal, row, ["stage_id", "municipality_id"])


def _add(total: type[PersonTotal] | type[MunicipalityTotal], row: dict[str, Any], key: list[str]) -> None:
    insert = upsert(total).values(row)
    db.session.execute(
        insert.on_conflict_do_update(
            index_elements=key, set_={"points": total.points + insert.excluded.points}
        )
    )
