"""A stage that enters a phase, with 30,000 people and their phones: the lead's request, and the worker's telling."""

import re
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from flask import Flask
from sqlalchemy import delete, func, insert, select

from app import create_app
from app.config import Settings
from app.extensions import db
from app.models.notification import Delivery, Notification, PushSubscription
from app.models.person import Person, Role
from app.models.playbook import PlaybookRun
from app.models.sign_in import DeviceSession
from app.models.stage import Phase, Stage
from app.services.notifications.playbook import PLAYBOOK, steps
from app.services.programme.clock import local_today
from app.services.stages.run_playbook import run_playbook
from bench.database import databases, filled
from bench.targets import at_least, at_most
from tests.factories import load_small_programme, make_person, municipality

_PEOPLE, _PORTION = 30_000, 5000
_ROUNDS: Final = 3
_Rows = list[tuple[Any, list[dict[str, Any]]]]


def run(*, quick: bool = False, postgresql: bool = False) -> bool:
    """With `quick` a tenth of the people."""
    people = _PEOPLE // 10 if quick else _PEOPLE
    print(f"stage: a phase begins for {people:,} people on {'PostgreSQL' if postgresql else 'SQLite'}")
    with databases(postgresql=postgresql) as new:
        database = filled(new("stage"), lambda: _fill(people))
        app = create_app(Settings.from_env(database.environment))
        request = _request_seconds(app, database.cookie)
        with app.app_context():
            telling, rows = _telling()
            plain = min(_plain_seconds(_rows_written()) for _round in range(_ROUNDS))
            db.session.remove()
            db.engine.dispose()
    print(f"  {rows:,} rows: told {rows / telling:,.0f}/s, written as plain rows {rows / plain:,.0f}/s")
    return all(
        [
            at_most("seconds of the lead's request", request, 0.3),
            at_least("rows/s ÷ those of a plain bulk insert of the same rows", plain / telling, 0.12),
        ]
    )


def _fill(people: int) -> None:
    """A lead, and everybody else with a phone; written past the services, which would take an hour. What the playbook
    has for the present phase has gone out."""
    load_small_programme()
    make_person("Lena Lead", role=Role.LEAD)
    now, place = datetime.now(UTC), municipality("bjuv").id
    _let_stage_run(local_today(now))
    for start in range(0, people, _PORTION):
        numbers = range(start, min(start + _PORTION, people))
        rows = [
            {"email": f"p{n}@bjuv.se", "name": f"Person {n}", "municipality_id": place, "joined_at": now}
            for n in numbers
        ]
        ids = db.session.scalars(insert(Person).returning(Person.id), rows).all()
        sessions = [
            {"person_id": n, "token_hash": f"bench-{n}", "label": "", "created_at": now, "seen_at": now}
            for n in ids
        ]
        session_ids = db.session.scalars(insert(DeviceSession).returning(DeviceSession.id), sessions).all()
        phones = [
            {
                "person_id": person, "device_session_id": session, "endpoint": f"https://push.example/{person}",
                "p256dh": "x", "auth": "x", "created_at": now,
            }
            for person, session in zip(ids, session_ids, strict=True)
        ]  # fmt: skip
        db.session.execute(insert(PushSubscription), phones)
    _note_what_went_out(now)
    db.session.commit()


def _let_stage_run(today: date) -> None:
    """The second stage is in the middle of its acting."""
    stage = Stage.numbered(2)
    assert stage
    stage.measure_on, stage.activate_on = today - timedelta(days=40), today - timedelta(days=30)
    stage.learn_on, stage.end_on = today + timedelta(days=30), today + timedelta(days=40)


def _note_what_went_out(now: datetime) -> None:
    """All that the playbook has for these days but the phase that is about to begin."""
    today = local_today(now)
    rows = [
        {
            "stage_id": stage.id,
            "step": step.name,
            "day": today,
            "told": 0,
            "finished_at": now,
            "is_skipped": False,
        }
        for stage in db.session.scalars(select(Stage))
        for step in PLAYBOOK
        if step.when and step not in steps(Phase.LEARN)
    ]
    db.session.execute(insert(PlaybookRun), rows)


def _request_seconds(app: Flask, cookie: str) -> float:
    client = app.test_client()
    client.set_cookie(*cookie.split("=", 1))
    page = client.get("/admin/stages/2").text
    fields = dict(re.findall(r'name="(csrf_token|to)" type="hidden" value="([^"]+)"', page))
    fields |= dict(re.findall(r'type="hidden" name="(csrf_token)" value="([^"]+)"', page))
    begin = time.perf_counter()
    answer = client.post("/admin/stages/2/advance", data=fields)
    seconds = time.perf_counter() - begin
    assert answer.status_code == 303, answer.status
    return seconds


def _telling() -> tuple[float, int]:
    """Seconds of the worker, and how many rows it wrote."""
    begin = time.perf_counter()
    run_playbook(datetime.now(UTC), commit=db.session.commit)
    seconds = time.perf_counter() - begin
    return seconds, sum(
        db.session.scalar(select(func.count()).select_from(table)) or 0 for table in (Notification, Delivery)
    )


def _rows_written() -> _Rows:
    rows: _Rows = [
        (
            table,
            [dict(row) for row in db.session.execute(select(table.__table__).order_by(table.id)).mappings()],
        )
        for table in (Notification, Delivery)
    ]
    db.session.commit()
    return rows


def _plain_seconds(rows: _Rows) -> float:
    """The same rows again, into the same tables with their indices and nothing else asked."""
    for table, _rows in reversed(rows):
        db.session.execute(delete(table))
    db.session.commit()
    begin = time.perf_counter()
    for table, some in rows:
        for start in range(0, len(some), _PORTION):
            db.session.execute(insert(table), some[start : start + _PORTION])
    db.session.commit()
    return time.perf_counter() - begin
