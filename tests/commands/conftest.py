"""A worker as a process of its own, on a database that it shares with the test."""

import dataclasses
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from app import clock, create_app
from app.config import Settings
from app.extensions import Model, db
from app.models.stage import PHASE_DATES, stages
from app.services.delivery.sender import make_keys
from app.services.stages.advance import begin_due_phases
from tests.conftest import ON_POSTGRESQL, _postgresql
from tests.factories import load_small_programme
from tests.fan_out import start_worker
from tests.push_service import PushService

#: What the workers say, in the data directory.
LOG = "worker.log"
Start = Callable[..., "subprocess.Popen[bytes]"]


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
        _let_the_stages_be_over()
        begin_due_phases(clock.now())
        db.session.commit()
        yield app
        db.session.remove()
        db.engine.dispose()


def _let_the_stages_be_over() -> None:
    """So that the worker tells nobody anything by itself, on whatever day the test runs."""
    for stage in stages():
        for _phase, column in PHASE_DATES:
            setattr(stage, column, getattr(stage, column) - timedelta(days=1000))


@pytest.fixture
def start(real_app: Flask) -> Iterator[Start]:
    """Start a worker process, perhaps with other settings; whatever still runs at the end of the test is killed."""
    settings: Settings = real_app.config["SETTINGS"]
    started: list[subprocess.Popen[bytes]] = []

    def run(lease: float = 0, **other: str) -> subprocess.Popen[bytes]:
        started.append(start_worker(settings, lease=lease, log=settings.data_dir / LOG, **other))
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.wait()
