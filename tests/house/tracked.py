"""The files that make up the project: those that git tracks, and new ones that it does not ignore."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def tracked(*patterns: str) -> tuple[Path, ...]:
    """Paths that match git's patterns (`*` also crosses folders); all files when there are none."""
    # A checkout may belong to another user than the one who runs the tests.
    command = [
        "git",
        "-c",
        "safe.directory=*",
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]
    listed = subprocess.run([*command, "--", *patterns], cwd=ROOT, capture_output=True, check=True).stdout
    paths = (ROOT / name for name in listed.decode().split("\0") if name)
    return tuple(sorted({path for path in paths if path.is_file()}))


def text(path: Path) -> str | None:
    """What stands in the file; None for pictures, fonts and the like."""
    try:
        return path.read_bytes().decode()
    except UnicodeDecodeError:
        return None


def name(path: Path) -> str:
    """The path as one writes it from the project's root."""
    return path.relative_to(ROOT).as_posix()
