"""The running figures of badges: what counts toward each, whose they are, and how many have each. When they are
written anew, nobody is told of what has become theirs: it is dated today."""

from typing import Any

from sqlalchemy import Integer, cast, func, select

from app import clock
from app.extensions import db
from app.models.badge import Badge, BadgeCount
from app.models.person import Person
from app.services.badges.grounds import deeds
from app.services.badges.rules import RULES, how_many_needed
from app.services.badges.settle import bring_up_to_date
from app.services.upkeep.running_figures import RunningFigure, in_table

Key = tuple[int, str]


def _counted() -> Any:
    return select(Badge.person_id, Badge.slug, Badge.counted).where(Badge.counted > 0)


def _counted_anew() -> list[tuple[int, str, int]]:
    """Person, badge, and how much counts, no further than it takes."""
    needed, earned_with = how_many_needed(), _earned_with()
    return [
        (*key, min(count, earned_with.get(key, needed[key[1]])))
        for key, count in _everything_that_counts().items()
    ]


def _held() -> Any:
    return select(Badge.person_id, Badge.slug, cast(Badge.is_held, Integer)).where(Badge.is_held)


def _held_anew() -> list[tuple[int, str, int]]:
    needed, earned_with = how_many_needed(), _earned_with()
    return [
        (*key, 1)
        for key, count in _everything_that_counts().items()
        if count >= earned_with.get(key, needed[key[1]])
    ]


def _everything_that_counts() -> dict[Key, int]:
    counts: dict[Key, int] = {}
    for rule in RULES:
        ground = rule.ground(deeds()).subquery().c
        of_each = select(ground.person_id, func.count(ground.key.distinct())).group_by(ground.person_id)
        counts |= {(person_id, rule.slug): count for person_id, count in db.session.execute(of_each)}
    return counts


def _earned_with() -> dict[Key, int]:
    """How much each took that has been earned: what the programme has become since changes nothing."""
    earned = select(Badge.person_id, Badge.slug, Badge.needed).where(Badge.earned_at.is_not(None))
    return {(person_id, slug): needed or 0 for person_id, slug, needed in db.session.execute(earned)}


def _rebuild() -> None:
    counts, needed, now = _everything_that_counts(), how_many_needed(), clock.now()
    places: Any = dict(db.session.execute(select(Person.id, Person.municipality_id)).all())
    badges = {(badge.person_id, badge.slug): badge for badge in db.session.scalars(select(Badge))}
    for key in counts.keys() - badges.keys():
        badges[key] = Badge(person_id=key[0], slug=key[1])
        db.session.add(badges[key])
    for key, badge in badges.items():
        takes = badge.needed or needed.get(badge.slug, 0)
        bring_up_to_date(badge, min(counts.get(key, 0), takes), takes, places[badge.person_id], now)
    db.session.flush()


def _holders() -> Any:
    return select(BadgeCount.slug, BadgeCount.municipality_id, BadgeCount.holders)


def _holders_anew() -> Any:
    key = (Badge.slug, Badge.municipality_id)
    return select(*key, func.count()).where(Badge.is_held).group_by(*key)


FIGURES = (
    RunningFigure(("badge_counted", "person", "badge"), _counted, _counted_anew, _rebuild),
    RunningFigure(("badge_held", "person", "badge"), _held, _held_anew, _rebuild),
    RunningFigure(
        ("badge_count", "badge", "municipality"),
        _holders,
        _holders_anew,
        in_table(BadgeCount, ("slug", "municipality_id"), "holders", _holders_anew),
    ),
)
