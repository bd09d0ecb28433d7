"""A worker that is killed thirty times amid a fan-out of 16,000 pushes: none is lost, few are sent twice."""

import tempfile
import time
from pathlib import Path

from app import clock, create_app
from app.config import Settings
from app.extensions import Model, db
from app.models.notification import DeliveryState
from app.services.delivery.pushes import MOST_UNSETTLED
from app.services.delivery.sender import make_keys
from app.services.stages.advance import begin_due_phases
from bench.targets import at_most
from tests.factories import load_small_programme
from tests.fan_out import count_of, kill_amid, start_worker, tell_devices, times_told, until
from tests.push_service import PushService

_DEVICES = 16_000
_KILLS = 30
#: Seconds until a killed worker's claims run out. A portion must be sent within them.
_LEASE = 5.0
#: Seconds that the push service takes to answer: what it has received by then and not answered is sent again.
_LATENCY = 0.04


def run(*, quick: bool = False) -> bool:
    """Kill at even distances, and let a last worker finish."""
    devices, kills = (2_000, 4) if quick else (_DEVICES, _KILLS)
    print(
        f"kills: {devices:,} pushes, latency {_LATENCY * 1000:.0f} ms, {kills} kills with a lease of {_LEASE:g} s"
    )
    with tempfile.TemporaryDirectory() as name, PushService(latency=_LATENCY) as service:
        settings = _settings(Path(name), service)
        with create_app(settings).app_context():
            _begin(service, devices)
            unsettled_counts = [
                kill_amid(service, start_worker(settings, lease=_LEASE), devices // (kills + 1))
                for _ in range(kills)
            ]
            seconds = _finish(settings)
            lost, given_up = devices - len(times_told(service)), count_of(DeliveryState.GIVEN_UP)
            db.session.remove()
            db.engine.dispose()
    twice = sum(times_told(service).values()) - len(times_told(service))
    print(
        f"  the last worker took {seconds:.1f} s; unsettled at each kill: {', '.join(map(str, unsettled_counts))}"
    )
    return all(
        [
            at_most("lost", lost, 0),
            at_most("given up", given_up, 0),
            at_most("sent twice, the most at a kill", max(unsettled_counts), MOST_UNSETTLED),
            at_most("sent twice, for each kill", twice / kills, MOST_UNSETTLED),
        ]
    )


def _settings(folder: Path, service: PushService) -> Settings:
    return Settings.from_env(
        {
            "ELDSJAL_DEV": "1",
            "DATA_DIR": str(folder),
            "SECRET_KEY": "for the benchmark only, and long enough",
            "VAPID_PRIVATE_KEY": str(make_keys(folder)),
            "VAPID_SUBJECT": "mailto:bench@example.se",
            "PUSH_EXTRA_HOSTS": service.authority,
        }
    )


def _begin(service: PushService, devices: int) -> None:
    Model.metadata.create_all(db.engine)
    load_small_programme()
    begin_due_phases(clock.now())
    db.session.commit()
    tell_devices(service, devices)


def _finish(settings: Settings) -> float:
    begin = time.monotonic()
    worker = start_worker(settings, lease=_LEASE)
    until(lambda: not count_of(DeliveryState.WAITING), seconds=300)
    worker.terminate()
    worker.wait()
    return time.monotonic() - begin
