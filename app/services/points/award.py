"""Points, as the programme's policy says: for planning, for reporting, and for lessons that help the next one.

The ledger is append-only. An entry is written once for each (person, source, reason), whoever asks and however often,
and the running totals grow in the same transaction by exactly the entries that were written.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.extensions import db
from app.models.activity import Activity
from app.models.contribution import Contributed, is_withdrawn, takes_part
from app.models.ledger import PointEntry
from app.models.person import Person
from app.models.programme import Programme
from app.services.points.ledger import Earner, append, entry
from app.services.programme.clock import programme_zone, start_of_day, tomorrow

_LESSON_SAYS_SOMETHING = 20


def award_plan(activity: Activity, now: datetime) -> int:
    """Points to the owner for the plan; returns how many. Nothing past the day's cap, nothing a second time."""
    owner = _earners(activity, [activity.owner_id])
    return sum(append(_within_caps(activity, owner, ["plan"], now)).values())


def award_report(activity: Activity, by: Person, news: Iterable[str], now: datetime) -> int:
    """Points to the owner and to those who do it with them; returns what the reporter got.

    It does not matter whether it was carried out: an honest failure is worth as much as a success. `news` is what this
    report brings for the first time: "report", and the kinds of lessons. Only that earns, within this day's cap: what
    went over the cap of an earlier day is not earned by saving it again. What has been earned stays when words are
    changed; whoever hides it takes it back.
    """
    reasons = list(news)
    earners = _earners(activity, activity.owner_ids())
    given = append(_within_caps(activity, earners, reasons, now))
    if "report" in reasons and _is_joint(activity):
        for person_id, points in append(_joint(activity, earners, now)).items():
            given[person_id] += points
    return given[by.id]


def says_something(lesson: str) -> bool:
    """Whether a lesson is long enough to help anybody, and so to earn."""
    return len(lesson.strip()) >= _LESSON_SAYS_SOMETHING


def take_back(thing: Contributed, source: str, reason: str, now: datetime) -> int:
    """Reverse what it has earned: for each person one negative entry of the net sum. Returns the sum (≤ 0).

    `source` names this one event ("removal:3"): the same again takes nothing more.
    """
    taken = [
        entry(_where(entries[-1]), source, reason, -net, thing.id, now)
        for entries in _history(thing.id).values()
        if (net := sum(earlier.points for earlier in entries)) > 0
    ]
    return sum(append(taken).values())


def give_again(thing: Contributed, source: str, reason: str, now: datetime) -> int:
    """Give back what the last `take_back` took; returns the sum. A plan that its owner withdrew gets nothing again."""
    if db.session.scalar(select(is_withdrawn(thing.id))):
        return 0
    given = [
        entry(_where(entries[-1]), source, reason, -lost, thing.id, now)
        for entries in _history(thing.id).values()
        if (lost := _lost(entries))
    ]
    return sum(append(given).values())


def _lost(entries: list[PointEntry]) -> int:
    """The negative entry that ends a person's history with the activity, if it does: nothing was given since."""
    return min(entries[-1].points, 0)


def _earners(activity: Activity, person_ids: Collection[int]) -> list[Earner]:
    """Where each one's points count. Someone who moves keeps an activity's points in one place, so that they can be
    reversed by one entry. The rows are locked, so that two requests at once cannot both stay under a daily cap; on
    SQLite the writer is alone anyway."""
    locked = select(Person.id, Person.municipality_id).where(Person.id.in_(person_ids)).order_by(Person.id)
    earlier = {person_id: _where(entries[-1]) for person_id, entries in _history(activity.id).items()}
    return [
        earlier.get(person_id)
        or Earner(
            person_id,
            activity.municipality_id if person_id == activity.owner_id else municipality_id,
            activity.stage_id,
        )
        for person_id, municipality_id in db.session.execute(locked.with_for_update(key_share=True))
    ]


def _history(contribution_id: int) -> dict[int, list[PointEntry]]:
    """All entries about it, oldest first, by person."""
    history: dict[int, list[PointEntry]] = defaultdict(list)
    about = (
        select(PointEntry)
        .where(PointEntry.contribution_id == contribution_id)
        .order_by(PointEntry.person_id, PointEntry.id)
    )
    for earlier in db.session.scalars(about):
        history[earlier.person_id].append(earlier)
    return history


def _where(earlier: PointEntry) -> Earner:
    return Earner(earlier.person_id, earlier.municipality_id, earlier.stage_id)


def _is_joint(activity: Activity) -> bool:
    places = select(func.count()).where(takes_part.c.contribution_id == activity.id)
    return (db.session.scalar(places) or 0) > 1


def _within_caps(
    activity: Activity, earners: list[Earner], reasons: list[str], now: datetime
) -> list[dict[str, Any]]:
    """The entries that the policy grants and whose cap the day has not filled."""
    policy, used = _policy(), _used_today(earners, reasons, now)
    return [
        entry(earner, f"activity:{activity.id}", reason, policy[reason]["points"], activity.id, now)
        for earner in earners
        for reason in reasons
        if reason in policy
        and used[earner.person_id, reason] < policy[reason].get("daily", used[earner.person_id, reason] + 1)
    ]


def _joint(activity: Activity, earners: list[Earner], now: datetime) -> list[dict[str, Any]]:
    """For those whose report earned points: as much more as the policy's factor says, as an entry of its own."""
    source = f"activity:{activity.id}"
    reported = select(PointEntry.person_id, PointEntry.points).where(
        PointEntry.contribution_id == activity.id, PointEntry.source == source, PointEntry.reason == "report"
    )
    points = dict(db.session.execute(reported).all())
    more = _policy().get("joint_factor", 1) - 1
    return [
        entry(earner, source, "joint", round(points[earner.person_id] * more), activity.id, now)
        for earner in earners
        if earner.person_id in points
    ]


def _used_today(earners: list[Earner], reasons: list[str], now: datetime) -> dict[tuple[int, str], int]:
    """How often each has earned for each reason on this day of the programme's calendar."""
    zone = programme_zone()
    used = (
        select(PointEntry.person_id, PointEntry.reason, func.count())
        .where(
            PointEntry.person_id.in_([earner.person_id for earner in earners]), PointEntry.reason.in_(reasons)
        )
        .where(PointEntry.at >= start_of_day(now, zone), PointEntry.at < tomorrow(now, zone))
        .group_by(PointEntry.person_id, PointEntry.reason)
    )
    return defaultdict(int, {(person_id, reason): n for person_id, reason, n in db.session.execute(used)})


def _policy() -> dict[str, Any]:
    programme = Programme.current()
    return programme.points if programme else {}
