"""Files that others wrote: as pinned, with a licence, and none that is not listed."""

import hashlib
import tomllib
from typing import Any

import pytest

from tests.house.tracked import ROOT

pytestmark = pytest.mark.house

_STATIC = ROOT / "app" / "static"
_LIST = _STATIC / "vendor" / "VERSIONS.toml"
_VENDORED: list[dict[str, Any]] = tomllib.loads(_LIST.read_text("utf-8"))["vendored"]


@pytest.mark.parametrize("entry", _VENDORED, ids=lambda entry: entry["file"])
def test_a_vendored_file_is_the_one_that_was_pinned(entry: dict[str, Any]) -> None:
    """The icon sprite grows with the project's own icons, so it alone has no hash."""
    pinned = entry.get("sha256") or entry["file"] == "icons/sprite.svg"
    assert pinned in (True, hashlib.sha256((_STATIC / entry["file"]).read_bytes()).hexdigest())
    assert entry["version"]
    assert entry["licence"]
    assert (_STATIC / entry["licence_file"]).is_file()


def test_every_file_in_the_vendor_folder_is_listed() -> None:
    listed = {_STATIC / entry[key] for entry in _VENDORED for key in ("file", "licence_file")} | {_LIST}
    assert {path for path in _LIST.parent.rglob("*") if path.is_file()} - listed == set()
