"""The directory of the surveys' files as the web and the commands find it."""

import dataclasses
from pathlib import Path

import pytest
from flask import Flask


def share_with_web(app: Flask, directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That is where SURVEY_DIR points."""
    settings = dataclasses.replace(app.config["SETTINGS"], survey_dir=directory)
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    monkeypatch.setitem(app.config, "SURVEY_DIR", directory)
