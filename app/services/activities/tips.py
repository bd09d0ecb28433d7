"""Tips: written in a report or on their own, taken back, and who sees which."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, delete, exists, insert, or_, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models.activity import Activity
from app.models.comment import Comment
from app.models.contribution import (
    Cheer,
    Contribution,
    Withdrawal,
    is_moderated_by,
    is_withdrawn,
    takes_part,
)
from app.models.ledger import PointEntry
from app.models.lesson import StageLesson
from app.models.moderation import Decision, Flag
from app.models.person import Person
from app.models.programme import FocusArea, Value
from app.models.publication import is_workable
from app.models.retry import demand_kept, made_once
from app.models.search import SearchKind
from app.models.tip import HeededTip, Tip, TipKind, is_shown
from app.services.activities.checks import NEW, checked
from app.services.activities.locking import ClosedError
from app.services.badges.concerned import people_around_tip
from app.services.badges.settle import settle_badges
from app.services.search import index as search_index
from app.services.sums.credits import settle_credits_for
from app.services.sums.lesson_points import balance_lesson
from app.services.sums.rank import rerank
from app.services.sums.turns import wait_for_tip

#: All that a card or a page of a tip shows.
TIP_RELATIONS = (
    joinedload(Tip.contribution, innerjoin=True),
    joinedload(Tip.owner, innerjoin=True),
    joinedload(Tip.removal),
    joinedload(Tip.withdrawal),
)
_WITH_WHETHER_SHOWN = select(Tip, is_shown(Tip)).where(Tip.id == bindparam("tip_id")).options(*TIP_RELATIONS)
_LESSONS = select(Tip).where(Tip.activity_id == bindparam("activity_id"))
_MANY = select(Tip).where(Tip.id.in_(bindparam("tip_ids", expanding=True)))
_WHOLE, _FOR_LOG = _MANY.options(*TIP_RELATIONS), _MANY.options(joinedload(Tip.removal))


class Words(NamedTuple):
    """What the form for a tip of its own asks for."""

    kind: TipKind
    text: str
    focus_area: FocusArea
    value: Value


def write_tip(author: Person, words: Words, *, request_key: str, now: datetime) -> Tip:
    """A tip that stands alone. The same key from the same author is a retry: it returns the tip of the first time.

    Raises:
        TakenBackError: when the author has taken that one back since.
    """
    place = {"focus_area_id": words.focus_area.id, "value_id": words.value.id}
    tip, is_new = made_once(
        lambda: _tip_with_key(author, request_key),
        lambda: _add(author, words.kind, words.text, now, request_key=request_key, **place),
    )
    demand_kept(tip.id)
    if is_new:
        with checked(tip, author, NEW, now):
            search_index.refresh(SearchKind.TIP, [tip.id])
    return tip


def withdraw_tip(tip: Tip, *, by: Person, now: datetime) -> None:
    """Take back a tip of one's own. A second time changes nothing.

    Raises:
        ClosedError: when it is a report's, where it is emptied instead, or hidden.
    """
    wait_for_tip(tip)
    if tip.owner_id != by.id or tip.activity_id:
        raise ClosedError("not theirs, or a report's")
    if db.session.scalar(select(is_withdrawn(tip.id))):
        return
    if not db.session.scalar(select(is_workable(tip.id))):
        raise ClosedError("hidden")
    _withdraw(tip, by, now)
    settle_tip(tip, now)


def lessons_of(activity_id: int) -> dict[str, str]:
    """The texts of a report's lessons by their kind, without those that were emptied."""
    texts = select(Tip.kind_of_tip, Tip.text).where(Tip.activity_id == activity_id, ~is_withdrawn(Tip.id))
    return dict(db.session.execute(texts).all())


def keep_lessons(activity: Activity, texts: Mapping[TipKind, str], by: Person, now: datetime) -> None:
    """Add, change or take away the lessons of a report, as their texts ask; the caller has made others wait for them,
    and settles what follows.

    One that others have to do with is withdrawn when it is emptied, so that nothing of theirs is lost, and comes back
    when it is written again. One that nobody has is deleted.
    """
    lessons = {tip.kind_of_tip: tip for tip in db.session.scalars(_LESSONS, {"activity_id": activity.id})}
    for kind, text in texts.items():
        _keep_lesson(activity, lessons.get(kind.value), kind, text, by, now)


