"""The linters, the type checker and the import floors, as tests."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tracked import ROOT

pytestmark = pytest.mark.house

_BIN = Path(sys.executable).parent


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["ruff", "check", "--quiet", "."], id="ruff"),
        pytest.param(["ruff", "format", "--check", "--quiet", "."], id="ruff-format"),
        pytest.param(["mypy"], id="mypy"),
        pytest.param(["djlint", "app/templates", "--lint", "--quiet"], id="djlint"),
        pytest.param(["lint-imports", "--no-cache"], id="import-floors"),
    ],
)
def test_the_code_is_clean(command: list[str]) -> None:
    done = subprocess.run(
        [_BIN / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
