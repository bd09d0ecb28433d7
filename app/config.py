"""Every setting: typed, from the environment, with its default and its meaning.

Whether they can be used is tried at the start (app/services/upkeep/settings_check.py)."""

import os
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import urlsplit

from app.statements import CompiledStatements

_ROOT = Path(__file__).resolve().parent.parent
_TRUE = {"1", "true", "yes", "on"}


@dataclass(frozen=True)
class Settings:
    """The settings as the process started with them. Names are those of the environment, in lower case."""

    #: Directory of everything that is written locally: database, media, job queue, published assets, keys.
    data_dir: Path
    #: `sqlite:///…` or `postgresql://…`; default: a SQLite file in `data_dir`.
    database_url: str
    #: Redis for jobs and rate limits when several machines share the work; empty: local files and memory.
    redis_url: str
    #: `file:///…` or `s3://bucket/prefix`; default: a directory in `data_dir`.
    media_url: str
    #: The files of the survey (its private key among them), shared by web and worker and in no backup; default: a
    #: directory in `data_dir`.
    survey_dir: Path
    #: `smtp://user:password@host:port?tls=starttls`, `smtps://…`, or `file:///…` (writes .eml files).
    mail_url: str
    #: The sender that mails show: `Name <address>`.
    mail_from: str
    #: The address people use, without a trailing slash; links in mail and pushes are made from it.
    base_url: str
    #: Signs the session cookies, and addresses that are keys; at least 32 characters in production.
    secret_key: str
    #: PEM text, or the path of a PEM file, of the P-256 key that signs pushes (RFC 8292).
    vapid_private_key: str
    #: `mailto:` or `https:` contact that the push services may use (RFC 8292, section 2.1).
    vapid_subject: str
    #: `host:port` of push services allowed beside the well-known ones; plain http is allowed for these.
    push_extra_hosts: frozenset[str]
    #: Demonstration: one button per role signs in; never on a real installation.
    demo: bool
    #: A start for development or tests: unsafe defaults are accepted and cookies travel over http.
    development: bool
    #: How many reverse proxies in front have their X-Forwarded-* headers believed; None when it is set to no number.
    trusted_proxies: int | None

    @property
    def secure(self) -> bool:
        """Whether people use an https address; then cookies are Secure and HSTS is sent."""
        return self.base_url.startswith("https://")

    @property
    def postgresql(self) -> bool:
        return self.database_url.startswith("postgresql")

    @classmethod
    def from_env(cls, env: dict[str, str] | None = None) -> "Settings":
        """Read the environment. An empty setting counts as a missing one; in production, what has no safe default is
        then empty."""
        given = os.environ if env is None else env
        env = {name: value.strip() for name, value in given.items() if value.strip()}
        development = env.get("ELDSJAL_DEV", "").lower() in _TRUE
        data_dir = Path(env.get("DATA_DIR", _ROOT / "var")).resolve()
        base_url = env.get("BASE_URL", f"http://localhost:{env.get('PORT', '5000')}" if development else "")
        return cls(
            data_dir=data_dir,
            database_url=_psycopg(env.get("DATABASE_URL", f"sqlite:///{data_dir / 'eldsjal.db'}")),
            redis_url=env.get("REDIS_URL", ""),
            media_url=env.get("MEDIA_URL", f"file://{data_dir / 'media'}"),
            survey_dir=Path(env.get("SURVEY_DIR", data_dir / "survey")).resolve(),
            mail_url=env.get("MAIL_URL", f"file://{data_dir / 'mail'}" if development else ""),
            mail_from=env.get("MAIL_FROM", f"Eldsjäl <eldsjal@{_host_of(base_url) or 'localhost'}>"),
            base_url=base_url.rstrip("/"),
            secret_key=env.get("SECRET_KEY") or _text_if_present(data_dir / "secret_key"),
            vapid_private_key=env.get("VAPID_PRIVATE_KEY")
            or _path_if_present(data_dir / "vapid_private_key.pem"),
            vapid_subject=env.get("VAPID_SUBJECT", ""),
            push_extra_hosts=frozenset(
                filter(None, map(str.strip, env.get("PUSH_EXTRA_HOSTS", "").split(",")))
            ),
            demo=env.get("ELDSJAL_DEMO", "").lower() in _TRUE,
            development=development,
            trusted_proxies=_number(env.get("TRUSTED_PROXIES", "0")),
        )

    def flask(self) -> dict[str, object]:
        """The settings that Flask and its extensions read, under the names that they use."""
        return {
            **{field.name.upper(): getattr(self, field.name) for field in fields(self)},
            "SETTINGS": self,
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(self.postgresql),
            "SESSION_COOKIE_SECURE": self.secure,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_NAME": "eldsjal",
            "PERMANENT_SESSION_LIFETIME": 180 * 24 * 3600,
            "SESSION_REFRESH_EACH_REQUEST": False,
            "WTF_CSRF_TIME_LIMIT": None,
            # Origin and Referer are looked at in app/web/origins.py.
            "WTF_CSRF_SSL_STRICT": False,
            # How long a cache may keep what somebody else may change in the database meanwhile (app/web/cache.py).
            "CACHE_SECONDS": 5,
            "BABEL_DEFAULT_LOCALE": "sv",
            "BABEL_DEFAULT_TIMEZONE": "Europe/Stockholm",
            "RATELIMIT_STORAGE_URI": "shared://" if self.redis_url else "process://",
            "RATELIMIT_STORAGE_OPTIONS": {"url": self.redis_url} if self.redis_url else {},
            "RATELIMIT_HEADERS_ENABLED": True,
            "COMPRESS_ALGORITHM": ["zstd", "br", "gzip"],
            "COMPRESS_ALGORITHM_STREAMING": ["zstd", "gzip"],
            "COMPRESS_BR_LEVEL": 4,
            "COMPRESS_ZSTD_LEVEL": 3,
        }


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else None


def _host_of(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _psycopg(url: str) -> str:
    """SQLAlchemy needs the driver in the scheme; operators paste what their host gives them."""
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def _engine_options(postgresql: bool) -> dict[str, object]:
    usual: dict[str, object] = {
        # An error in the log names the statement, and never what somebody wrote.
        "hide_parameters": True,
        "execution_options": {"compiled_cache": CompiledStatements()},
    }
    if postgresql:
        # A database that does not answer is given up long before the web server takes the process for dead.
        patience = {"connect_timeout": 3, "keepalives_idle": 30, "tcp_user_timeout": 10_000}
        return usual | {
            "pool_pre_ping": True,
            "pool_size": 5,
            "max_overflow": 5,
            "pool_timeout": 5,
            "connect_args": patience,
        }
    return usual | {"connect_args": {"timeout": 15}}


def _text_if_present(path: Path) -> str:
    return path.read_text(errors="replace").strip() if path.is_file() else ""


def _path_if_present(path: Path) -> str:
    return str(path) if path.is_file() else ""
