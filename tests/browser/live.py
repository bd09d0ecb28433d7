"""The product running for real: migrations, the shipped programme, gunicorn and a worker, in processes of their own."""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from email import message_from_bytes
from email.policy import default
from functools import cached_property
from pathlib import Path
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import urlopen

from flask import Flask

from app import clock, create_app
from app.config import Settings
from app.extensions import db
from app.services.delivery.sender import make_keys
from app.services.stages.advance import begin_due_phases
from tests.browser.later_stages import make_later_stages
from tests.factories import TODAY

_ROOT = Path(__file__).resolve().parents[2]
_PROGRAMME = _ROOT / "programmes" / "familjen-helsingborg.toml"


@dataclass
class Live:
    """A running installation. Commands run with its settings: `live.flask("stage", "advance", "2")`."""

    folder: Path
    environment: dict[str, str]
    port: int
    _children: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Browsers trust `localhost` as they trust https: with workers, pushes and the better compressions."""
        return f"http://localhost:{self.port}"

    @cached_property
    def app(self) -> Flask:
        """The application on the same database, in this process: to prepare what a test finds, and to look closely."""
        return create_app(Settings.from_env(self.environment))

    def flask(self, *arguments: str) -> str:
        """Run a command of ours; gives what it printed, and fails with it when the command fails."""
        done = self.app.test_cli_runner().invoke(args=list(arguments))
        assert done.exit_code == 0, f"{' '.join(arguments)}\n{done.output}\n{done.exception!r}"
        return done.output

    def start(self, *command: str) -> "subprocess.Popen[bytes]":
        child = subprocess.Popen([sys.executable, "-m", *command], cwd=_ROOT, env=self.environment)
        self._children.append(child)
        return child

    def start_worker(self) -> "subprocess.Popen[bytes]":
        return self.start("flask", "--app", "wsgi", "worker")

    def code_for(self, address: str) -> str:
        """The six digits in the latest mail to that address, once the worker has sent it; each code is given once."""
        deadline = monotonic() + 30
        while monotonic() < deadline:
            for path in sorted((self.folder / "mail").glob("*.eml"), reverse=True):
                mail = message_from_bytes(path.read_bytes(), policy=default)
                if address in str(mail["To"]):
                    path.unlink()
                    body = mail.get_body(("plain",))
                    found = re.search(r"\b\d{3} ?\d{3}\b", body.get_content() if body else "")
                    assert found, f"no code in {path.name}"
                    return found[0].replace(" ", "")
            sleep(0.1)
        raise AssertionError(f"no mail to {address} within 30 seconds")

    def stop(self) -> None:
        for child in self._children:
            child.terminate()
        for child in self._children:
            child.wait(30)
        if "app" in self.__dict__:
            with self.app.app_context():
                db.session.remove()
                db.engine.dispose()


@contextmanager
def running(folder: Path, **more: str) -> Iterator[Live]:
    """An installation with the shipped programme, a few people, and the demo mode's sign-in; `more` is environment."""
    port = free_port()
    environment = {
        **os.environ,
        "ELDSJAL_DEV": "1",
        "ELDSJAL_DEMO": "1",
        "DATA_DIR": str(folder),
        "SECRET_KEY": "for tests only, and long enough to pass",
        "BASE_URL": f"http://localhost:{port}",
        "VAPID_SUBJECT": "mailto:test@example.se",
        **more,
    }
    environment.pop("DATABASE_URL", None)
    make_keys(folder)
    live = Live(folder, environment, port)
    live.flask("db", "upgrade")
    live.flask("programme", "load", str(_programme_of_today(folder)))
    live.flask("people", "import", str(_people_file(folder)))
    with live.app.app_context():
        make_later_stages()
    _begin_phases(live)
    # Threads, as in bin/dev: browsers open connections ahead of their requests.
    live.start(
        "gunicorn", "--workers", "2", "--threads", "16", "--preload", "--log-level", "error", "--no-control-socket",
        "--bind", f"127.0.0.1:{port}", "wsgi:app",
    )  # fmt: skip
    try:
        _await(f"http://127.0.0.1:{port}/readyz")
        yield live
    finally:
        live.stop()


def chromium() -> str | None:
    """Debian's or anyone's Chromium; None lets Playwright look for the one that it brought."""
    given = os.environ.get("CHROMIUM")
    return (
        given or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _programme_of_today(folder: Path) -> Path:
    """The shipped programme, its dates moved so that stage 2 is as long under way as on the day of the factories."""
    passed = date.today() - TODAY  # noqa: DTZ011  the processes under test ask the same clock
    text = _PROGRAMME.read_text("utf-8")
    path = folder / "programme.toml"
    path.write_text(
        re.sub(r"\b\d{4}-\d\d-\d\d\b", lambda found: str(date.fromisoformat(found[0]) + passed), text),
        "utf-8",
    )
    return path


def _begin_phases(live: Live) -> None:
    """Those whose date has come. The worker would do it too, sooner or later, and tell whoever has a phone by then."""
    with live.app.app_context():
        begin_due_phases(clock.now())
        db.session.commit()


def _people_file(folder: Path) -> Path:
    """One of each role, and some colleagues."""
    path = folder / "people.csv"
    path.write_text(
        "email,name,municipality,role,title,language\n"
        "karin.lindqvist@bjuv.se,Karin Lindqvist,bjuv,participant,bibliotekarie,sv\n"
        "cecilia.falk@bjuv.se,Cecilia Falk,bjuv,coordinator,kommunikatör,sv\n"
        "kim.krook@klippan.se,Kim Krook,klippan,coordinator,kommunikatör,sv\n"
        "amira.haddad@klippan.se,Amira Haddad,klippan,participant,trainee,sv\n"
        "petra.wallin@helsingborg.se,Petra Wallin,helsingborg,lead,programledare,sv\n"
        "torsten.ekstrom@helsingborg.se,Torsten Ekström,helsingborg,steering,kommunikationschef,sv\n",
        encoding="utf-8",
    )
    return path


def _await(url: str) -> None:
    deadline = monotonic() + 30
    while monotonic() < deadline:
        try:
            with urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            sleep(0.1)
    raise AssertionError(f"{url} did not answer within 30 seconds")
