"""Every change to the feed's items and to the index that its filters read."""

from datetime import datetime
from typing import Final

from sqlalchemy import Integer, bindparam, delete, exists, insert, literal, null, select, union_all

from app.extensions import db
from app.models.activity import Activity, CoOwner, also_value
from app.models.best_practice import is_best_practice
from app.models.contribution import is_visible, takes_part
from app.models.feed import ALL, BEST, PINNED, REPORTED, FeedItem, FeedKind, FeedScope, pinned_in
from app.models.outcome import is_carried_out
from app.models.pin import Pin
from app.models.stage import StageEvent

_THING: Final = bindparam("contribution_id", type_=Integer)
#: Where it stands on top: the letter of its filter, a number, and until when.
_PINS: Final = select(literal(PINNED), Pin.municipality_id, Pin.until).where(Pin.contribution_id == _THING)
#: That, whether it is visible and a model, who does it together, where, and for which values besides.
_AROUND: Final = union_all(
    _PINS,
    *(
        select(literal(letter), number, null()).where(*its_own)
        for letter, number, its_own in (
            (ALL, _THING, [is_visible(_THING)]),
            (BEST, _THING, [is_best_practice(_THING), is_carried_out(_THING)]),
            ("p", CoOwner.person_id, [CoOwner.activity_id == _THING, CoOwner.is_partner]),
            ("m", takes_part.c.municipality_id, [takes_part.c.contribution_id == _THING]),
            ("v", also_value.c.value_id, [also_value.c.activity_id == _THING]),
        )
    ),
)


def show_planned(activity: Activity, now: datetime) -> None:
    """Put a new plan at the top; a second call changes nothing."""
    if _item_of(activity) is None:
        item = _add(FeedItem(kind=FeedKind.PLANNED.value, at=now, contribution_id=activity.id))
        _put_up(activity, item)


def show_reported(activity: Activity, now: datetime) -> None:
    """Move the activity's one item to the top as reported. When the report is changed later it stays where it is, so
    that nobody gets to the top by editing."""
    item = _item_of(activity)
    if item is None:
        item = _add(FeedItem(kind=FeedKind.REPORTED.value, at=now, contribution_id=activity.id))
    elif item.kind != FeedKind.REPORTED:
        item.kind, item.at = FeedKind.REPORTED.value, now
    _find_anew(activity, item)


def show_unreported(activity: Activity) -> None:
    """Its report is undone: it is in the place of its plan again."""
    item = _item_of(activity)
    if item and item.kind == FeedKind.REPORTED:
        item.kind, item.at = FeedKind.PLANNED.value, activity.created_at
        _find_anew(activity, item)


def refresh(activity: Activity) -> None:
    """Rewrite the activity's rows in the index: value, focus area, municipalities, and whether it is shown at all."""
    item = _item_of(activity)
    if item:
        _find_anew(activity, item)


def take_down(contribution_id: int) -> None:
    """Take it out of everybody's feed. The item stays, so that it can come back to its place."""
    items = select(FeedItem.id).where(FeedItem.contribution_id == contribution_id)
    db.session.execute(
        delete(FeedScope).where(FeedScope.item_id.in_(items)).execution_options(synchronize_session=False)
    )


def put_back(contribution_id: int, scopes: set[str]) -> None:
    """Show what has been taken down, or is to be found under other filters now, in its place; if it was ever shown."""
    item = db.session.scalar(select(FeedItem).where(FeedItem.contribution_id == contribution_id))
    if item:
        take_down(contribution_id)
        _index(item, scopes)


def repin(contribution_id: int) -> None:
    """Put what is shown on top where it is pinned by now, and nowhere else."""
    item = db.session.scalar(select(FeedItem).where(FeedItem.contribution_id == contribution_id))
    if item is None or db.session.scalar(select(exists().where(FeedScope.item_id == item.id))) is False:
        return
    on_top = (FeedScope.item_id == item.id, FeedScope.scope.startswith(PINNED, autoescape=True))
    db.session.execute(delete(FeedScope).where(*on_top), execution_options={"synchronize_session": False})
    _insert(item, _pinned(item))


def announce(stage_event: StageEvent) -> None:
    """Show everybody that a stage has entered a phase, at the moment when it did."""
    db.session.flush()
    show(FeedKind.STAGE, at=stage_event.at, scopes={ALL}, stage_event_id=stage_event.id)


def show(kind: FeedKind, *, at: datetime, scopes: set[str], **subject: int) -> None:
    """Add an item of a kind that never changes, under these filters. `subject` is the column that says what it is about
    (`contribution_id=…`). A second call changes nothing."""
    if db.session.scalar(select(FeedItem.id).filter_by(**subject)) is None:
        _index(_add(FeedItem(kind=kind.value, at=at, **subject)), scopes)


def _find_anew(activity: Activity, item: FeedItem) -> None:
    take_down(activity.id)
    _put_up(activity, item)


def _item_of(activity: Activity) -> FeedItem | None:
    db.session.flush()
    return db.session.scalar(select(FeedItem).where(FeedItem.contribution_id == activity.id))


def _add(item: FeedItem) -> FeedItem:
    db.session.add(item)
    db.session.flush()
    return item


def _put_up(activity: Activity, item: FeedItem) -> None:
    """Under all its filters, while it is visible. Read from the tables and not from the activity, whose relations the
    caller may not have loaded."""
    db.session.flush()
    around = db.session.execute(_AROUND, {"contribution_id": activity.id}).all()
    places = {_scope(letter, number): until or item.at for letter, number, until in around}
    if ALL in places:
        _insert(item, dict.fromkeys(_own_scopes(activity, item), item.at) | places)


def _scope(letter: str, number: int | None) -> str:
    if letter == PINNED:
        return pinned_in(number)
    return letter if letter in (ALL, BEST) else f"{letter}:{number}"


def _own_scopes(activity: Activity, item: FeedItem) -> set[str]:
    return {
        f"a:{activity.id}",
        f"p:{activity.owner_id}",
        f"f:{activity.focus_area_id}",
        f"m:{activity.municipality_id}",
        f"v:{activity.value_id}",
        *([REPORTED] if item.kind == FeedKind.REPORTED else []),
    }


def _index(item: FeedItem, scopes: set[str]) -> None:
    _insert(item, dict.fromkeys(scopes, item.at) | _pinned(item))


def _insert(item: FeedItem, places: dict[str, datetime]) -> None:
    rows = [{"scope": scope, "at": at, "item_id": item.id} for scope, at in sorted(places.items())]
    if rows:
        db.session.execute(insert(FeedScope), rows)


def _pinned(item: FeedItem) -> dict[str, datetime]:
    """Until when it stands on top, by scope."""
    db.session.flush()
    pins = db.session.execute(_PINS, {"contribution_id": item.contribution_id})
    return {pinned_in(place): until for _pin, place, until in pins}
