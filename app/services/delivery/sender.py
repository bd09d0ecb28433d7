"""What pushes are sent with: this installation's key pair, and the push services that are allowed."""

import functools
import os
from dataclasses import dataclass, field
from pathlib import Path

from app.config import Settings
from app.gateways.push.vapid import VapidKeys, generate_private_key

KEY_FILE = "vapid_private_key.pem"


@dataclass(frozen=True)
class PushSender:
    """What the gateway needs beside the messages. `ca_bundle` is for push services with a certificate of their own."""

    vapid: VapidKeys
    extra_hosts: frozenset[str] = frozenset()
    ca_bundle: Path | None = None
    timeout: float = 10.0
    #: Signs the addresses by which one answers a push.
    signing_key: str = field(default="", repr=False)


def push_sender(settings: Settings) -> PushSender | None:
    """The sender that the settings describe. None without a key or a contact: nothing is pushed then.

    Raises:
        ValueError: when the key or the contact is malformed; it says which.
    """
    if not settings.vapid_private_key or not settings.vapid_subject:
        return None
    vapid = _load_keys(
        settings.vapid_private_key, settings.vapid_subject, _edition(settings.vapid_private_key)
    )
    return PushSender(vapid, settings.push_extra_hosts, signing_key=settings.secret_key)


def make_keys(data_dir: Path, *, replace: bool = False) -> Path:
    """Write a new private key into the data directory, readable only by its owner.

    Raises:
        FileExistsError: when there is one, unless `replace`: with a new key every device must subscribe again.
    """
    path = data_dir / KEY_FILE
    data_dir.mkdir(parents=True, exist_ok=True)
    if not replace:
        _write_key(path)
        return path
    # At no moment without a key: every page tells the key to the browsers.
    draft = path.with_name(f"{KEY_FILE}.new")
    draft.unlink(missing_ok=True)
    _write_key(draft)
    return draft.replace(path)


def _write_key(path: Path) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(generate_private_key())


def _edition(key: str) -> tuple[int, int]:
    """Another one when the key's file is: a replaced key holds at once in every process, without a new start."""
    if "-----BEGIN" in key:
        return 0, 0
    try:
        found = os.stat(key)
    except OSError:  # loading it says what is wrong
        return 0, 0
    return found.st_mtime_ns, found.st_ino


@functools.lru_cache(maxsize=8)
def _load_keys(key: str, subject: str, _edition: tuple[int, int]) -> VapidKeys:
    # Kept for the process, because the keys hold the signed headers, and signing is slow.
    return VapidKeys.load(key, subject)
