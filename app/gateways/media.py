"""Where pictures are stored: a directory, or a bucket that several machines share."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

_KEY = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
LONGEST_KEY: Final = 512

#: How many keys are listed at a time.
_PAGE: Final = 500
#: Under such a name a file is written in a directory before it gets its own.
_UNFINISHED: Final = re.compile(r".+#\d+")

_S3_OPTIONS: Final = frozenset({"region", "endpoint", "access_key_id", "secret_access_key", "path_style"})


class MediaMissing(LookupError):
    """Nothing is stored under this key."""


class MediaAway(Exception):
    """The store cannot be reached, or cannot do what it is asked now."""


class MediaStore:
    """Bytes under keys such as `outcomes/12/3f9a-m.avif`. A key that is not of this shape is a `ValueError`; a
    store that does not answer is `MediaAway`, whatever is asked of it."""

    def __init__(self, store: LocalStore | S3Store, folder: Path | None = None) -> None:
        self._store = store
        self._folder = folder

    @classmethod
    def from_url(cls, url: str) -> "MediaStore":
        """`file:///directory` or `s3://bucket/prefix?region=…&endpoint=…`.

        Further options are `access_key_id`, `secret_access_key` (otherwise from AWS_* in the environment) and
        `path_style=1` for servers that have the bucket in the path. An `http://` endpoint is allowed.
        """
        parts = urlsplit(url)
        if parts.scheme == "file" and parts.path:
            folder = Path(unquote(parts.path))
            with _away():
                return cls(LocalStore(folder, mkdir=True), folder)
        if parts.scheme == "s3" and parts.hostname:
            return cls(_bucket(parts.netloc, parts.path.strip("/"), parts.query))
        raise ValueError("MEDIA_URL must be file:///directory or s3://bucket/prefix.")

    def put(self, key: str, data: bytes, content_type: str) -> None:
        """Store the bytes, in place of what was there. Readers get all of them or none."""
        attributes = None if self._folder else {"Content-Type": content_type}
        checked_key(key)
        self._demand_folder()
        with _away():
            # In one piece, of which nothing is left when this process is killed.
            obstore.put(self._store, key, data, attributes=attributes, use_multipart=False)

    def get(self, key: str) -> bytes:
        """All bytes under this key; raises `MediaMissing`."""
        checked_key(key)
        try:
            with _away(missing_is_known=True):
                return bytes(obstore.get(self._store, key).bytes())
        except FileNotFoundError as error:
            self._demand_folder()
            raise MediaMissing(key) from error

    def exists(self, key: str) -> bool:
        """Whether something is stored under this key."""
        checked_key(key)
        try:
            with _away(missing_is_known=True):
                obstore.head(self._store, key)
        except FileNotFoundError:
            self._demand_folder()
            return False
        return True

    def delete(self, keys: Iterable[str]) -> None:
        """Delete them. A missing one is no error, so that a deletion can be repeated."""
        for key in [checked_key(key) for key in keys]:
            try:
                with _away(missing_is_known=True):
                    obstore.delete(self._store, key)
            except FileNotFoundError:
                continue

    def keys_before(self, moment: datetime) -> Iterator[list[str]]:
        """The keys of what was stored before that moment, page by page."""
        self._demand_folder()
        with _away():
            pages = obstore.list(self._store, chunk_size=_PAGE)
        while True:
            with _away():
                page = next(pages, None)
            if page is None:
                return
            yield [found["path"] for found in page if found["last_modified"] < moment]

    def drop_unfinished(self, moment: datetime) -> int:
        """Delete what a process that was killed before that moment had begun to write; returns how many. A bucket keeps
        nothing of it."""
        if self._folder is None:
            return 0
        with _away():
            unfinished = [path for path in self._folder.rglob("*#*") if _is_unfinished(path, moment)]
            for path in unfinished:
                path.unlink(missing_ok=True)
        return len(unfinished)

    def _demand_folder(self) -> None:
        """Without its directory, which may be another machine's, nothing is known about any key."""
        if self._folder and not self._folder.is_dir():
            raise MediaAway(self._folder)


@contextmanager
def _away(*, missing_is_known: bool = False) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        if missing_is_known:
            raise
        raise MediaAway(str(error)) from error
    except (BaseError, OSError) as error:
        raise MediaAway(str(error)) from error


def _is_unfinished(path: Path, moment: datetime) -> bool:
    return (
        bool(_UNFINISHED.fullmatch(path.name))
        and path.is_file()
        and datetime.fromtimestamp(path.stat().st_mtime, UTC) < moment
    )


def checked_key(key: str) -> str:
    """The key as it is, if it cannot lead out of the store; else `ValueError`."""
    if len(key) > LONGEST_KEY or not _KEY.fullmatch(key):
        raise ValueError(f"Not a key of the media store: {key!r}")
    return key


def _bucket(bucket: str, prefix: str, query: str) -> S3Store:
    options: dict[str, Any] = {name: values[-1] for name, values in parse_qs(query).items()}
    if unknown := options.keys() - _S3_OPTIONS:
        raise ValueError(f"MEDIA_URL has an unknown option: {', '.join(sorted(unknown))}.")
    path_style = options.pop("path_style", "") in {"1", "true", "yes"}
    allow_http = options.get("endpoint", "").startswith("http://")
    return S3Store(
        bucket,
        prefix=prefix or None,
        virtual_hosted_style_request=not path_style,
        **options,
        # Whoever waits for a page is answered soon, and the worker tries again later anyway.
        retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=10)},
        client_options={"allow_http": allow_http, "timeout": "30s", "connect_timeout": "5s"},
    )
