"""What makes the pages an app: manifest, worker, offline page."""

import re

from flask import Flask
from flask.testing import FlaskClient

from app.web.assets import asset_url


def test_the_manifest_can_be_installed(client: FlaskClient) -> None:
    answer = client.get("/manifest.webmanifest")
    manifest = answer.get_json(force=True)
    assert answer.mimetype == "application/manifest+json"
    assert manifest["start_url"] == manifest["scope"] == "/"
    assert manifest["display"] == "standalone"
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable", "monochrome"}
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in manifest["icons"]}


def test_everything_that_the_manifest_names_exists(client: FlaskClient) -> None:
    manifest = client.get("/manifest.webmanifest").get_json(force=True)
    files = [entry["src"] for entry in manifest["icons"] + manifest["screenshots"]]
    assert files
    types = {url: client.get(url, buffered=True).content_type or "" for url in files}
    assert {url: kind for url, kind in types.items() if not kind.startswith("image/")} == {}


def test_the_manifest_speaks_the_readers_language(client: FlaskClient) -> None:
    assert client.get("/manifest.webmanifest").get_json(force=True)["shortcuts"][0]["name"] == "Planera"
    english = client.get("/manifest.webmanifest", headers={"Accept-Language": "en"}).get_json(force=True)
    assert english["lang"] == "en"
    assert english["shortcuts"][0]["name"] == "Plan"


def test_the_worker_is_served_at_the_root_and_never_kept(client: FlaskClient, app: Flask) -> None:
    answer = client.get("/service-worker.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert asset_url(app, "css/app.css") in answer.text


def test_the_worker_is_the_same_in_every_language(client: FlaskClient) -> None:
    swedish, english = (
        client.get("/service-worker.js", headers={"Accept-Language": language}).text
        for language in ("sv", "en")
    )
    assert swedish == english


def test_everything_that_the_worker_keeps_exists(client: FlaskClient, app: Flask) -> None:
    settings = client.get("/service-worker.js").text.partition("const SETTINGS = ")[2].partition(";\n")[0]
    shell = app.json.loads(settings)["shell"]
    assert any(url.endswith("js/offline-banner.js") for url in shell)
    assert not any(url.endswith("js/draft-form.js") for url in shell), "no form is opened without a network"
    assert [url for url in shell if client.get(url, buffered=True).status_code != 200] == []


def test_no_name_of_the_worker_stands_for_two_things(client: FlaskClient) -> None:
    """It carries the text of a module that the pages import."""
    worker = client.get("/service-worker.js").text
    names = re.findall(r"^(?:async )?function (\w+)|^const (\w+)", worker, re.MULTILINE)
    assert len(names) == len(set(names)) > 20
    assert ("subscribeAnew", "") in names
    assert "\nexport" not in worker
    assert "\nimport" not in worker


def test_the_offline_page_needs_nobody_signed_in(client: FlaskClient) -> None:
    answer = client.get("/offline")
    assert answer.headers["Content-Language"] == "sv"
    assert answer.status_code == 200
    assert "Du är offline" in answer.text
