"""The front end's files: one hash, imports in place, compressed twins, safe when two processes start at once."""

import gzip
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.web import assets


@pytest.fixture
def stylesheet(app: Flask) -> str:
    return assets.asset_url(app, "css/app.css")


def test_the_stylesheet_comes_whole_in_one_request(client: FlaskClient, stylesheet: str) -> None:
    text = client.get(stylesheet, buffered=True).text
    assert "@import" not in text
    assert "--raps:" in text
    assert ".conc {" in text


def test_our_comments_stay_at_home_and_nothing_else_does(
    app: Flask, client: FlaskClient, stylesheet: str
) -> None:
    assert "/*" not in client.get(stylesheet, buffered=True).text
    static = Path(assets.__file__).parents[1] / "static"
    for script in sorted((static / "js").glob("*.js")):
        lines = client.get(assets.asset_url(app, f"js/{script.name}"), buffered=True).text.splitlines()
        whole = script.read_text("utf-8").splitlines()
        assert lines == [line for line in whole if not line.lstrip().startswith("//")], script.name
    licensed = "vendor/htmx.min.js"
    answer = client.get(assets.asset_url(app, licensed), buffered=True)
    assert answer.data == (static / licensed).read_bytes()


def test_every_stylesheet_is_part_of_the_one_or_loaded_alone(app: Flask) -> None:
    folder = Path(assets.__file__).parents[1] / "static" / "css"
    whole = assets.inline_imports(folder / "app.css")
    others = [path for path in folder.rglob("*.css") if path.read_text("utf-8") not in whole]
    assert {path.parent.name for path in others if path.name != "app.css"} == {"alone"}


def test_browsers_may_keep_a_file_for_ever(client: FlaskClient, stylesheet: str) -> None:
    caching = client.get(stylesheet, buffered=True).headers["Cache-Control"]
    assert "immutable" in caching
    assert "public" in caching


@pytest.mark.parametrize(("encoding", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_a_file_is_served_compressed(client: FlaskClient, stylesheet: str, encoding: str, unpack) -> None:  # type: ignore[no-untyped-def]
    answer = client.get(stylesheet, headers={"Accept-Encoding": encoding}, buffered=True)
    assert answer.headers["Content-Encoding"] == encoding
    assert (
        unpack(answer.data)
        == client.get(stylesheet, headers={"Accept-Encoding": "identity"}, buffered=True).data
    )


@pytest.mark.parametrize("path", ["/static/css/app.css", "/static/000000000000/css/app.css"])
def test_there_is_no_address_without_the_hash(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (404, "text/html")


def test_templates_and_code_name_the_same_address(app: Flask, stylesheet: str) -> None:
    assert app.jinja_env.globals["asset_url"]("css/app.css") == stylesheet  # type: ignore[operator]
    assert assets.content_hash() in stylesheet


def test_processes_that_start_at_once_leave_one_whole_tree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        trees = set(pool.map(lambda _: assets.publish(tmp_path, "abc"), range(4)))
    assert trees == {tmp_path / "abc"}
    assert [path.name for path in tmp_path.iterdir()] == ["abc"]
    assert (tmp_path / "abc" / "css" / "app.css.br").is_file()
