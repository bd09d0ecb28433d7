"""What people say and give about many activities, and what one reader follows, for the feed's benchmark."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from sqlalchemy import func, insert, select, update

from app.extensions import db
from app.models.comment import Comment
from app.models.contribution import Cheer, Contribution, ContributionKind
from app.models.follow import Follow
from app.models.person import Person
from app.models.programme import municipalities

_PORTION: Final = 10_000
#: As many as a keen reader follows: half of what is allowed.
_PEOPLE, _ACTIVITIES, _PLACES = 20, 8, 2


@dataclass(frozen=True)
class Talk:
    """That many comments and as many cheers, over activities that are there, the newest having most of them."""

    each: int

    def insert(self, now: datetime) -> None:
        activity_ids, people, first = _numbers()
        random = Random(2)
        for begin in range(0, self.each, _PORTION):
            numbers = range(begin, min(begin + _PORTION, self.each))
            comments = [
                _comment(first + number, random.choice(activity_ids), random.randint(2, people), now)
                for number in numbers
            ]
            db.session.execute(insert(Contribution), [_contribution(comment) for comment in comments])
            db.session.execute(insert(Comment), comments)
            db.session.commit()
        for cheers in _portions(_cheers(self.each, activity_ids, people, now)):
            db.session.execute(insert(Cheer), cheers)
            db.session.commit()
        _count_again()


def follow_some(now: datetime) -> None:
    """For the first person, spread over what there is."""
    activity_ids, people, _first = _numbers()
    places = [place.id for place in municipalities()][:_PLACES]
    step = max((people - 1) // _PEOPLE, 1)
    rows = (
        [{"followed_person_id": number} for number in list(range(2, people + 1, step))[:_PEOPLE]],
        [{"activity_id": number} for number in activity_ids[-_ACTIVITIES:]],
        [{"municipality_id": number} for number in places],
    )
    for alike in rows:
        db.session.execute(insert(Follow), [{"person_id": 1, "at": now, **row} for row in alike])
    db.session.commit()


def _numbers() -> tuple[list[int], int, int]:
    """Activities, how many people, and the first number that is free."""
    is_activity = Contribution.kind == ContributionKind.ACTIVITY.value
    activity_ids = list(
        db.session.scalars(select(Contribution.id).where(is_activity).order_by(Contribution.id))
    )
    people = db.session.scalar(select(func.max(Person.id))) or 0
    return activity_ids, people, (db.session.scalar(select(func.max(Contribution.id))) or 0) + 1


def _contribution(comment: dict[str, Any]) -> dict[str, Any]:
    return {"id": comment["id"], "kind": ContributionKind.COMMENT.value, "owner_id": comment["owner_id"]}


def _comment(number: int, about_id: int, owner_id: int, now: datetime) -> dict[str, Any]:
    return {
        "id": number,
        "owner_id": owner_id,
        "about_id": about_id,
        "thread_about_id": about_id,
        "body": "Så roligt att det blev av. Vi gör gärna likadant hos oss i vår.",
        "created_at": now - timedelta(minutes=5),
        "request_key": f"b{number}",
        "is_counted": True,
    }


def _cheers(count: int, activity_ids: list[int], people: int, now: datetime) -> Iterator[dict[str, Any]]:
    """Each person cheers once for each: the givers go on from where they stopped."""
    at_most = min(count, len(activity_ids) * (people - 1))
    for number in range(at_most):
        turn, place = divmod(number, len(activity_ids))
        yield {
            "contribution_id": activity_ids[-1 - place],
            "person_id": 2 + (place + turn) % (people - 1),
            "kind": "spark",
            "at": now,
        }


def _portions(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    portion: list[dict[str, Any]] = []
    for row in rows:
        portion.append(row)
        if len(portion) == _PORTION:
            yield portion
            portion = []
    if portion:
        yield portion


def _count_again() -> None:
    cheers = select(func.count()).where(Cheer.contribution_id == Contribution.id).scalar_subquery()
    said = (
        select(func.count())
        .where(Comment.about_id == Contribution.id)
        .correlate(Contribution)
        .scalar_subquery()
    )
    db.session.execute(
        update(Contribution).values(cheer_count=cheers, comment_count=said),
        execution_options={"synchronize_session": False},
    )
    db.session.commit()
