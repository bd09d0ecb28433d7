"""What tests of badges look at."""

from sqlalchemy import select

from app.extensions import db
from app.models.badge import Badge, BadgeCount
from app.models.notification import Kind, Notification
from app.models.person import Person
from app.services.badges.rules import RULES

SLUGS = tuple(rule.slug for rule in RULES)


def badge_of(person: Person, slug: str) -> Badge:
    """As the database has it now."""
    assert slug in SLUGS
    return db.session.get_one(Badge, (person.id, slug), populate_existing=True)


def counted(person: Person, slug: str) -> int:
    badge = db.session.get(Badge, (person.id, slug), populate_existing=True)
    return badge.counted if badge else 0


def is_held(person: Person, slug: str) -> bool:
    badge = db.session.get(Badge, (person.id, slug), populate_existing=True)
    return badge is not None and badge.is_held


def told(person: Person) -> list[str]:
    about_badges = select(Notification.key).where(
        Notification.person_id == person.id, Notification.kind == Kind.BADGE
    )
    return list(db.session.scalars(about_badges.order_by(Notification.id)))


def holders(slug: str) -> int:
    return sum(db.session.scalars(select(BadgeCount.holders).where(BadgeCount.slug == slug)))
