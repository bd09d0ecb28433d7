"""The lock files: complete, hashed, and silent about where anything was downloaded from."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.tracked import ROOT, name, tracked

pytestmark = pytest.mark.house

_PIN = re.compile(r"^(?P<name>[a-z0-9._-]+)==(?P<version>[^ ]+)(?P<marker> ;.*?)? \\$", re.MULTILINE)
_PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
_LOCKS = tracked("requirements*.txt", "*.lock", "*package-lock.json", "*pylock*.toml", "*yarn.lock")


def _pins(lock: str) -> dict[str, set[str]]:
    pins: dict[str, set[str]] = {}
    for pin in _PIN.finditer((ROOT / lock).read_text()):
        pins.setdefault(canonicalize_name(pin["name"]), set()).add(pin["version"])
    return pins


@pytest.mark.parametrize("lock", _LOCKS, ids=name)
def test_a_lock_records_no_address(lock: object) -> None:
    assert not re.search(r"https?://|file:/|\"resolved\"|--(extra-)?index-url|--find-links", _read(lock))


def _read(lock: object) -> str:
    return (ROOT / str(lock)).read_text()


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_every_pin_has_a_hash(lock: str) -> None:
    blocks = re.split(r"\n(?=\S)", _read(lock).strip())
    assert blocks
    assert not [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block]


def test_the_development_lock_holds_the_same_versions_as_the_runtime_lock() -> None:
    runtime, dev = _pins("requirements.txt"), _pins("requirements-dev.txt")
    assert {pin: versions for pin, versions in runtime.items() if dev.get(pin) != versions} == {}


@pytest.mark.parametrize(
    ("lock", "asked"),
    [
        ("requirements.txt", _PROJECT["dependencies"]),
        ("requirements-dev.txt", _PROJECT["dependencies"] + _PROJECT["optional-dependencies"]["dev"]),
    ],
)
def test_a_lock_gives_what_the_project_file_asks_for(lock: str, asked: list[str]) -> None:
    pins = _pins(lock)
    for requirement in map(Requirement, asked):
        versions = pins.get(canonicalize_name(requirement.name), set())
        assert versions, f"{requirement.name} is not in {lock}: run bin/lock"
        assert any(requirement.specifier.contains(version) for version in versions), (
            f"{requirement}: run bin/lock"
        )
