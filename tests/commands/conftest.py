"""A worker as a process of its own, on a database that it shares with the test."""

import dataclasses
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import clock, create_app
from app.config import Settings
from app.extensions import Model, db
from app.services.delivery.sender import make_keys
from app.services.stages.advance import begin_due_phases
from tests.conftest import ON_POSTGRESQL, _postgresql
from tests.factories import load_small_programme
from tests.push_service import PushService

#: What the workers say, in the data directory.
LOG = "worker.log"
Start = Callable[..., "subprocess.Popen[bytes]"]

_ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def real_app(
    settings: Settings, push_service: PushService, tmp_path: Path, worker_id: str
) -> Iterator[Flask]:
    """The application on a database that a worker process shares: committed for real, not rolled back."""
    url = f"sqlite:///{tmp_path / 'shared.db'}"
    if ON_POSTGRESQL:
        url = _postgresql(f"{worker_id}_worker").replace("postgresql://", "postgresql+psycopg://", 1)
    own = dataclasses.replace(
        settings,
        data_dir=tmp_path,
        database_url=url,
        mail_url=f"file://{tmp_path / 'mail'}",
        push_extra_hosts=frozenset({push_service.authority}),
        vapid_private_key=str(make_keys(tmp_path)),
    )
    app = create_app(own)
    with app.app_context():
        Model.metadata.create_all(db.engine)
        load_small_programme()
        begin_due_phases(clock.now())
        db.session.commit()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def start(real_app: Flask) -> Iterator[Start]:
    """Start a worker process, perhaps with other settings; whatever still runs at the end of the test is killed."""
    settings: Settings = real_app.config["SETTINGS"]
    env = os.environ | {
        "ELDSJAL_DEV": "1",
        "DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url,
        "MAIL_URL": settings.mail_url,
        "SECRET_KEY": settings.secret_key,
        "VAPID_SUBJECT": settings.vapid_subject,
        "PUSH_EXTRA_HOSTS": ",".join(settings.push_extra_hosts),
    }
    started: list[subprocess.Popen[bytes]] = []

    def run(**other: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
        with (settings.data_dir / LOG).open("ab") as log:
            started.append(subprocess.Popen(command, cwd=_ROOT, env=env | other, stdout=log))
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.wait()
