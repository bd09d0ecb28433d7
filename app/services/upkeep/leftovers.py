"""Deletes the files in the media store that no picture has: a process that is killed leaves some behind."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import select

from app.extensions import db
from app.gateways.media import MediaAway, MediaStore
from app.models.outcome import Photo

#: No request and no worker takes so long between a file and its row.
_SETTLED_AFTER: Final = timedelta(days=1)
#: The names that Photo gives. Whatever else lies in the store is not ours.
_OURS: Final = re.compile(r"(?P<upload>uploads/)?(?P<key>[0-9a-f]{32})(?(upload)|-[sml]\.(?:avif|webp))")

log = structlog.get_logger()


def sweep_media(store: MediaStore, *, now: datetime, commit: Callable[[], None]) -> int:
    """Delete what has lain in the store for a day and belongs to no picture; returns how many files. One that cannot be
    deleted stays until the next sweep. `commit` ends each look into the database, so that none lasts as long as the
    store's answer."""
    before = now - _SETTLED_AFTER
    swept = store.drop_unfinished(before)
    for names in store.keys_before(before):
        leftovers = _without_picture(names)
        commit()
        swept += sum(_is_deleted(store, name) for name in leftovers)
    if swept:
        log.info("media store swept", files=swept)
    return swept


def _without_picture(names: Iterable[str]) -> list[str]:
    ours = [found for found in map(_OURS.fullmatch, names) if found]
    keys = {found["key"] for found in ours}
    rows = db.session.execute(select(Photo.key, Photo.is_waiting.label("waiting")).where(Photo.key.in_(keys)))
    waiting = {row.key: row.waiting for row in rows}
    # The file as it came is needed only until the picture is prepared.
    return [
        found[0]
        for found in ours
        if not (waiting.get(found["key"]) if found["upload"] else found["key"] in waiting)
    ]


def _is_deleted(store: MediaStore, name: str) -> bool:
    try:
        store.delete([name])
    except MediaAway:
        log.warning("a leftover cannot be deleted", file=name)
        return False
    return True
