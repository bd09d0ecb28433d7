"""Points by the programme's policy: for planning, for reporting, for lessons that help others, for being first; and
what a challenge has promised.

The ledger is append-only. An entry is written once for each (person, source, reason), however often it is asked for,
and the running totals grow in the same transaction by exactly the entries that were written.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Integer, bindparam, func, select, union

from app.extensions import db
from app.models.activity import Activity, CoOwner
from app.models.contribution import Contributed, takes_part
from app.models.ledger import PointEntry
from app.models.person import Person
from app.models.stage import Stage
from app.services.points.caps import allows_one_more, times_earned
from app.services.points.closing import counting_stage, policy_of
from app.services.points.ledger import Earner, append, balance, entry, wait_for_ledger

#: Characters.
_SHORTEST_LESSON = 20
_ABOUT: Final = bindparam("contribution_id", type_=Integer)
#: Where the first points that somebody had for it count.
_FIRST_PLACE: Final = (
    select(PointEntry.municipality_id)
    .where(PointEntry.contribution_id == _ABOUT, PointEntry.person_id == Person.id)
    .order_by(PointEntry.id)
    .limit(1)
    .scalar_subquery()
)
_EARNING: Final = (
    select(Person.id, Person.municipality_id, _FIRST_PLACE).where(~Person.is_office).order_by(Person.id)
)
_AMONG: Final = _EARNING.where(Person.id.in_(bindparam("person_ids", expanding=True)))
_MAKERS: Final = _EARNING.where(
    Person.id.in_(
        union(
            select(Activity.owner_id).where(Activity.id == _ABOUT),
            select(CoOwner.person_id).where(CoOwner.activity_id == _ABOUT, CoOwner.is_partner),
        )
    )
)
_ENTRIES: Final = (
    select(PointEntry)
    .where(PointEntry.contribution_id == _ABOUT)
    .order_by(PointEntry.person_id, PointEntry.id)
)


def award_plan(activity: Activity, now: datetime) -> int:
    """Award the owner points for the plan; returns how many. None above the day's cap, and none a second time."""
    owner = _earners(activity, now, among=[activity.owner_id])
    return sum(append(_within_caps(activity, owner, ["plan"], now)).values())


def award_report(activity: Activity, by: Person, news: Iterable[str], now: datetime) -> int:
    """Award points to the owner and the partners; returns what the reporter got.

    It does not matter whether it was carried out: an honest failure is worth as much as a success. `news` is what this
    report brings for the first time: "report", and the kinds of lessons. Only that earns points, within this day's cap:
    what missed a cap once earns nothing later. Points stay when the text is changed; only hiding or withdrawing the
    activity takes them back.
    """
    reasons = list(news)
    earners = _earners(activity, now)
    points_by_person = append(_within_caps(activity, earners, reasons, now))
    if "report" in reasons and _is_joint(activity):
        for person_id, points in append(_joint_entries(activity, earners, now)).items():
            points_by_person[person_id] += points
    return points_by_person[by.id]


def award_first(activity: Activity, squares: Collection[str], now: datetime) -> int:
    """Award to everyone who did it the extra points for squares of the quilt where it is the first; returns how many.
    `squares` are their names, each the source of an entry, within the day's cap."""
    earners = _earners(activity, now)
    return sum(
        sum(append(_within_caps(activity, earners, ["first"], now, source=square)).values())
        for square in squares
    )


def balance_challenge(activity: Activity, person_id: int, points: int, now: datetime) -> int:
    """Make what the person has for the challenge that the activity takes on be `points`: as promised, under no cap. Not
    while it is hidden or withdrawn: then its entries are reversed as they are."""
    return sum(
        balance(earner, f"challenge:{activity.id}", "challenge", points, activity.id, now)
        for earner in _earners(activity, now, among=[person_id])
    )


def says_something(lesson: str) -> bool:
    """Whether a lesson is long enough to help anybody, and so to earn."""
    return len(lesson.strip()) >= _SHORTEST_LESSON


def take_back(thing: Contributed, source: str, reason: str, now: datetime) -> int:
    """Reverse what it has earned: for each person and place one negative entry of the net sum. Returns the sum (≤ 0).

    `source` names this one event ("removal:3"); under the same name nothing more is taken.
    """
    reversals = [
        entry(earner, _named(source, earner, first), reason, -net, thing.id, now)
        for first, earner, entries in _places(thing.id)
        if (net := sum(earlier.points for earlier in entries)) > 0
    ]
    return sum(append(reversals).values())


