"""`flask stage advance` and `flask push keys`."""

import dataclasses
import stat
from pathlib import Path

import pytest
from flask import Flask

from app.gateways.push.vapid import VapidKeys
from tests.cast import Cast
from tests.factories import TODAY, stage


@pytest.mark.usefixtures("at_now")
def test_advance_moves_the_present_stage_or_the_one_that_is_named(app: Flask, cast: Cast) -> None:
    _ = cast.alice
    run = app.test_cli_runner().invoke
    assert "“learn”" in run(args=["stage", "advance"]).output
    assert stage().learn_on == TODAY
    assert "“ended”" in run(args=["stage", "advance", "2"]).output
    ended = run(args=["stage", "advance", "1"])
    assert (ended.exit_code, "has ended" in ended.output) == (1, True)
    assert run(args=["stage", "advance", "9"]).exit_code == 1


def test_keys_are_made_once_and_only_for_the_owner(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = dataclasses.replace(app.config["SETTINGS"], data_dir=tmp_path, vapid_subject="")
    monkeypatch.setitem(app.config, "SETTINGS", own)
    run = app.test_cli_runner().invoke
    made = run(args=["push", "keys"])
    path = tmp_path / "vapid_private_key.pem"
    assert str(path) in made.output
    assert "VAPID_SUBJECT" in made.output
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    VapidKeys.load(str(path), "mailto:it@example.se")
    first = path.read_text()
    refused = run(args=["push", "keys"])
    assert (refused.exit_code, path.read_text()) == (1, first)
    assert run(args=["push", "keys", "--replace"]).exit_code == 0
    assert path.read_text() != first


def test_if_missing_leaves_what_is_there(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = dataclasses.replace(app.config["SETTINGS"], data_dir=tmp_path, vapid_private_key="here")
    monkeypatch.setitem(app.config, "SETTINGS", own)
    run = app.test_cli_runner().invoke(args=["push", "keys", "--if-missing"])
    assert (run.exit_code, run.output) == (0, "")
    assert not list(tmp_path.iterdir())
