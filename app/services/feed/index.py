"""Every change to the feed's items and to the index that its filters read."""

from datetime import datetime

from sqlalchemy import delete, exists, insert, select

from app.extensions import db
from app.models.activity import Activity, also_value
from app.models.best_practice import is_best_practice
from app.models.contribution import is_visible, takes_part
from app.models.feed import ALL, BEST, PINNED, REPORTED, FeedItem, FeedKind, FeedScope, pinned_in
from app.models.outcome import is_carried_out
from app.models.pin import Pin
from app.models.stage import StageEvent


def show_planned(activity: Activity, now: datetime) -> None:
    """Put a new plan at the top; a second call changes nothing."""
    if _item_of(activity) is None:
        _add(FeedItem(kind=FeedKind.PLANNED.value, at=now, contribution_id=activity.id))
        refresh(activity)


def show_reported(activity: Activity, now: datetime) -> None:
    """Move the activity's one item to the top as reported. When the report is changed later it stays where it is, so
    that nobody gets to the top by editing."""
    item = _item_of(activity)
    if item is None:
        _add(FeedItem(kind=FeedKind.REPORTED.value, at=now, contribution_id=activity.id))
    elif item.kind != FeedKind.REPORTED:
        item.kind, item.at = FeedKind.REPORTED.value, now
    refresh(activity)


def show_unreported(activity: Activity) -> None:
    """Its report is undone: it is in the place of its plan again."""
    item = _item_of(activity)
    if item and item.kind == FeedKind.REPORTED:
        item.kind, item.at = FeedKind.PLANNED.value, activity.created_at
        refresh(activity)


def refresh(activity: Activity) -> None:
    """Rewrite the activity's rows in the index: value, focus area, municipalities, and whether it is shown at all."""
    item = _item_of(activity)
    if item is None:
        return
    take_down(activity.id)
    if db.session.scalar(select(is_visible(activity.id))):
        _index(item, _scopes(activity, item))


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


def _item_of(activity: Activity) -> FeedItem | None:
    db.session.flush()
    return db.session.scalar(select(FeedItem).where(FeedItem.contribution_id == activity.id))


def _add(item: FeedItem) -> FeedItem:
    db.session.add(item)
    db.session.flush()
    return item


def _scopes(activity: Activity, item: FeedItem) -> set[str]:
    """Read from the tables and not from the activity, whose relations the caller may not have loaded."""
    places = db.session.scalars(
        select(takes_part.c.municipality_id).where(takes_part.c.contribution_id == activity.id)
    )
    also = db.session.scalars(select(also_value.c.value_id).where(also_value.c.activity_id == activity.id))
    is_model = db.session.scalar(select(is_best_practice(activity.id) & is_carried_out(activity.id)))
    return {
        ALL,
        f"a:{activity.id}",
        *(f"p:{number}" for number in activity.owner_ids()),
        f"f:{activity.focus_area_id}",
        *(f"m:{number}" for number in (activity.municipality_id, *places)),
        *(f"v:{number}" for number in (activity.value_id, *also)),
        *([REPORTED] if item.kind == FeedKind.REPORTED else []),
        *([BEST] if is_model else []),
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
    pins = select(Pin.municipality_id, Pin.until).where(Pin.contribution_id == item.contribution_id)
    return {pinned_in(place): until for place, until in db.session.execute(pins)}
