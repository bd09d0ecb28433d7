"""Tries every setting before anything runs: those that must be there and safe, and each gateway, by building it once.

All faults are said at once, each with the setting's name and never with its value: a start is logged, and there are
passwords in some.
"""

import re
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import click
from redis.connection import parse_url
from sqlalchemy import URL, create_engine, make_url

from app.config import Settings
from app.gateways.mail import Mailer
from app.gateways.media import MediaStore
from app.gateways.push.vapid import VapidKeys, checked_subject

#: Fewer different characters are a word or a key held down; 32 hexadecimal ones at random have eleven or more.
_FEWEST_CHARACTERS: Final = 8
_MOST_PROXIES: Final = 10

_HOST_AND_PORT: Final = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_.-]+):[0-9]{1,5}")


class UnsafeSettingError(click.ClickException):
    """A start with settings that are missing, unsafe or unusable; the message has a sentence for each. A command prints
    it without a traceback, since it is for the operator."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(["The settings cannot be used.", *faults]))


def usable_settings(env: dict[str, str] | None = None) -> Settings:
    """The settings of the environment, all tried. Development (`ELDSJAL_DEV`) may leave out what production needs.

    Raises:
        UnsafeSettingError: with every fault.
    """
    settings = Settings.from_env(env)
    if faults := faults_of(settings, production=not settings.development):
        raise UnsafeSettingError(faults)
    return settings


def faults_of(settings: Settings, *, production: bool) -> list[str]:
    """A sentence for each setting that cannot be used; with `production`, also for those that would be unsafe there."""
    return [*_unusable(settings), *(_unsafe(settings) if production else ())]


def _unsafe(settings: Settings) -> Iterator[str]:
    if len(settings.secret_key) < 32:
        yield "Set SECRET_KEY to at least 32 random characters, for example from `openssl rand -hex 32`."
    elif len(set(settings.secret_key)) < _FEWEST_CHARACTERS:
        yield "SECRET_KEY can be guessed; make a random one, for example with `openssl rand -hex 32`."
    if not settings.base_url:
        yield "Set BASE_URL to the address that people use, for example https://eldsjal.example.se."
    elif settings.base_url.startswith("http:") and not _is_this_machine(settings.base_url):
        yield "Set BASE_URL to an https address: without https neither sign-in nor push is safe."
    if not settings.mail_url:
        yield "Set MAIL_URL (smtp://…): without mail nobody gets the code to sign in with."
    if settings.demo:
        yield "Unset ELDSJAL_DEMO: in a demonstration anybody signs in as the programme lead."
    if not settings.vapid_private_key:
        yield "Set VAPID_PRIVATE_KEY, or make a key with `ELDSJAL_DEV=1 flask --app wsgi push keys`."
    if not settings.vapid_subject:
        yield "Set VAPID_SUBJECT to a contact, for example mailto:it@example.se."


def _unusable(settings: Settings) -> Iterator[str]:
    for name, build, sentence in _BUILT:
        # Whatever a library raises at a malformed value, it is this setting that is wrong; its text may hold the value.
        try:
            build(settings)
        except Exception:
            yield f"{name} {sentence}"


def _base_url(settings: Settings) -> None:
    if not settings.base_url:
        return
    parts = urlsplit(settings.base_url)
    whole = f"{parts.scheme}://{parts.netloc}" == settings.base_url
    port_is_number = parts.port is None or parts.port > 0
    if not (whole and port_is_number and parts.scheme in {"http", "https"} and parts.hostname):
        raise ValueError
    if "@" in parts.netloc or not re.fullmatch(r"[\w.:\[\]-]+", parts.netloc):
        raise ValueError


def _database_url(settings: Settings) -> None:
    url = make_url(settings.database_url)
    if url.drivername not in {"sqlite", "postgresql+psycopg"} or not url.database:
        raise ValueError
    create_engine(url)
    if url.drivername == "sqlite":
        _demand_writable_folder(settings, url)


def _demand_writable_folder(settings: Settings, url: URL) -> None:
    file = settings.data_dir / (url.database or "")
    if file.is_dir() or url.database == ":memory:":
        raise ValueError
    # The data directory itself may have to be made yet.
    if file.parent != settings.data_dir and not file.parent.is_dir():
        raise ValueError


def _demand_writable(directory: Path, mode: int = 0o777) -> None:
    directory.mkdir(mode, parents=True, exist_ok=True)
    trial = directory / ".trial"
    trial.touch()
    trial.unlink(missing_ok=True)


def _redis_url(settings: Settings) -> None:
    if settings.redis_url:
        options: dict[str, Any] = parse_url(settings.redis_url)  # type: ignore[no-untyped-call]
        if not (options.get("host") or options.get("path")):
            raise ValueError


def _mail_from(settings: Settings) -> None:
    Mailer.from_url(f"file://{settings.data_dir}", settings.mail_from)


def _mail_url(settings: Settings) -> None:
    if settings.mail_url:
        Mailer.from_url(settings.mail_url, "eldsjal@example.se")
        for authority in parse_qs(urlsplit(settings.mail_url).query).get("ca", []):
            ssl.create_default_context(cafile=authority)


def _vapid_private_key(settings: Settings) -> None:
    if settings.vapid_private_key:
        VapidKeys.load(settings.vapid_private_key, "mailto:it@example.se")


def _vapid_subject(settings: Settings) -> None:
    if settings.vapid_subject:
        checked_subject(settings.vapid_subject)


def _push_extra_hosts(settings: Settings) -> None:
    if not all(_HOST_AND_PORT.fullmatch(host) for host in settings.push_extra_hosts):
        raise ValueError


def _trusted_proxies(settings: Settings) -> None:
    if settings.trusted_proxies is None or settings.trusted_proxies > _MOST_PROXIES:
        raise ValueError


def _is_this_machine(url: str) -> bool:
    return urlsplit(url).hostname in {"localhost", "127.0.0.1", "::1"}


#: Each setting that is built, and what to do when it cannot be.
_BUILT: Final[tuple[tuple[str, Callable[[Settings], object], str], ...]] = (
    ("DATA_DIR", lambda settings: _demand_writable(settings.data_dir),
     "must be a directory that this process may write."),
    ("BASE_URL", _base_url, "must be scheme and host alone, for example https://eldsjal.example.se."),
    ("DATABASE_URL", _database_url,
     "must be postgresql://user:password@host/name, or sqlite:///file in a folder that is there."),
    ("REDIS_URL", _redis_url, "must be redis://host:port/number or rediss://…, or be left out."),
    ("MEDIA_URL", lambda settings: MediaStore.from_url(settings.media_url),
     "must be file:///directory, which can be made and written, or s3://bucket/prefix."),
    ("SURVEY_DIR", lambda settings: _demand_writable(settings.survey_dir, 0o700),
     "must be a directory that web and worker share and may write; its files are in no backup."),
    ("MAIL_URL", _mail_url,
     "must be smtp://host, smtps://host or file:///directory, with ?tls=, &ca=FILE and &connections= at most."),
    ("MAIL_FROM", _mail_from, "must be a sender that can be answered: Name <address>."),
    ("VAPID_PRIVATE_KEY", _vapid_private_key,
     "must be a P-256 key in PEM, or the path of such a file; `flask push keys` makes one."),
    ("VAPID_SUBJECT", _vapid_subject,
     "must be a contact such as mailto:it@example.se or https://example.se/contact, with a full domain."),
    ("PUSH_EXTRA_HOSTS", _push_extra_hosts, "must be host:port pairs in lower case with commas between."),
    ("TRUSTED_PROXIES", _trusted_proxies, f"must be a number from 0 to {_MOST_PROXIES}."),
)  # fmt: skip
