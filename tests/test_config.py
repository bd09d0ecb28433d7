"""A production start with an unsafe setting is refused with a sentence that says what to set."""

from pathlib import Path

import pytest

from app.config import Settings, UnsafeSettingError

pytestmark = pytest.mark.house


@pytest.fixture
def production(tmp_path: Path) -> dict[str, str]:
    return {
        "DATA_DIR": str(tmp_path),
        "SECRET_KEY": "0123456789abcdef" * 4,
        "BASE_URL": "https://eldsjal.example.se",
        "MAIL_URL": "smtp://mail.example.se",
        "VAPID_PRIVATE_KEY": "a key",
        "VAPID_SUBJECT": "mailto:it@example.se",
    }


def test_a_complete_setting_starts(production: dict[str, str]) -> None:
    settings = Settings.from_env(production)
    assert settings.secure
    assert not settings.demo


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"), ("SECRET_KEY", ""), ("BASE_URL", None), ("BASE_URL", "http://eldsjal.example.se"),
        ("MAIL_URL", None), ("VAPID_PRIVATE_KEY", ""), ("VAPID_SUBJECT", ""), ("VAPID_SUBJECT", "it@example.se"),
        ("ELDSJAL_DEMO", "1"),
    ],
)  # fmt: skip
def test_an_unsafe_or_missing_one_is_refused_by_name(
    production: dict[str, str], name: str, value: str | None
) -> None:
    if value is None:
        del production[name]
    else:
        production[name] = value
    with pytest.raises(UnsafeSettingError, match=name):
        Settings.from_env(production)


def test_development_takes_what_there_is(tmp_path: Path) -> None:
    assert Settings.from_env({"DATA_DIR": str(tmp_path), "ELDSJAL_DEV": "1", "ELDSJAL_DEMO": "1"}).demo
