"""The files beside the database that a survey needs: its private key, its words while a lead reads them, and a copy of
what was released. They are in no backup of the database, and but for the last they are destroyed at closing.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

_KEY: Final = "key"
_WORDS: Final = "words.json"
_REVIEW: Final = "review.json"
_RELEASED: Final = "released.json"
#: What closing destroys, the key last: as long as that is there, it can be done again.
_SECRETS: Final = (_WORDS, _REVIEW, _KEY)


class SurveyKeys:
    """A directory that the worker and the web processes share. Files are named by the stage's number."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def make(self, stage: int) -> bytes:
        """Make the stage's key pair and return the raw public key; of several workers who do it, all get the same."""
        with self._new_file(stage, _KEY) as (path, draft):
            _write(draft, X25519PrivateKey.generate().private_bytes_raw())
            with suppress(FileExistsError):
                os.link(draft, path)  # unlike a rename, it never replaces a key that somebody else has made
            self._keep_names()
        private_key = self.private_key(stage)
        if private_key is None:
            raise OSError(f"the key of the survey cannot be read: {path}")
        return private_key.public_key().public_bytes_raw()

    def private_key(self, stage: int) -> X25519PrivateKey | None:
        """None when it is not there, or cannot be read as a key."""
        with suppress(OSError, ValueError):
            return X25519PrivateKey.from_private_bytes(self._path(stage, _KEY).read_bytes())
        return None

    def matches(self, stage: int, public_key: bytes) -> bool:
        """Whether the private key to that public one is there."""
        private_key = self.private_key(stage)
        return private_key is not None and private_key.public_key().public_bytes_raw() == public_key

    def words(self, stage: int) -> list[dict[str, Any]] | None:
        """The words as a lead reads them; None before the answering has ended."""
        words: list[dict[str, Any]] | None = self._read(stage, _WORDS)
        return words

    def keep_words(self, stage: int, words: list[dict[str, Any]]) -> None:
        self._replace(stage, _WORDS, words)

    def review(self, stage: int) -> dict[str, Any] | None:
        """What a lead decided about the words."""
        review: dict[str, Any] | None = self._read(stage, _REVIEW)
        return review

    def keep_review(self, stage: int, review: dict[str, Any]) -> None:
        self._replace(stage, _REVIEW, review)

    def released(self, stage: int) -> dict[str, Any] | None:
        """The copy of what was released, which outlives a restored backup of the database."""
        snapshot: dict[str, Any] | None = self._read(stage, _RELEASED)
        return snapshot

    def keep_released(self, stage: int, snapshot: dict[str, Any]) -> None:
        self._replace(stage, _RELEASED, snapshot)

    def has_secrets(self, stage: int) -> bool:
        """Whether anything is left that closing destroys."""
        return any(self._path(stage, kind).exists() for kind in _SECRETS)

    def destroy(self, stage: int) -> None:
        """Destroy the private key, and all that is not released. Nothing happens when it has been done."""
        for kind in _SECRETS:
            path = self._path(stage, kind)
            with suppress(FileNotFoundError):
                _overwrite(path)
                path.unlink()
        self._keep_names()

    def _path(self, stage: int, kind: str) -> Path:
        return self._directory / f"stage-{stage}.{kind}"

    def _read(self, stage: int, kind: str) -> Any:
        try:
            return json.loads(self._path(stage, kind).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None

    def _replace(self, stage: int, kind: str, content: Any) -> None:
        with self._new_file(stage, kind) as (path, draft):
            _write(draft, json.dumps(content, ensure_ascii=False).encode())
            draft.replace(path)
            self._keep_names()

    @contextmanager
    def _new_file(self, stage: int, kind: str) -> Iterator[tuple[Path, Path]]:
        """The path to be, and that of a draft, which becomes it whole or not at all."""
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._path(stage, kind)
        draft = path.with_name(f".{path.name}.{os.urandom(6).hex()}")
        try:
            yield path, draft
        finally:
            draft.unlink(missing_ok=True)

    def _keep_names(self) -> None:
        """A file's name survives a power cut only once its directory is on the disk."""
        if self._directory.is_dir():
            descriptor = os.open(self._directory, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _overwrite(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(bytes(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
