"""The front end's files, served without a build step. A hash of all of them is in their address, so browsers may keep
them for ever.

At the first start with new content the tree is copied to `<DATA_DIR>/assets/<hash>/`. The stylesheets' imports are
replaced by what they import (one request instead of thirty), our comments stay at home, since a phone would fetch two
kilobytes of them, and each text gets compressed copies. The latest trees stay, since a page that was opened before a
release still asks for the old files.
"""

import functools
import gzip
import hashlib
import re
import shutil
import tempfile
from pathlib import Path

import brotli
from flask import Flask
from servestatic import ServeStatic

_SOURCE = Path(__file__).resolve().parent.parent / "static"
_VENDOR = _SOURCE / "vendor"
_IMPORT = re.compile(r'^@import "([\w/-]+\.css)";$', re.MULTILINE)
_TEXTS = {".css", ".js", ".svg", ".toml", ".txt"}
#: Those of scripts are lines of their own.
_COMMENTS = {".css": re.compile(r"/\*.*?\*/\n?", re.DOTALL), ".js": re.compile(r"^ *//.*\n", re.MULTILINE)}
_KEPT_TREES = 4


def init_app(app: Flask) -> None:
    """Serve the tree in front of the application, and give templates `asset_url(path)` and `sprite_url`."""
    version = content_hash()
    home = Path(app.config["DATA_DIR"]) / "assets"
    publish(home, version)
    server = ServeStatic(
        app.wsgi_app,
        allow_all_origins=False,
        immutable_file_test=lambda _path, _url: True,
    )
    for tree in _trees(home):
        server.add_files(tree, f"static/{tree.name}")
    app.wsgi_app = server  # type: ignore[method-assign]
    prefix = f"/static/{version}/"
    app.jinja_env.globals["asset_url"] = prefix.__add__
    app.jinja_env.globals["sprite_url"] = f"{prefix}icons/sprite.svg"
    app.extensions["asset_version"] = version
    app.extensions["asset_scripts"] = [
        path.relative_to(_SOURCE).as_posix() for path in _files(_SOURCE / "js")
    ]


def asset_url(app: Flask, path: str) -> str:
    """Address of a file under `app/static`, for code; templates have the same as a global."""
    return f"/static/{app.extensions['asset_version']}/{path}"


@functools.cache
def content_hash() -> str:
    """A hash, as 12 hex digits, of names and bytes of everything under `app/static` and of this module."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for path in _files(_SOURCE):
        digest.update(path.relative_to(_SOURCE).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def publish(home: Path, version: str) -> Path:
    """Write the tree unless it is there. When two processes do it at once, the first to rename its whole tree wins."""
    target = home / version
    if target.is_dir():
        target.touch()
        return target
    home.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=home))
    for path in _files(_SOURCE):
        _write(path, draft / path.relative_to(_SOURCE))
    draft.chmod(0o755)
    try:
        draft.rename(target)
    except OSError:
        shutil.rmtree(draft)
    return target


def inline_imports(stylesheet: Path) -> str:
    """The stylesheet with each `@import "x.css";` replaced by that file, in order."""
    return _IMPORT.sub(
        lambda match: inline_imports(stylesheet.parent / match[1]), stylesheet.read_text("utf-8")
    )


def served(source: Path) -> bytes:
    """What browsers get of that file. What others wrote stays as it is, with their licences."""
    if source.suffix not in _COMMENTS or source.is_relative_to(_VENDOR):
        return source.read_bytes()
    text = inline_imports(source) if source.suffix == ".css" else source.read_text("utf-8")
    return _COMMENTS[source.suffix].sub("", text).encode()


def _write(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    content = served(source)
    target.write_bytes(content)
    if source.suffix in _TEXTS and len(content) > 400:
        _beside(target, ".br").write_bytes(brotli.compress(content, quality=11, mode=brotli.MODE_TEXT))
        _beside(target, ".gz").write_bytes(gzip.compress(content, 9, mtime=0))


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _files(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file())


def _trees(home: Path) -> list[Path]:
    """The newest trees; older ones are deleted."""
    trees = [tree for tree in home.iterdir() if not tree.name.startswith(".")]
    trees.sort(key=lambda tree: -tree.stat().st_mtime)
    for old in trees[_KEPT_TREES:]:
        shutil.rmtree(old, ignore_errors=True)
    return trees[:_KEPT_TREES]
