"""What pushes are sent with: this installation's key pair, and the push services that are allowed."""

import functools
import os
from dataclasses import dataclass
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


def push_sender(settings: Settings) -> PushSender | None:
    """The sender that the settings describe. None without a key or a contact: nothing is pushed then.

    Raises:
        ValueError: when the key or the contact is malformed; it says which.
    """
    if not settings.vapid_private_key or not settings.vapid_subject:
        return None
    vapid = _load_keys(settings.vapid_private_key, settings.vapid_subject)
    return PushSender(vapid, settings.push_extra_hosts)


def make_keys(data_dir: Path, *, replace: bool = False) -> Path:
    """Write a new private key into the data directory, readable only by its owner.

    Raises:
        FileExistsError: when there is one, unless `replace`: with a new key every device must subscribe again.
    """
    path = data_dir / KEY_FILE
    data_dir.mkdir(parents=True, exist_ok=True)
    if replace:
        path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(generate_private_key())
    return path


@functools.cache
def _load_keys(key: str, subject: str) -> VapidKeys:
    # Cached for the process, because the keys hold the signed headers, and signing is slow.
    return VapidKeys.load(key, subject)