def give_again(thing: Contributed, source: str, reason: str, now: datetime) -> int:
    """Give back exactly what `take_back` took under the same source; returns the sum. So what its owner withdrew, and
    what has come and gone with something else, is not given twice."""
    returns = [
        entry(earner, name, reason, -loss, thing.id, now)
        for first, earner, entries in _places(thing.id)
        if (loss := _loss(entries, name := _named(source, earner, first)))
    ]
    return sum(append(returns).values())


def _places(contribution_id: int) -> Iterator[tuple[Earner, Earner, list[PointEntry]]]:
    """Of each person and place that has entries about it: where the person's first entry counts, the place, and its
    entries. What others did with a thing counts in the stage in which they did it."""
    for entries in _history(contribution_id).values():
        by_place: dict[Earner, list[PointEntry]] = defaultdict(list)
        for earlier in entries:
            by_place[Earner.of(earlier)].append(earlier)
        for earner, there in by_place.items():
            yield Earner.of(entries[0]), earner, there


def _named(source: str, earner: Earner, first: Earner) -> str:
    """A person has one entry for a source: that of a further place says which ("removal:3@5.2")."""
    return source if earner == first else f"{source}@{earner.municipality_id}.{earner.stage_id}"


def _loss(entries: list[PointEntry], source: str) -> int:
    """What that event took and nobody has given back, as a negative number; else 0."""
    return min(sum(earlier.points for earlier in entries if earlier.source == source), 0)


def _earners(activity: Activity, now: datetime, among: Collection[int] | None = None) -> list[Earner]:
    """Where the points count of everyone who did it, or of those people. All points for one activity stay in one
    municipality when the person moves, so that one entry can reverse them; in the activity's stage, or in a later one
    when that is over. The programme office earns nothing."""
    wait_for_ledger()
    stage_id = counting_stage(Stage.by_id(activity.stage_id), now).id
    query, which = (_MAKERS, {}) if among is None else (_AMONG, {"person_ids": among})
    its_own = {activity.owner_id: activity.municipality_id}
    return [
        Earner(person_id, first_place or its_own.get(person_id, municipality_id), stage_id)
        for person_id, municipality_id, first_place in db.session.execute(
            query, {"contribution_id": activity.id, **which}
        )
    ]


def _history(contribution_id: int) -> dict[int, list[PointEntry]]:
    """All entries about it, oldest first, by person."""
    history: dict[int, list[PointEntry]] = defaultdict(list)
    for earlier in db.session.scalars(_ENTRIES, {"contribution_id": contribution_id}):
        history[earlier.person_id].append(earlier)
    return history


def _is_joint(activity: Activity) -> bool:
    places = select(func.count()).where(takes_part.c.contribution_id == activity.id)
    return (db.session.scalar(places) or 0) > 1


def _within_caps(
    activity: Activity, earners: list[Earner], reasons: list[str], now: datetime, source: str = ""
) -> list[dict[str, Any]]:
    """The entries that the policy allows and whose caps are not reached. `source` is the activity if not given."""
    policy = _policy_for(earners)
    earned = times_earned([earner.person_id for earner in earners], reasons, now)
    return [
        entry(earner, source or f"activity:{activity.id}", reason, policy[reason]["points"], activity.id, now)
        for earner in earners
        for reason in reasons
        if reason in policy and allows_one_more(policy[reason], earned[earner.person_id, reason])
    ]


def _joint_entries(activity: Activity, earners: list[Earner], now: datetime) -> list[dict[str, Any]]:
    """For those whose report earned points: what the policy's factor adds to them, as an entry of its own."""
    source = f"activity:{activity.id}"
    for_report = select(PointEntry.person_id, PointEntry.points).where(
        PointEntry.contribution_id == activity.id, PointEntry.source == source, PointEntry.reason == "report"
    )
    points = dict(db.session.execute(for_report).all())
    added_factor = _policy_for(earners).get("joint_factor", 1) - 1
    return [
        entry(earner, source, "joint", round(points[earner.person_id] * added_factor), activity.id, now)
        for earner in earners
        if earner.person_id in points
    ]


def _policy_for(earners: list[Earner]) -> dict[str, Any]:
    """That of the stage in which they earn; it is the same for all of them."""
    return policy_of(Stage.by_id(earners[0].stage_id)) if earners else {}
