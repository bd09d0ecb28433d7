"""Where pictures are stored: a directory, or a bucket that several machines share."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

_KEY = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
LONGEST_KEY: Final = 512

_S3_OPTIONS: Final = frozenset({"region", "endpoint", "access_key_id", "secret_access_key", "path_style"})


class MediaMissing(LookupError):
    """Nothing is stored under this key."""


class MediaUnavailable(Exception):
    """The store does not answer, or refuses: network, rights, a full disk."""


class MediaStore:
    """Bytes under keys such as `outcomes/12/3f9a-m.avif`. A key of another shape is a `ValueError`; whatever is
    asked of a store that does not answer is `MediaUnavailable`."""

    def __init__(self, store: LocalStore | S3Store) -> None:
        self._store = store
        self._keeps_types = isinstance(store, S3Store)

    @classmethod
    def from_url(cls, url: str) -> "MediaStore":
        """`file:///directory` or `s3://bucket/prefix?region=…&endpoint=…`.

        Further options are `access_key_id`, `secret_access_key` (otherwise from AWS_* in the environment) and
        `path_style=1` for servers that have the bucket in the path. An `http://` endpoint is allowed.
        """
        parts = urlsplit(url)
        if parts.scheme == "file" and parts.path:
            with _answering():
                return cls(LocalStore(unquote(parts.path), mkdir=True))
        if parts.scheme == "s3" and parts.hostname:
            return cls(_bucket(parts.netloc, parts.path.strip("/"), parts.query))
        raise ValueError("MEDIA_URL must be file:///directory or s3://bucket/prefix.")

    def put(self, key: str, data: bytes, content_type: str) -> None:
        """Store the bytes, in place of what was there. Readers get all of them or none."""
        attributes = {"Content-Type": content_type} if self._keeps_types else None
        key = checked_key(key)
        try:
            with _answering():
                obstore.put(self._store, key, data, attributes=attributes)
        except MediaMissing as error:  # not the file but its bucket
            raise MediaUnavailable(key) from error

    def get(self, key: str) -> bytes:
        """All bytes under this key; raises `MediaMissing`."""
        key = checked_key(key)
        with _answering():
            return bytes(obstore.get(self._store, key).bytes())

    def exists(self, key: str) -> bool:
        """Whether something is stored under this key."""
        key = checked_key(key)
        try:
            with _answering():
                obstore.head(self._store, key)
        except MediaMissing:
            return False
        return True

    def delete(self, keys: Iterable[str]) -> None:
        """Delete them. A missing one is no error, so that a deletion can be repeated."""
        for key in [checked_key(key) for key in keys]:
            try:
                with _answering():
                    obstore.delete(self._store, key)
            except MediaMissing:
                continue


@contextmanager
def _answering() -> Iterator[None]:
    """What obstore raises becomes one of our two errors."""
    try:
        yield
    except FileNotFoundError as error:
        raise MediaMissing from error
    except (BaseError, OSError) as error:
        raise MediaUnavailable(str(error)) from error


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
        client_options={"allow_http": allow_http, "timeout": "10s", "connect_timeout": "3s"},
        # All tries together must end before a web server takes the process for dead.
        retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=9)},
    )
