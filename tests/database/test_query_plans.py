"""No page goes through a whole table of what people leave behind: its cost would grow with every year."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Connection, event

from app.extensions import Model, db
from app.models.person import Person
from tests.cast import Cast
from tests.factories import make_activity, make_outcome, make_tip

pytestmark = pytest.mark.sqlite

#: The programme's own tables, and what has a row for each of its parts: they may be read whole.
_SMALL = {
    "programme", "value", "focus_area", "municipality", "stage", "stage_event", "municipality_total", "job_run",
}  # fmt: skip
#: All others grow with people and years.
_GROWING = "|".join(sorted(set(Model.metadata.tables) - _SMALL))
#: Partial indexes hold the few that are open or opted in.
_FEW = "uq_flag_open|ix_appeal_open|ix_person_ranked"
_WHOLE = re.compile(rf"SCAN ({_GROWING})(_\d+)?\b(?! USING (COVERING )?INDEX ({_FEW})$)")

As = Callable[[Person], FlaskClient]
Statement = tuple[str, Any]


@pytest.mark.parametrize(
    "path",
    [
        "/", "/?show=reported", "/?show=m:1", "/activities/new", "/activities/{reported}",
        "/activities/{reported}/outcome", "/activities/mine", "/activities/peers?focus_area=larande",
        "/leaderboard", "/leaderboard?stage=all", "/stages", "/stages/2", "/inbox", "/settings", "/me", "/me/points",
        "/people/{alice}", "/people/search?q=al", "/people/search?q=al+ah",
        "/people/search?pick=many&field=colleagues&colleagues=al&person_id=1",
        "/people/invite", "/moderation", "/moderation/log", "/tips", "/tips?kind=pitfall", "/tips?value=valkomnande",
        "/tips?focus_area=larande&value=valkomnande", "/tips?after=60000-7", "/tips/{tip}", "/tips/new",
        "/activities/peers?focus_area=larande&value=valkomnande&heeding={tip}",
        "/activities/peers?focus_area=larande&shown={tip}",
    ],
)  # fmt: skip
def test_the_page_reads_by_index(path: str, cast: Cast, as_: As) -> None:
    activity, tip = _some_history(cast, as_), make_tip(cast.bob).id
    make_activity(cast.alice, heeded=frozenset({tip}))
    viewer = cast.cora if path.startswith(("/moderation", "/people/invite")) else cast.alice
    client = as_(viewer)
    with _statements() as sent:
        assert client.get(path.format(reported=activity, alice=cast.alice.id, tip=tip)).status_code == 200
    assert sent
    steps = [step for statement in sent for step in _plan(statement)]
    assert [step for step in steps if _WHOLE.match(step) or step.startswith("MATERIALIZE (join")] == []


def _some_history(cast: Cast, as_: As) -> int:
    """Everything there can be about an activity; the number of one that is reported and shown."""
    shown, hidden = make_activity(cast.alice), make_activity(cast.alice)
    make_outcome(shown)
    db.session.commit()
    number, other = shown.id, hidden.id
    for who, path, said in (
        (cast.bob, f"/activities/{number}/cheer", {}),
        (cast.bob, f"/moderation/report/{number}", {"reason": "tone"}),
        (cast.cora, f"/moderation/{other}/removal", {"reason": "tone"}),
        (cast.alice, f"/moderation/answer/{other}", {"text": "Jo."}),
    ):
        assert as_(who).post(path, data=said).status_code == 303
    return number


@contextmanager
def _statements() -> Iterator[list[Statement]]:
    sent: list[Statement] = []

    def note(_c: Connection, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("SELECT"):
            sent.append((statement, parameters))

    engine = db.engine.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _plan(statement: Statement) -> list[str]:
    text, parameters = statement
    return [
        row[3] for row in db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", parameters)
    ]
