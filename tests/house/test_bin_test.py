"""What `bin/test` makes of its two halves, played with a pytest that only answers."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.house.tracked import ROOT

pytestmark = pytest.mark.house

_PASSED, _FAILED, _WRONG_USE, _NONE_CHOSEN = 0, 1, 4, 5
#: Stands in for Python: asked to run tests, it ends with the status that is set for the half; whatever else works.
_PYTHON = """#!/bin/sh
[ "$2" = pytest ] || exit 0
[ "$TEST_DATABASE" = sqlite ] && exit "$SQLITE_STATUS"
exit "$POSTGRESQL_STATUS"
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The script in a checkout of its own, with everything that it looks for."""
    for name, text in {
        "bin/setup": "#!/bin/sh\n",
        ".venv/bin/python": _PYTHON,
        "tools/chromium": "#!/bin/sh\n",
        "tools/firefox": "#!/bin/sh\n",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)
    shutil.copy(ROOT / "bin" / "test", tmp_path / "bin" / "test")
    return tmp_path


def _run(checkout: Path, sqlite: int, postgresql: int, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = {
        **os.environ,
        "PATH": f"{checkout / 'tools'}:{os.environ['PATH']}",
        "SQLITE_STATUS": str(sqlite),
        "POSTGRESQL_STATUS": str(postgresql),
    }
    command: list[str | Path] = [checkout / "bin" / "test", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("sqlite", "postgresql"), [(_PASSED, _PASSED), (_PASSED, _NONE_CHOSEN), (_NONE_CHOSEN, _PASSED)]
)
def test_a_path_may_choose_tests_of_one_half_alone(checkout: Path, sqlite: int, postgresql: int) -> None:
    assert _run(checkout, sqlite, postgresql, "tests/feed").returncode == 0


def test_a_path_without_any_test_fails_and_is_named(checkout: Path) -> None:
    done = _run(checkout, _NONE_CHOSEN, _NONE_CHOSEN, "tests/does-not-exist")
    assert done.returncode == 1
    assert "The arguments chose no test that can run here: tests/does-not-exist" in done.stderr


@pytest.mark.parametrize(
    ("sqlite", "postgresql"),
    [(_FAILED, _PASSED), (_PASSED, _FAILED), (_NONE_CHOSEN, _FAILED), (_WRONG_USE, _NONE_CHOSEN)],
)
def test_what_fails_in_either_half_fails(checkout: Path, sqlite: int, postgresql: int) -> None:
    done = _run(checkout, sqlite, postgresql, "tests/feed")
    assert done.returncode == 1
    assert "chose no test" not in done.stderr


@pytest.mark.parametrize(("sqlite", "postgresql"), [(_PASSED, _NONE_CHOSEN), (_NONE_CHOSEN, _PASSED)])
def test_without_arguments_each_half_has_tests(checkout: Path, sqlite: int, postgresql: int) -> None:
    assert _run(checkout, sqlite, postgresql).returncode == 1
