"""The ledger and its running totals: the only place that writes them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import bindparam, func, literal, select
from sqlalchemy.orm import SessionTransaction

from app.extensions import Model, db
from app.models.board import DayTotal, MunicipalityTotal
from app.models.ledger import PeerTotal, PersonTotal, PointEntry, is_later_of
from app.models.person import Person
from app.models.point_question import PointQuestion
from app.models.stage import Stage
from app.models.upsert import upsert
from app.services.points.closing import counting_stage, is_closed
from app.services.programme.clock import local_today

#: The number of the lock; any number does.
_LEDGER: Final = 1
_HELD_IN: Final = "ledger_held_in"
#: The reason of what an answer to a question about points has taken.
CORRECTED: Final = "corrected"
_LOCK: Final = select(func.pg_advisory_xact_lock(_LEDGER))
_FIRST: Final = select(PointEntry).where(
    PointEntry.person_id == bindparam("person_id"),
    PointEntry.reason == bindparam("reason"),
    PointEntry.source == bindparam("cause"),
)


class Earner(NamedTuple):
    """A person, and where their points for one activity count."""

    person_id: int
    municipality_id: int
    stage_id: int

    @classmethod
    def of(cls, earlier: PointEntry) -> "Earner":
        """Whose that entry is, and where it counts."""
        return cls(earlier.person_id, earlier.municipality_id, earlier.stage_id)


def wait_for_ledger() -> None:
    """From now until the transaction ends nobody else decides about points or writes them: so of two at once only one
    gets the last points under a cap, and two who earn in the same places never wait for each other. The last thing that
    a transaction waits for. SQLite lets only one write anyway."""
    if db.session.get_bind().dialect.name == "postgresql" and not _is_held():
        db.session.execute(_LOCK)
        db.session.info[_HELD_IN] = _innermost()


def _is_held() -> bool:
    """Whether it was taken in what goes on now, or around it. A savepoint that is undone gives it up, so what was taken
    in one that has ended counts for nothing."""
    held_in, going_on = db.session.info.get(_HELD_IN), _innermost()
    while going_on is not None and going_on is not held_in:
        going_on = going_on.parent
    return going_on is not None


def _innermost() -> SessionTransaction | None:
    session = db.session()
    return session.get_nested_transaction() or session.get_transaction()


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
    wait_for_ledger()
    insert = (
        upsert(PointEntry)
        .on_conflict_do_nothing(index_elements=["person_id", "source", "reason"])
        .returning(PointEntry.person_id, PointEntry.municipality_id, PointEntry.stage_id, PointEntry.points)
    )
    totals: dict[Earner, int] = defaultdict(int)
    for person_id, municipality_id, stage_id, points in db.session.execute(insert, entries):
        points_by_person[person_id] += points
        totals[Earner(person_id, municipality_id, stage_id)] += points
    _add_to_totals(totals, entries[0]["at"])
    return points_by_person


def balance(earner: Earner, cause: str, reason: str, points: int, contribution_id: int, now: datetime) -> int:
    """Make what the person has for that cause and reason be `points`: the difference is one more entry, and none when
    there is no difference. Returns what it changed. For causes whose points come and go with something else.

    The earner says where the points count the first time; all later entries count there too. What an answer to a
    question has taken from the cause rests while the cause has nothing, and is taken again when it has.
    """
    wait_for_ledger()
    earlier = entries_of(earner.person_id, cause, reason)
    changed = _make_up(earner, cause, reason, points, contribution_id, earlier, now)
    if changed and earlier:
        for number, taken in corrections_among(earlier, points):
            changed += balance(earner, correction(number), CORRECTED, taken, contribution_id, now)
    return changed


def entries_of(person_id: int, cause: str, reason: str) -> list[PointEntry]:
    """Those of that cause, oldest first. The first has the cause's own name, which an index finds: without it there are
    none. Nothing from before it is read, since somebody may have thousands."""
    first = db.session.scalar(_FIRST, {"person_id": person_id, "reason": reason, "cause": cause})
    if first is None:
        return []
    mine = (PointEntry.person_id == person_id, PointEntry.reason == reason)
    later = (
        select(PointEntry).where(*mine, PointEntry.id > first.id, is_later_of(cause)).order_by(PointEntry.id)
    )
    return [first, *db.session.scalars(later)]


def correction(question_id: int) -> str:
    """The cause of what the answer to that question has taken."""
    return f"question:{question_id}"


def corrections_among(entries: Iterable[PointEntry], points: int) -> list[tuple[int, int]]:
    """Questions about these entries of one cause by whose answers something was taken, oldest first, and what each
    takes when the cause has those points: never more than there is."""
    taken = select(PointQuestion.id, PointQuestion.points).where(PointQuestion.points < 0)
    about = taken.where(PointQuestion.entry_id.in_([one.id for one in entries])).order_by(PointQuestion.id)
    left, corrections = max(points, 0), []
    for number, wanted in db.session.execute(about):
        corrections.append((number, max(wanted, -left)))
        left += corrections[-1][1]
    return corrections


def _make_up(
    earner: Earner,
    cause: str,
    reason: str,
    points: int,
    contribution_id: int,
    earlier: list[PointEntry],
    now: datetime,
) -> int:
    """The entry that makes the earlier ones come to `points`, if they do not."""
    difference = points - sum(one.points for one in earlier)
    if not difference:
        return 0
    where = Earner.of(earlier[0]) if earlier else _counting_now(earner, now)
    source = f"{cause}#{len(earlier) + 1}" if earlier else cause
    return append([entry(where, source, reason, difference, contribution_id, now)])[earner.person_id]


def _counting_now(earner: Earner, now: datetime) -> Earner:
    stage = Stage.by_id(earner.stage_id)
    return earner._replace(stage_id=counting_stage(stage, now).id)


def _add_to_totals(totals: dict[Earner, int], at: datetime) -> None:
    """Those of municipalities only while the stage's board is open."""
    places: dict[tuple[int, int], int] = defaultdict(int)
    for earner, points in sorted(totals.items()):
        places[earner.stage_id, earner.municipality_id] += points
        _add(PersonTotal, earner._asdict(), points)
        _add_to_peers(earner, points)
    day = local_today(at)
    for (stage_id, municipality_id), points in sorted(places.items()):
        if not is_closed(Stage.by_id(stage_id), at):
            key = {"stage_id": stage_id, "municipality_id": municipality_id}
            _add(MunicipalityTotal, key, points)
            _add(DayTotal, key | {"day": day}, points)


def _add(total: type[Model], key: dict[str, Any], points: int) -> None:
    insert = upsert(total).values(**key, points=points)
    more = {"points": total.points + insert.excluded.points}  # type: ignore[attr-defined]
    db.session.execute(insert.on_conflict_do_update(index_elements=list(key), set_=more))


def _add_to_peers(earner: Earner, points: int) -> None:
    """Only of somebody who wants to be shown among their neighbours."""
    shown = select(literal(earner.stage_id), Person.id, literal(points)).where(
        Person.id == earner.person_id, Person.ranked
    )
    insert = upsert(PeerTotal).from_select(["stage_id", "person_id", "points"], shown)
    more = {"points": PeerTotal.points + insert.excluded.points}
    db.session.execute(insert.on_conflict_do_update(index_elements=["stage_id", "person_id"], set_=more))
