"""A start with settings that are missing, unsafe or unusable is refused, with a sentence for each and no value."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from flask import Flask

from app.config import Settings
from app.gateways.push.vapid import generate_private_key
from app.services.upkeep.settings_check import UnsafeSettingError, usable_settings

pytestmark = pytest.mark.house

_ROOT = Path(__file__).resolve().parents[2]


def _pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> str:
    encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    return key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain).decode()


@pytest.fixture
def production(tmp_path: Path) -> dict[str, str]:
    return {
        "DATA_DIR": str(tmp_path),
        "SECRET_KEY": "0123456789abcdef" * 4,
        "BASE_URL": "https://eldsjal.example.se",
        "MAIL_URL": "smtp://mail.example.se",
        "VAPID_PRIVATE_KEY": generate_private_key(),
        "VAPID_SUBJECT": "mailto:it@example.se",
    }


def test_a_complete_setting_starts(production: dict[str, str]) -> None:
    settings = usable_settings(production)
    assert settings.secure
    assert not settings.demo
    assert settings.mail_from == "Eldsjäl <eldsjal@eldsjal.example.se>"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "sqlite:///eldsjal.db"), ("DATABASE_URL", "postgres://eldsjal:p%40ss@db.example.se/eldsjal"),
        ("DATABASE_URL", "postgresql:///eldsjal?host=/var/run/postgresql"), ("REDIS_URL", "redis://localhost"),
        ("REDIS_URL", "rediss://:secret@redis.example.se:6380/2"), ("REDIS_URL", "unix:///run/redis.sock"),
        ("MEDIA_URL", "s3://bucket/prefix?region=eu-north-1"), ("MAIL_URL", "smtps://user:p%40ss@mail.example.se"),
        ("MAIL_URL", "smtp://mail.example.se:25?tls=none&connections=3"),
        ("MAIL_FROM", "Familjeresan <resan@example.se>"),
        ("BASE_URL", "https://eldsjäl.example.se:8443/"), ("BASE_URL", "http://localhost:8000"),
        ("TRUSTED_PROXIES", "2"), ("VAPID_SUBJECT", "https://example.se/contact"),
        ("PUSH_EXTRA_HOSTS", "push.example.se:8443, 10.0.0.7:80,[fd00::1]:443"),
    ],
)  # fmt: skip
def test_what_operators_write_is_taken(production: dict[str, str], name: str, value: str) -> None:
    usable_settings(production | {name: value})


@pytest.mark.parametrize("name", ["SECRET_KEY", "BASE_URL", "MAIL_URL", "VAPID_PRIVATE_KEY", "VAPID_SUBJECT"])
@pytest.mark.parametrize("value", [None, "", "  ", "\n"])
def test_one_that_is_missing_or_empty_is_named(
    production: dict[str, str], name: str, value: str | None
) -> None:
    del production[name]
    with pytest.raises(UnsafeSettingError, match=name):
        usable_settings(production if value is None else production | {name: value})


@pytest.mark.parametrize(
    "name",
    [
        "DATABASE_URL",
        "REDIS_URL",
        "MEDIA_URL",
        "SURVEY_DIR",
        "MAIL_FROM",
        "TRUSTED_PROXIES",
        "PUSH_EXTRA_HOSTS",
    ],
)
def test_one_with_a_safe_default_may_be_empty(production: dict[str, str], name: str) -> None:
    assert usable_settings(production | {name: " "}) == usable_settings(production)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"), ("SECRET_KEY", "x" * 64), ("SECRET_KEY", "abcabc" * 10), ("SECRET_KEY", "0" * 32),
        ("BASE_URL", "http://eldsjal.example.se"), ("BASE_URL", "eldsjal.example.se"), ("BASE_URL", "https://"),
        ("BASE_URL", "ftp://eldsjal.example.se"), ("BASE_URL", "https://eldsjal.example.se/app"),
        ("BASE_URL", "https://eldsjal.example.se?x=1"), ("BASE_URL", "https://eldsjal.example.se:port"),
        ("BASE_URL", "https://user:hemligt@eldsjal.example.se"), ("BASE_URL", "https://eldsjal example.se"),
        ("BASE_URL", "https://[::1"), ("ELDSJAL_DEMO", "1"),
        ("DATABASE_URL", "postgresq://eldsjal:hemligt@db/eldsjal"), ("DATABASE_URL", "mysql://eldsjal:hemligt@db/e"),
        ("DATABASE_URL", "hemligt"), ("DATABASE_URL", "postgresql://eldsjal:hemligt@db:port/eldsjal"),
        ("DATABASE_URL", "postgresql://db.example.se"), ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"), ("DATABASE_URL", "sqlite:////no/such/folder/eldsjal.db"),
        ("REDIS_URL", "http://:hemligt@redis:6379"), ("REDIS_URL", "redis:6379"), ("REDIS_URL", "redis://redis:port"),
        ("REDIS_URL", "redis://"),
        ("MEDIA_URL", "ftp://media.example.se"), ("MEDIA_URL", "file://relative"), ("MEDIA_URL", "/srv/media"),
        ("MEDIA_URL", "s3://"), ("MEDIA_URL", "s3://bucket?hemligt=1"), ("MEDIA_URL", "file:///proc/1/media"),
        ("SURVEY_DIR", "/proc/1/survey"), ("SURVEY_DIR", "/etc/hostname"),
        ("MAIL_URL", "mail.example.se"), ("MAIL_URL", "smtp://"), ("MAIL_URL", "smtp://user:hemligt@mail:port"),
        ("MAIL_URL", "smtp://mail.example.se?tls=maybe"), ("MAIL_URL", "http://mail.example.se"),
        ("MAIL_URL", "smtps://mail.example.se?ca=/no/such/authority.pem"), ("MAIL_URL", "smtps://mail?ca=/etc/hostname"),
        ("MAIL_URL", "smtp://mail.example.se?connections=many"),
        ("MAIL_FROM", "hemligt"), ("MAIL_FROM", "Familjeresan <resan@>"), ("MAIL_FROM", "@example.se"),
        ("VAPID_PRIVATE_KEY", "hemligt"), ("VAPID_PRIVATE_KEY", "/no/such/key.pem"),
        ("VAPID_PRIVATE_KEY", _pem(rsa.generate_private_key(65537, 2048))),
        ("VAPID_PRIVATE_KEY", _pem(ec.generate_private_key(ec.SECP384R1()))),
        ("VAPID_PRIVATE_KEY", "-----BEGIN PRIVATE KEY-----\nhemligt\n-----END PRIVATE KEY-----"),
        ("VAPID_SUBJECT", "it@example.se"), ("VAPID_SUBJECT", "mailto:hemligt@localhost"), ("VAPID_SUBJECT", "mailto:"),
        ("VAPID_SUBJECT", "http://example.se"), ("PUSH_EXTRA_HOSTS", "hemligt"),
        ("PUSH_EXTRA_HOSTS", "https://push.example.se:443"),
        ("TRUSTED_PROXIES", "hemligt"), ("TRUSTED_PROXIES", "-1"), ("TRUSTED_PROXIES", "1.5"),
        ("TRUSTED_PROXIES", "99"),
    ],
)  # fmt: skip
def test_an_unsafe_or_unusable_one_is_refused_by_name_alone(
    production: dict[str, str], name: str, value: str
) -> None:
    with pytest.raises(UnsafeSettingError) as refusal:
        usable_settings(production | {name: value})
    sentences = refusal.value.message.splitlines()[1:]
    assert [sentence for sentence in sentences if name in sentence] == sentences
    assert "hemligt" not in refusal.value.message
    assert refusal.value.__cause__ is refusal.value.__context__ is None


def test_a_data_directory_that_cannot_be_made_is_named(production: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnsafeSettingError, match="DATA_DIR must be"):
        usable_settings(production | {"DATA_DIR": str(tmp_path / "file" / "data")})


def test_development_may_leave_out_what_production_needs(tmp_path: Path) -> None:
    assert usable_settings({"DATA_DIR": str(tmp_path), "ELDSJAL_DEV": "1", "ELDSJAL_DEMO": "1"}).demo


def test_development_is_told_of_what_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(UnsafeSettingError, match="MAIL_URL must be"):
        usable_settings({"DATA_DIR": str(tmp_path), "ELDSJAL_DEV": "1", "MAIL_URL": "mail.example.se"})


def test_a_start_in_production_says_everything_at_once_and_without_a_traceback(tmp_path: Path) -> None:
    wrong = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "BASE_URL": "", "MAIL_FROM": "nobody"}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "check"]
    done = subprocess.run(command, cwd=_ROOT, env=wrong, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    for name in ("SECRET_KEY", "BASE_URL", "MAIL_URL", "MAIL_FROM", "VAPID_PRIVATE_KEY", "VAPID_SUBJECT"):
        assert name in done.stderr


def test_check_says_in_development_what_production_would_refuse(base_app: Flask) -> None:
    result = base_app.test_cli_runner().invoke(args=["check"])
    assert result.exit_code == 1
    assert "VAPID_PRIVATE_KEY" in result.output
    assert "VAPID_SUBJECT" not in result.output


def test_an_empty_environment_is_not_the_one_of_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "of this process, and long enough to pass")
    assert Settings.from_env({}).secret_key != Settings.from_env().secret_key
