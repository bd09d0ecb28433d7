"""Prepares the pictures that have come: claims one, prepares it in a process of its own, and settles it at once.

One at a time, each claimed for longer than it may take: so the memory of a worker is known, and one that is killed
leaves one picture, which is prepared again when its claim has run out. Everybody's first picture comes before anybody's
second, so that nobody waits for all that one person has sent. Whatever happens to one, the next one is prepared.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy import Row, func, select, update
from sqlalchemy.orm import aliased

from app.extensions import db
from app.gateways.images import ImageRefused, PreparedImage, prepare_apart
from app.gateways.media import MediaAway, MediaStore
from app.models.activity import Activity
from app.models.outcome import Photo, Refusal
from app.services.activities.photos import put_variants, sizes_of
from app.services.notifications.outbox import LEASE, wait_after
from app.services.sums.settle import settle
from app.services.sums.turns import wait_for_all_around

#: A picture that has ended this many tries, by killing workers perhaps, is refused.
MOST_ATTEMPTS: Final = 5
#: Until the media store is asked again.
_STORE_WAIT: Final = timedelta(seconds=30)

log = structlog.get_logger()


def prepare_waiting(
    store: MediaStore,
    *,
    commit: Callable[[], None],
    moment: Callable[[], datetime],
    prepare: Callable[[bytes], PreparedImage] = prepare_apart,
    stop: Callable[[], bool] = lambda: False,
) -> int:
    """Prepare every picture that is due, until `stop`; returns how many were tried. `commit` ends each step."""
    count = 0
    while not stop() and (claimed := _claim(moment())):
        commit()
        _Preparation(claimed, store, commit, moment).run(prepare)
        count += 1
    return count


def _claim(now: datetime) -> Row[Any] | None:
    """The one that is due, and with as few as possible of the same person before it."""
    other = aliased(Photo)
    before = select(func.count()).where(other.by_id == Photo.by_id, other.id < Photo.id, other.is_waiting)
    due = (
        select(Photo.id)
        .where(Photo.is_waiting, Photo.due_at <= now)
        .order_by(before.scalar_subquery(), Photo.due_at, Photo.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=Photo)
    )
    claim = (
        update(Photo)
        .where(Photo.id == due.scalar_subquery())
        .values(due_at=now + LEASE, attempts=Photo.attempts + 1)
        .returning(Photo.id, Photo.key, Photo.attempts, Photo.activity_id)
    )
    return _write(claim).first()  # type: ignore[no-any-return]


class _Preparation:
    """One picture, from its claim to what became of it."""

    def __init__(
        self, claimed: Row[Any], store: MediaStore, commit: Callable[[], None], moment: Callable[[], datetime]
    ) -> None:
        self._id, self._attempts, self._activity_id = claimed.id, claimed.attempts, claimed.activity_id
        self._photo = Photo(key=claimed.key)
        self._store, self._commit, self._moment = store, commit, moment

    def run(self, prepare: Callable[[bytes], PreparedImage]) -> None:
        if self._attempts > MOST_ATTEMPTS:
            self._refuse(Refusal.NOT_AN_IMAGE)
            return
        try:
            self._keep(prepare(self._store.get(self._photo.upload)))
        except ImageRefused as refused:
            self._refuse(Refusal(refused.code))
        except MediaAway:
            log.warning("the media store is away", photo=self._id)
            # Not the picture's fault, so it does not count.
            self._change(due_at=self._moment() + _STORE_WAIT, attempts=self._attempts - 1)
        except Exception:
            db.session.rollback()
            log.exception("picture not prepared", photo=self._id, attempts=self._attempts)
            self._change(due_at=self._moment() + wait_after(self._attempts))

    def _keep(self, prepared: PreparedImage) -> None:
        put_variants(self._photo.key, prepared, self._store)
        kept = self._change(
            due_at=None, sizes=sizes_of(prepared), width=prepared.width, height=prepared.height
        )
        if kept:
            self._drop([self._photo.upload])
        elif db.session.scalar(select(Photo.id).where(Photo.id == self._id)) is None:
            # Its owner has taken it away meanwhile.
            self._drop([*self._photo.files, self._photo.upload])

    def _refuse(self, reason: Refusal) -> None:
        """A picture that a challenge asks for may be missing now. The activity's turn comes before the picture's, as
        everywhere, so that two cannot wait for each other."""
        log.info("picture refused", photo=self._id, reason=reason.value, attempts=self._attempts)
        activity = db.session.get(Activity, self._activity_id)
        if activity:
            wait_for_all_around(activity)
        refused = self._write_if_ours(due_at=None, refusal=reason.value)
        if refused and activity:
            settle(activity, self._moment())
        self._commit()
        if refused:
            self._drop([*self._photo.files, self._photo.upload])

    def _change(self, **values: object) -> bool:
        changed = self._write_if_ours(**values)
        self._commit()
        return changed

    def _write_if_ours(self, **values: object) -> bool:
        """Whether it is still ours: neither taken away nor claimed by another."""
        ours = (Photo.id == self._id, Photo.is_waiting, Photo.attempts == self._attempts)
        return bool(_write(update(Photo).where(*ours).values(**values)).rowcount)

    def _drop(self, files: list[str]) -> None:
        """What stays because the store is away is swept later."""
        try:
            self._store.delete(files)
        except MediaAway:
            log.warning("files are left in the media store", photo=self._id)


def _write(statement: Any) -> Any:
    return db.session.execute(statement.execution_options(synchronize_session=False))
