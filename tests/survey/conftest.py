import dataclasses
from pathlib import Path

import pytest
from flask import Flask

from app.gateways.survey_keys import SurveyKeys


@pytest.fixture
def keys(tmp_path: Path) -> SurveyKeys:
    """The directory of the surveys' files, for this test alone."""
    return SurveyKeys(tmp_path / "survey")


@pytest.fixture
def shared_keys(app: Flask, keys: SurveyKeys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SurveyKeys:
    """The same directory, which the web processes and commands have too."""
    share_with_web(app, tmp_path / "survey", monkeypatch)
    return keys


def share_with_web(app: Flask, directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = dataclasses.replace(app.config["SETTINGS"], survey_dir=directory)
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    monkeypatch.setitem(app.config, "SURVEY_DIR", directory)
