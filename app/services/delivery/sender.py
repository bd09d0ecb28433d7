"""With what pushes are sent: the key pair of this installation, and which push services are allowed."""

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
    """The sender that the settings describe; None without a key or a contact: then nothing is pushed, only kept.

    Raises:
        ValueError: when the key or the contact is malformed; it says which.
    """
    if not settings.vapid_private_key or not settings.vapid_subject:
        return None
    vapid = _loaded(settings.vapid_private_key, settings.vapid_subject)
    return PushSender(vapid, settings.push_extra_hosts)


def make_keys(data_dir: Path, *, replace: bool = False) -> Path:
    """Write a new private key into the data directory, readable for its owner alone.

    Raises:
        FileExistsError: when there is one, unless `replace`: with a new key every device must subscribe anew.
    """
    path = data_dir / KEY_FILE
    data_dir.mkdir(parents=True, exist_ok=True)
    if replace:
        path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(generate_private_key())
    return path


@functools.cache
def _loaded(key: str, subject: str) -> VapidKeys:
    # Kept for the process, since it keeps the signed headers, which are dear to make.
    return VapidKeys.load(key, subject)