def _keep_lesson(
    activity: Activity, tip: Tip | None, kind: TipKind, text: str, by: Person, now: datetime
) -> None:
    if tip is None:
        if text:
            about = {"activity_id": activity.id, **_place_of(activity)}
            _add(by, kind, text, now, **about)
        return
    if text:
        tip.text, tip.focus_area_id, tip.value_id = text, activity.focus_area_id, activity.value_id
        db.session.execute(delete(Withdrawal).where(Withdrawal.contribution_id == tip.id))
        settle_credits_for([tip.id], now)
    elif _concerns_others(tip):
        _withdraw(tip, by, now)
        settle_credits_for([tip.id], now)
    else:
        db.session.execute(delete(Contribution).where(Contribution.id == tip.id))
        db.session.expunge(tip)
        search_index.refresh(SearchKind.TIP, [tip.id])


def whole_tips(tip_ids: Collection[int]) -> list[Tip]:
    """Many, with all that their cards show."""
    return list(db.session.scalars(_WHOLE, {"tip_ids": list(tip_ids)}))


def tips_for_log(tip_ids: Collection[int]) -> list[Tip]:
    """Many, with no more than their removals."""
    return list(db.session.scalars(_FOR_LOG, {"tip_ids": list(tip_ids)}))


def visible_tip(tip_id: int, viewer: Person) -> Tip | None:
    """The tip with all that its page shows, or None when the viewer may not see it: what is not shown is seen by its
    author, and what is hidden by its moderators too."""
    row = db.session.execute(_WITH_WHETHER_SHOWN, {"tip_id": tip_id}).one_or_none()
    if row is None:
        return None
    tip, is_shown_to_all = row
    if is_shown_to_all or tip.owner_id == viewer.id:
        return tip
    is_theirs_to_moderate = not tip.withdrawal and db.session.scalar(select(is_moderated_by(viewer, tip.id)))
    return tip if is_theirs_to_moderate else None


def shown_tip(tip_id: int) -> Tip | None:
    """The tip if everybody may see it."""
    return db.session.scalar(select(Tip).where(Tip.id == tip_id, is_shown(Tip)))


def settle_tip(tip: Tip, now: datetime) -> None:
    """After it has been hidden, shown again or withdrawn: what it has earned and is found by, as it is by now."""
    balance_lesson(tip, now)
    settle_credits_for([tip.id], now)
    settle_badges(people_around_tip(tip), now)
    search_index.refresh(SearchKind.TIP, [tip.id])


def _tip_with_key(author: Person, request_key: str) -> Tip | None:
    return db.session.scalar(select(Tip).where(Tip.owner_id == author.id, Tip.request_key == request_key))


def _place_of(activity: Activity) -> dict[str, int]:
    return {"focus_area_id": activity.focus_area_id, "value_id": activity.value_id}


def _add(author: Person, kind: TipKind, text: str, now: datetime, **columns: object) -> Tip:
    """Its coordinators are those of the author's municipality."""
    tip = Tip(
        owner_id=author.id,
        municipality_id=author.municipality_id,
        kind_of_tip=kind.value,
        text=text,
        at=now,
        **columns,
    )
    db.session.add(tip)
    db.session.flush()
    place = {"contribution_id": tip.id, "municipality_id": tip.municipality_id}
    db.session.execute(insert(takes_part).values(place))
    rerank([tip.id])
    return tip


def _withdraw(tip: Tip, by: Person, now: datetime) -> None:
    if not db.session.scalar(select(is_withdrawn(tip.id))):
        db.session.add(Withdrawal(contribution_id=tip.id, by_id=by.id, at=now))
        db.session.flush()


def _concerns_others(tip: Tip) -> bool:
    """Whether anything points at it: a plan, a stage's lessons, a spark, a comment, points, or moderation."""
    pointing = (Cheer, PointEntry, Flag, Decision)
    its_own = [exists().where(table.contribution_id == tip.id) for table in pointing]
    its_own += [exists().where(table.tip_id == tip.id) for table in (HeededTip, StageLesson)]
    its_own.append(exists().where(Comment.about_id == tip.id))
    return bool(db.session.scalar(select(or_(*its_own))))
