"""A phone with Chromium, and the application on a port of its own with the small programme of tests/factories.py."""

import os
import shutil
from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any

import pytest
from flask import Flask, session
from playwright.sync_api import BrowserContext
from werkzeug.serving import WSGIRequestHandler, make_server

from app import create_app
from app.config import Settings
from app.extensions import Model, db
from app.models.person import Person
from app.web.identity import sign_in
from tests.factories import load_small_programme, make_person


@pytest.fixture(scope="session")
def live_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application as in a demonstration, with its own database: what a browser does is committed."""
    data_dir = tmp_path_factory.mktemp("live")
    app = create_app(
        Settings.from_env(
            {
                "ELDSJAL_DEV": "1",
                "ELDSJAL_DEMO": "1",
                "DATA_DIR": str(data_dir),
                "SECRET_KEY": "for tests only, and long enough to pass",
                "VAPID_SUBJECT": "mailto:test@example.se",
            }
        )
    )
    with app.app_context():
        Model.metadata.create_all(db.engine)
        load_small_programme()
        db.session.commit()
    yield app
    with app.app_context():
        db.engine.dispose()


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """A page asks for thirty files; a failing test's log would hold nothing else."""


@pytest.fixture(scope="session")
def base_url(live_app: Flask) -> Iterator[str]:
    """Where the application answers; relative addresses in the browser start here."""
    server = make_server("127.0.0.1", 0, live_app, threaded=True, request_handler=_Quiet)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's Chromium, where there is one (bin/test says which)."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    return {**browser_type_launch_args, **({"executable_path": found} if found else {})}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_context_args,
        "viewport": {"width": 390, "height": 844},
        "locale": "sv-SE",
        "timezone_id": "Europe/Stockholm",
        "reduced_motion": "reduce",
    }


@pytest.fixture
def signed_in(live_app: Flask, base_url: str, context: BrowserContext) -> Callable[..., Person]:
    """`signed_in()` makes somebody and gives the browser their session; arguments go to `make_person`."""

    def enter(*args: Any, **kwargs: Any) -> Person:
        with live_app.test_request_context():
            person = make_person(*args, **kwargs)
            db.session.flush()
            sign_in(person, "Test phone", person.joined_at)
            db.session.commit()
            serializer = live_app.session_interface.get_signing_serializer(live_app)  # type: ignore[attr-defined]
            value = serializer.dumps(dict(session))
            db.session.refresh(person)
            db.session.expunge(person)
        context.add_cookies([{"name": "eldsjal", "value": value, "url": base_url}])
        return person

    return enter
