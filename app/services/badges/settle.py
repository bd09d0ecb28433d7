"""Makes people's badges be what they have done by now: earned once, told once, resting when the ground is gone, and
awake again by itself when it is back.

Whatever happens to an activity, a tip or a best practice ends here, last in its transaction: two that concern the same
person wait for each other at the rows of their badges, and nothing else is waited for after that.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Integer, Row, bindparam, delete, func, literal, select, union_all

from app.extensions import db
from app.models.badge import Badge, BadgeCount
from app.models.notification import Kind, Notification
from app.models.person import Person
from app.models.upsert import upsert
from app.services.badges.grounds import deeds
from app.services.badges.rules import RULES, BadgeRule, how_many_needed, in_every_language
from app.services.notifications.notify import notify

_UNSYNCHRONIZED: Final = {"synchronize_session": False}
_BY_SLUG: Final = {rule.slug: rule for rule in RULES}
_THEIRS: Final = (
    select(Badge, Person.municipality_id)
    .join(Person, Person.id == Badge.person_id)
    .where(Badge.person_id.in_(bindparam("person_ids", expanding=True)), Badge.slug.in_(_BY_SLUG))
    .order_by(Badge.person_id, Badge.slug)
    .with_for_update(of=Badge)
)


def settle_badges(person_ids: Collection[int], now: datetime, *, celebrated_id: int | None = None) -> None:
    """A second call changes nothing. To be called last: see above. Whoever is celebrated on the page that answers them
    has been told there."""
    if not person_ids:
        return
    db.session.flush()
    needed, moved, earned = how_many_needed(), Counter[tuple[str, int]](), list[Badge]()
    rows = _waiting_for_turn(sorted(set(person_ids)))
    for (person_id, municipality_id), badges in rows.items():
        takes = {badge.slug: badge.needed or needed[badge.slug] for badge in badges}
        counted = count(person_id, takes)
        for badge in badges:
            is_new, was_held = badge.earned_at is None, badge.is_held
            bring_up_to_date(badge, counted[badge.slug], takes[badge.slug], municipality_id, now)
            if badge.is_held is not was_held and badge.municipality_id:
                moved[badge.slug, badge.municipality_id] += 1 if badge.is_held else -1
            if badge.is_held and is_new:
                earned.append(badge)
    db.session.flush()
    _count_holders(moved)
    _tell([badge for badge in earned if badge.person_id != celebrated_id], now)


def forget_earned(person_ids: Collection[int], at: datetime) -> None:
    """What these people earned at that moment has been undone, and rests by now (`settle_badges` comes first): as if it
    had never been theirs, and nobody had been told."""
    resting = Badge.resting_since.is_not(None)
    for badge in db.session.scalars(
        select(Badge).where(Badge.person_id.in_(person_ids), Badge.earned_at == at, resting)
    ):
        badge.earned_at = badge.needed = badge.municipality_id = badge.resting_since = None
        told = (Notification.person_id == badge.person_id, Notification.key == _key(badge.slug))
        db.session.execute(delete(Notification).where(*told), execution_options=_UNSYNCHRONIZED)
    db.session.flush()


def bring_up_to_date(badge: Badge, counted: int, needed: int, municipality_id: int, now: datetime) -> None:
    """One badge of one person, from what counts by now."""
    badge.counted = counted
    if counted < needed:
        if badge.is_held:
            badge.resting_since = now
        return
    badge.resting_since = None
    if badge.earned_at is None:
        badge.earned_at, badge.needed, badge.municipality_id = now, needed, municipality_id


def count(person_id: int, takes: dict[str, int]) -> dict[str, int]:
    """What counts toward each badge, by its slug; no further than it takes. One statement."""
    most = {_most(rule): takes[rule.slug] for rule in RULES}
    return dict(db.session.execute(_count_statement(), {"person_id": person_id, **most}).all())


@cache
def _count_statement() -> Any:
    done = deeds(bindparam("person_id", type_=Integer))
    return union_all(*(_count_of(rule, rule.ground(done).subquery().c.key) for rule in RULES))


def _count_of(rule: BadgeRule, key: Any) -> Any:
    keys = select(key).distinct().limit(bindparam(_most(rule), type_=Integer)).subquery()
    return select(literal(rule.slug), func.count()).select_from(keys)


def _most(rule: BadgeRule) -> str:
    return f"most_{rule.slug}".replace("-", "_")


def _waiting_for_turn(person_ids: list[int]) -> dict[tuple[int, int], list[Badge]]:
    """Their badges, by person and municipality; made when they have none yet, and locked, always in the same order.
    What is counted after this is up to date."""
    badges = _locked(person_ids)
    if len(badges) < len(person_ids) * len(_BY_SLUG):
        _make(person_ids)
        badges = _locked(person_ids)
    rows: dict[tuple[int, int], list[Badge]] = {}
    for badge, municipality_id in badges:
        rows.setdefault((badge.person_id, municipality_id), []).append(badge)
    return rows


def _locked(person_ids: list[int]) -> Sequence[Row[Badge, int]]:
    locked = {"populate_existing": True}
    return db.session.execute(_THEIRS, {"person_ids": person_ids}, execution_options=locked).all()


def _make(person_ids: list[int]) -> None:
    keys = [{"person_id": person_id, "slug": slug} for person_id in person_ids for slug in sorted(_BY_SLUG)]
    empty = upsert(Badge).values([{**key, "counted": 0} for key in keys])
    db.session.execute(empty.on_conflict_do_nothing(index_elements=["person_id", "slug"]))


def _count_holders(moved: Counter[tuple[str, int]]) -> None:
    """In the database and not in Python: two may earn one at once. Always in the same order."""
    for (slug, municipality_id), change in sorted(moved.items()):
        row = {"slug": slug, "municipality_id": municipality_id}
        none = upsert(BadgeCount).values(**row, holders=max(change, 0))
        more = {"holders": BadgeCount.holders + change}
        db.session.execute(none.on_conflict_do_update(index_elements=[*row], set_=more))


def _tell(earned: list[Badge], now: datetime) -> None:
    """Once a badge, ever: when it comes back after a rest, nobody is told anew."""
    for badge in earned:
        rule = _BY_SLUG[badge.slug]
        parameters = {"name": in_every_language(rule.name), "words": in_every_language(rule.words)}
        key, url = _key(rule.slug), f"/badges/{rule.slug}"
        notify([badge.person_id], Kind.BADGE, key=key, url=url, parameters=parameters, now=now)


def _key(slug: str) -> str:
    return f"badge:{slug}"
