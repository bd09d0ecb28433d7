"""What counts toward the badges: one query for each badge, of one person or of everybody.

Each gives the person, a key, and the contribution that it was for. What counts is how many different keys a person has.
They go through what that person has reported, or through what others did with it, by indexes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, case, exists, func, select, union_all

from app.models.activity import Activity, CoOwner
from app.models.adoption import Adoption
from app.models.best_practice import is_best_practice
from app.models.contribution import is_hidden, is_visible, takes_part
from app.models.outcome import Outcome
from app.models.square import Square, SquareActivity
from app.models.tip import HeededTip, Tip, TipKind


@dataclass(frozen=True)
class Deeds:
    """What has been reported, once for each of those who made it, carried out or not. `person_id` is whose they are;
    None: everybody's. `hidden` ones are what moderation has taken out of sight, which counts toward nothing."""

    person_id: Any
    hidden: bool
    #: Columns: person_id, activity_id, stage_id, value_id, focus_area_id, carried_out, story.
    rows: FromClause

    def with_key(self, key: Any, *conditions: ColumnElement[bool]) -> Select[Any]:
        deed = self.rows.c
        columns = (deed.person_id, key.label("key"), deed.activity_id.label("contribution_id"))
        return select(*columns).where(*conditions)


Ground = Callable[[Deeds], Select[Any]]


def deeds(person_id: Any = None, *, hidden: bool = False) -> Deeds:
    owned = select(Activity.owner_id.label("person_id"), Activity.id.label("activity_id"))
    shared = select(CoOwner.person_id, CoOwner.activity_id).where(CoOwner.is_partner)
    if person_id is not None:
        owned = owned.where(Activity.owner_id == person_id)
        shared = shared.where(CoOwner.person_id == person_id)
    made = union_all(owned, shared).subquery("made")
    of_activity = (Activity.stage_id, Activity.value_id, Activity.focus_area_id)
    rows = (
        select(made.c.person_id, made.c.activity_id, *of_activity, Outcome.carried_out, Outcome.story)
        .join(Activity, Activity.id == made.c.activity_id)
        .join(Outcome, Outcome.activity_id == made.c.activity_id)
        .where(is_hidden(Activity.id) if hidden else is_visible(Activity.id))
    )
    return Deeds(person_id, hidden, rows.cte("deed"))


def reports(done: Deeds) -> Select[Any]:
    return done.with_key(done.rows.c.activity_id)


def values_served(done: Deeds) -> Select[Any]:
    """Main values alone: ticking all the others costs nothing."""
    return done.with_key(done.rows.c.value_id)


def focus_areas_reached(done: Deeds) -> Select[Any]:
    return done.with_key(done.rows.c.focus_area_id)


def stages_taken_part_in(done: Deeds) -> Select[Any]:
    return done.with_key(done.rows.c.stage_id)


def joint_deeds(done: Deeds) -> Select[Any]:
    """At least two municipalities take part: that of an accepted partner is another than the owner's."""
    activity_id = done.rows.c.activity_id
    places = select(func.count()).where(takes_part.c.contribution_id == activity_id).scalar_subquery()
    return done.with_key(activity_id, places > 1)


def best_practices(done: Deeds) -> Select[Any]:
    activity_id = done.rows.c.activity_id
    return done.with_key(activity_id, done.rows.c.carried_out, is_best_practice(activity_id))


def failures_told_of(done: Deeds) -> Select[Any]:
    """Not carried out, with why: in the story, or as the trap to avoid."""
    activity_id = done.rows.c.activity_id
    pitfall = exists().where(
        Tip.activity_id == activity_id, Tip.kind_of_tip == TipKind.PITFALL.value, is_visible(Tip.id)
    )
    return done.with_key(activity_id, ~done.rows.c.carried_out, (done.rows.c.story != "") | pitfall)


def first_patches(done: Deeds) -> Select[Any]:
    """Activities that were the first in a square of the quilt, and are counted there."""
    activity_id, row = done.rows.c.activity_id, SquareActivity
    same_square = (
        Square.stage_id == row.stage_id,
        Square.value_id == row.value_id,
        Square.focus_area_id == row.focus_area_id,
    )
    first = exists().where(row.activity_id == activity_id, Square.first_id == activity_id, *same_square)
    if done.hidden:  # is counted in no square meanwhile
        first = exists().where(Square.first_id == activity_id)
    return done.with_key(activity_id, first)


def plans_that_borrowed(done: Deeds) -> Select[Any]:
    """The plans that borrow something of theirs; of others, and still to be seen."""
    # An outer join, or SQLite would begin with all that anybody has borrowed; `borrower` leaves out what nobody has.
    borrowed = done.with_key(Adoption.activity_id).outerjoin(
        Adoption, Adoption.origin_id == done.rows.c.activity_id
    )
    borrower = exists().where(Activity.id == Adoption.activity_id, Activity.owner_id != done.rows.c.person_id)
    return borrowed.where(borrower, is_visible(Adoption.activity_id))


def colleagues_brought(done: Deeds) -> Select[Any]:
    """Those whom they invited, who said yes, and with whom it was reported."""
    deed = done.rows.c
    there = (CoOwner.activity_id == deed.activity_id) & (CoOwner.invited_by_id == deed.person_id)
    invited = done.with_key(CoOwner.person_id).join(CoOwner, there).where(CoOwner.is_partner)
    # Said once more, for the index: SQLite would begin with everybody who was ever invited.
    return invited if done.person_id is None else invited.where(CoOwner.invited_by_id == done.person_id)


def plans_that_a_trap_saved(done: Deeds) -> Select[Any]:
    """Plans of others that took a trap of theirs into account and say that it helped, whether the trap stands alone or
    in a report."""
    helped_there = (HeededTip.tip_id == Tip.id) & HeededTip.helped.is_(True)
    did_it_too = exists().where(
        CoOwner.activity_id == Activity.id, CoOwner.person_id == Tip.owner_id, CoOwner.is_partner
    )
    by_others = (Activity.owner_id != Tip.owner_id, ~did_it_too, is_visible(Activity.id))
    about: Any = Tip.id
    if done.hidden:
        about = case((is_hidden(Tip.id), Tip.id), else_=Tip.activity_id)
        standing = is_hidden(Tip.id) | is_hidden(Tip.activity_id)
    else:
        standing = is_visible(Tip.id) & is_visible(Tip.activity_id)
    query = (
        select(Tip.owner_id.label("person_id"), HeededTip.activity_id.label("key"))
        .add_columns(about.label("contribution_id"))
        .join(HeededTip, helped_there)
        .join(Activity, Activity.id == HeededTip.activity_id)
        .where(Tip.kind_of_tip == TipKind.PITFALL.value, standing, *by_others)
    )
    return query if done.person_id is None else query.where(Tip.owner_id == done.person_id)
