"""What moves from a double to the one that is kept, and back: nothing is lost, and nothing counts twice."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from sqlalchemy import case, delete, exists, func, insert, null, or_, select, update

from app.extensions import db
from app.models.activity import Activity, Answer, CoOwner
from app.models.adoption import Adoption, IdeaSpread
from app.models.best_practice import BestPractice
from app.models.coming import Coming
from app.models.comment import Comment
from app.models.contribution import Cheer, CheerKind, Contribution, takes_part
from app.models.outcome import is_reported
from app.models.person import Person
from app.models.search import SearchKind
from app.models.tip import Tip
from app.models.upsert import upsert
from app.services.activities.removal import settle_all_of
from app.services.activities.visibility import whole_activity
from app.services.feed import index as feed
from app.services.search import index as search_index

_LOOSE: Final = {"synchronize_session": False}


def move_all(double: Activity, kept: Activity, by: Person, now: datetime) -> dict[str, Any]:
    """The caller has made others wait for both, and settles both. Returns what `move_back` needs."""
    joined, places = _join(double, kept, by, now)
    return {
        "joined": joined,
        "places": places,
        "cheers": _move_cheers(double.id, kept.id, _cheered_first(double, kept)),
        "comments": _move_comments(double.id, kept.id),
        "coming": _move_coming(double.id, kept),
        "tips": _move_tips(double, kept),
        "adoptions": _move_adoptions(double.id, kept.id),
        "lifted": _move_best_practice(double.id, kept.id),
    }


def move_back(double_id: int, kept_id: int, moved: dict[str, Any]) -> None:
    """What has moved and is still there goes back; the caller settles both."""
    gone = delete(CoOwner).where(CoOwner.activity_id == kept_id, CoOwner.person_id.in_(moved["joined"]))
    db.session.execute(gone, execution_options=_LOOSE)
    # A colleague from there may have joined the other one meanwhile.
    makers = db.session.get_one(Activity, kept_id).owner_ids()
    stay = select(Person.municipality_id).where(Person.id.in_(makers))
    its_places = (takes_part.c.contribution_id == kept_id, takes_part.c.municipality_id.in_(moved["places"]))
    db.session.execute(delete(takes_part).where(*its_places, takes_part.c.municipality_id.not_in(stay)))
    _move_cheers(kept_id, double_id, moved["cheers"])
    _move_comments(kept_id, double_id, moved["comments"])
    there = (Coming.activity_id == kept_id, Coming.id.in_(moved["coming"]))
    db.session.execute(update(Coming).where(*there).values(activity_id=double_id), execution_options=_LOOSE)
    _move_tips_back(double_id, kept_id, moved["tips"])
    _move_adoptions_back(kept_id, moved["adoptions"])
    if moved["lifted"]:
        _move_best_practice(kept_id, double_id)


def settle_kept(activity_id: int, now: datetime) -> None:
    """What follows from what has moved to it, or from it."""
    db.session.flush()
    db.session.expire(db.session.get_one(Activity, activity_id))
    activity = whole_activity(activity_id)
    assert activity is not None  # noqa: S101  it has just been read
    feed.refresh(activity)
    settle_all_of(activity, now)


def _join(double: Activity, kept: Activity, by: Person, now: datetime) -> tuple[list[int], list[int]]:
    """Whoever made the double has made the other too, and their municipality takes part."""
    joining = sorted(double.owner_ids() - kept.owner_ids())
    for person_id in joining:
        row = {"activity_id": kept.id, "person_id": person_id, "invited_by_id": by.id, "invited_at": now}
        yes = {"answer": Answer.ACCEPTED.value, "answered_at": now}
        partner = upsert(CoOwner).values(**row, **yes)
        db.session.execute(
            partner.on_conflict_do_update(index_elements=["activity_id", "person_id"], set_=yes)
        )
        db.session.execute(delete(Coming).where(Coming.activity_id == kept.id, Coming.person_id == person_id))
    of = takes_part.c.contribution_id
    there = select(takes_part.c.municipality_id).where(of == kept.id)
    places = select(takes_part.c.municipality_id).where(
        of == double.id, takes_part.c.municipality_id.not_in(there)
    )
    more = list(db.session.scalars(places))
    if more:
        db.session.execute(
            insert(takes_part), [{"contribution_id": kept.id, "municipality_id": number} for number in more]
        )
    return joining, more


def _cheered_first(double: Activity, kept: Activity) -> list[int]:
    """Who cheered the double, and neither the other one nor what they have made: one cheer from each person."""
    already = select(Cheer.person_id).where(Cheer.contribution_id == kept.id)
    makers = kept.owner_ids() | double.owner_ids()
    people = select(Cheer.person_id).where(
        Cheer.contribution_id == double.id, Cheer.person_id.not_in(already)
    )
    return list(db.session.scalars(people.where(Cheer.person_id.not_in(makers))))


def _move_cheers(source_id: int, target_id: int, person_ids: Collection[int]) -> list[int]:
    already = select(Cheer.person_id).where(Cheer.contribution_id == target_id)
    cheers = (
        Cheer.contribution_id == source_id,
        Cheer.person_id.in_(person_ids),
        Cheer.person_id.not_in(already),
    )
    move = update(Cheer).where(*cheers).values(contribution_id=target_id).returning(Cheer.person_id)
    moved = list(db.session.scalars(move, execution_options=_LOOSE))
    for contribution_id in (source_id, target_id):
        _recount_cheers(contribution_id)
    return moved


def _recount_cheers(contribution_id: int) -> None:
    def number(*kinds: CheerKind) -> Any:
        given = select(func.count()).where(Cheer.contribution_id == contribution_id)
        return (given.where(Cheer.kind.in_(kinds)) if kinds else given).scalar_subquery()

    counts = {
        "cheer_count": number(),
        "hat_count": number(CheerKind.HAT),
        "fika_count": number(CheerKind.FIKA),
    }
    thing = update(Contribution).where(Contribution.id == contribution_id).values(**counts)
    db.session.execute(thing, execution_options=_LOOSE)
    db.session.expire(db.session.get_one(Contribution, contribution_id))


def _move_comments(source_id: int, target_id: int, only: Collection[int] | None = None) -> list[int]:
    """Whole threads: an answer stands where what it answers does, also one that was written since."""
    which = [Comment.about_id == source_id]
    if only is not None:
        which.append(or_(Comment.id.in_(only), Comment.answers_id.in_(only)))
    opens = case((Comment.thread_about_id.is_(None), null()), else_=target_id)
    move = (
        update(Comment).where(*which).values(about_id=target_id, thread_about_id=opens).returning(Comment.id)
    )
    moved = list(db.session.scalars(move, execution_options=_LOOSE))
    _moderate_there(moved, target_id)
    for contribution_id in (source_id, target_id):
        counted = select(func.count()).where(Comment.about_id == contribution_id, Comment.is_counted)
        thing = update(Contribution).where(Contribution.id == contribution_id)
        db.session.execute(thing.values(comment_count=counted.scalar_subquery()), execution_options=_LOOSE)
        db.session.expire(db.session.get_one(Contribution, contribution_id))
    return moved


def _moderate_there(comment_ids: Collection[int], target_id: int) -> None:
    """Who moderates the thing moderates what is said of it now, too."""
    already = takes_part.alias()
    there = exists().where(
        already.c.contribution_id == Comment.id, already.c.municipality_id == takes_part.c.municipality_id
    )
    rows = (
        select(Comment.id, takes_part.c.municipality_id)
        .join(takes_part, takes_part.c.contribution_id == target_id)
        .where(Comment.id.in_(comment_ids), ~there)
    )
    db.session.execute(insert(takes_part).from_select(["contribution_id", "municipality_id"], rows))


def _move_coming(double_id: int, kept: Activity) -> list[int]:
    """Who came along to both, or has made it, comes once."""
    already = select(Coming.person_id).where(Coming.activity_id == kept.id)
    others = (Coming.person_id.not_in(already), Coming.person_id.not_in(kept.owner_ids()))
    move = update(Coming).where(Coming.activity_id == double_id, *others).values(activity_id=kept.id)
    return list(db.session.scalars(move.returning(Coming.id), execution_options=_LOOSE))


def _move_tips(double: Activity, kept: Activity) -> list[int]:
    """Into the report that is kept, where it has no lesson of that kind; the others stand alone from now on."""
    of_kept = set(db.session.scalars(select(Tip.kind_of_tip).where(Tip.activity_id == kept.id)))
    reported = bool(db.session.scalar(select(is_reported(kept.id))))
    moved = []
    for tip in db.session.scalars(select(Tip).where(Tip.activity_id == double.id).order_by(Tip.id)).all():
        if reported and tip.kind_of_tip not in of_kept:
            tip.activity_id = kept.id
            tip.value_id, tip.focus_area_id = kept.value_id, kept.focus_area_id
        else:
            tip.activity_id, tip.request_key = None, f"double-{double.id}-{tip.kind_of_tip}"
        moved.append(tip.id)
    db.session.flush()
    search_index.refresh(SearchKind.TIP, moved)
    return moved


def _move_tips_back(double_id: int, kept_id: int, tip_ids: Collection[int]) -> None:
    tips = select(Tip).where(Tip.id.in_(tip_ids), or_(Tip.activity_id == kept_id, Tip.activity_id.is_(None)))
    double = db.session.get_one(Activity, double_id)
    for tip in db.session.scalars(tips).all():
        tip.activity_id, tip.request_key = double_id, None
        tip.value_id, tip.focus_area_id = double.value_id, double.focus_area_id
    db.session.flush()


def _move_adoptions(double_id: int, kept_id: int) -> list[list[int]]:
    """What was borrowed from the double is borrowed from the other, with all that was borrowed from it in turn. Returns
    number, origin, root and branch of each as they were."""
    earlier = db.session.get(Adoption, kept_id, populate_existing=True)
    root_id, branch_id = (earlier.root_id, earlier.branch_id) if earlier else (kept_id, None)
    before: list[list[int]] = []
    above: dict[int, int | None] = {double_id: branch_id}
    while above:
        rows = select(Adoption).where(Adoption.origin_id.in_(above), Adoption.activity_id != kept_id)
        below: dict[int, int | None] = {}
        for row in db.session.scalars(rows.execution_options(populate_existing=True)).all():
            if row.activity_id == root_id:
                continue
            before.append([row.activity_id, row.origin_id, row.root_id, row.branch_id])
            origin_id = kept_id if row.origin_id == double_id else row.origin_id
            _tie(row, origin_id, root_id, above[row.origin_id] or row.activity_id)
            below[row.activity_id] = row.branch_id
        above = below
    return before


def _move_adoptions_back(kept_id: int, before: Collection[Collection[int]]) -> None:
    for activity_id, origin_id, root_id, branch_id in before:
        row = db.session.get(Adoption, activity_id, populate_existing=True)
        if row and (row.origin_id in (kept_id, origin_id)):
            _tie(row, origin_id, root_id, branch_id)


def _tie(row: Adoption, origin_id: int, root_id: int, branch_id: int) -> None:
    if row.is_counted and row.root_id != root_id:
        place = select(Activity.municipality_id).where(Activity.id == row.activity_id)
        municipality_id = db.session.scalars(place).one()
        for number, change in ((row.root_id, -1), (root_id, 1)):
            key = {"root_id": number, "municipality_id": municipality_id}
            none = upsert(IdeaSpread).values(**key, adoptions=max(change, 0))
            more = {"adoptions": IdeaSpread.adoptions + change}
            db.session.execute(none.on_conflict_do_update(index_elements=[*key], set_=more))
    row.origin_id, row.root_id, row.branch_id = origin_id, root_id, branch_id
    db.session.flush()


def _move_best_practice(source_id: int, target_id: int) -> bool:
    """Unless the other one is a model already."""
    lifted = select(BestPractice.contribution_id).where(BestPractice.contribution_id == target_id)
    move = update(BestPractice).where(BestPractice.contribution_id == source_id, ~lifted.exists())
    moved = move.values(contribution_id=target_id).returning(BestPractice.contribution_id)
    return db.session.execute(moved, execution_options=_LOOSE).first() is not None
