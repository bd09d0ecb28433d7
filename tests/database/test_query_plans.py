"""No page goes through a whole table of what people leave behind: its cost would grow with every year."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Connection, event

from app import clock
from app.extensions import Model, db
from app.gateways.survey_keys import SurveyKeys
from app.models.activity import Activity
from app.models.follow import FollowKind
from app.models.outcome import Permission
from app.models.person import Person
from app.models.tip import Tip
from app.services.activities.adoption import adopt
from app.services.activities.cheer import cheer
from app.services.activities.coming import come_along
from app.services.badges.rules import RULES
from app.services.conversation.thread import FIRST_ANSWERS
from app.services.feed.following import follow, followable
from app.services.feed.pins import pin
from app.services.points.neighbours import show
from tests.activities.closing import make_closed_out
from tests.calendar_makers import make_calendar
from tests.cast import Cast
from tests.challenge_makers import complete, make_challenge, make_open, make_undertaking, take_on
from tests.comment_makers import make_comment, make_talk
from tests.factories import NOW, make_activity, make_outcome, make_tip
from tests.lesson_makers import draft, publish
from tests.lobby_makers import make_screen
from tests.point_makers import make_question
from tests.survey_makers import make_survey
from tests.thanks_makers import make_thanks

pytestmark = pytest.mark.sqlite

#: The programme's own tables, and what has a row for each of its parts: they may be read whole.
_SMALL = {
    "programme", "value", "focus_area", "municipality", "stage", "stage_event", "municipality_total", "job_run",
    "challenge_template", "lobby_address", "survey", "lesson_set",
}  # fmt: skip
#: All others grow with people and years.
_GROWING = "|".join(sorted(set(Model.metadata.tables) - _SMALL))
#: Partial indexes hold the few that are open or opted in.
_FEW = "uq_flag_open|ix_appeal_open|ix_person_ranked|ix_removal_waiting|ix_undertaking_waiting"
_FEW += "|ix_point_question_waiting"
_WHOLE = re.compile(rf"SCAN ({_GROWING})(_\d+)?\b(?! USING (COVERING )?INDEX ({_FEW})$)")

#: Addresses that a participant may not see.
_OF_COORDINATORS = (
    "/moderation",
    "/people/invite",
    "/challenges/new",
    "/challenges/reviews",
    "/points/questions",
    "/insights",
    "/challenges/{challenge}/edit",
    "/stages/1/lessons/edit",
)

As = Callable[[Person], FlaskClient]
Statement = tuple[str, Any]

_PAGES = (
    "/", "/?show=you", "/?show=all", "/?show=reported", "/?show=m:1", "/feed/new?since=1-1&show=you", "/follows",
    "/activities/new", "/activities/{reported}",
    "/activities/{reported}/spread", "/activities/new?focus_area=larande&value=valkomnande",
    "/activities/{planned}", "/activities/{planned}/coming",
    "/activities/{reported}/outcome", "/activities/mine", "/activities/peers?focus_area=larande",
    "/challenges", "/challenges?value=valkomnande&focus_area=larande", "/challenges/all", "/challenges/{challenge}",
    "/challenges/carried-out?value=valkomnande&focus_area=larande", "/challenges/{challenge}/activities",
    "/challenges/new", "/challenges/{challenge}/edit",
    "/leaderboard", "/leaderboard?stage=all", "/leaderboard/bjuv", "/leaderboard/people", "/points",
    "/points/questions", "/me/points/{entry}/question",
    "/stages", "/stages/2", "/stages/1/end", "/survey/results/2", "/inbox", "/settings", "/me", "/me/points",
    "/people/{alice}", "/people/{alice}/thanks", "/people/{alice}/thanks?before=9", "/thanks/{thanks}", "/me/page",
    "/people/search?q=al", "/people/search?q=al+ah",
    "/people/search?pick=many&field=colleagues&colleagues=al&person_id=1",
    "/people/invite", "/moderation", "/moderation/log", "/challenges/reviews",
    "/activities/new?challenge={asked}", "/tips", "/tips?kind=pitfall", "/tips?value=valkomnande",
    "/tips?focus_area=larande&value=valkomnande", "/tips?after=60000-7", "/tips/{tip}", "/tips/new",
    "/activities/peers?focus_area=larande&value=valkomnande&heeding={tip}",
    "/activities/peers?focus_area=larande&shown={tip}", "/insights/stages/2", "/insights/stages/2.json",
    "/badges", *(f"/badges/{rule.slug}" for rule in RULES),
    "/search?q=bj", "/search?q=bjud+in+grannarna", "/search?q=bibiotek", "/search?q=xyxyxyx",
    "/search?q=alice&kind=people", "/search?q=bjuv&kind=activities&after=0-9999",
    "/screen/{screen}", "/screen/{screen}/now", "/survey", "{calendar}", "/activities/{planned}.ics",
    "/stages/2/lessons", "/stages/1/lessons/edit", "{close_open}", "{close_done}",
    "/activities/{planned}/comments", "/activities/{planned}/comments?after=1", "/comments/{thread}",
    "/comments/{thread}?after=1", "/comments/{thread}/answer", "/comments/mentions?q=al",
)  # fmt: skip


def test_every_page_reads_by_index(cast: Cast, as_: As, tmp_path: Path) -> None:
    """All pages of one world: none writes anything, and the world takes far longer to make than a page to read."""
    numbers = _world(cast, as_)
    make_survey(SurveyKeys(tmp_path), ends_on=date(2100, 1, 1))
    participant, coordinator = as_(cast.alice), as_(cast.cora)
    whole = {}
    for page in _PAGES:
        client = coordinator if page.startswith(_OF_COORDINATORS) else participant
        db.session.remove()  # so that it asks for everything itself
        with _statements() as sent:
            assert client.get(page.format(**numbers)).status_code == 200, page
        assert sent, page
        whole[page] = [step for statement in sent for step in _plan(statement) if _is_whole(step)]
    assert {page: steps for page, steps in whole.items() if steps} == {}


def _is_whole(step: str) -> bool:
    return bool(_WHOLE.match(step)) or step.startswith("MATERIALIZE (join")


def _world(cast: Cast, as_: As) -> dict[str, Any]:
    """The numbers that the addresses name, with something on every page."""
    reported, planned = _some_history(cast, as_), make_activity(cast.alice)
    come_along(planned, cast.bob, now=NOW)
    come_along(asked_about := make_activity(cast.bob), cast.alice, now=NOW)
    asked = make_challenge(needs_approval=True)
    complete(make_undertaking(cast.bob, asked))
    challenge = make_open(cast.cora, municipality_id=cast.cora.municipality_id)
    take_on(challenge, db.session.get_one(Activity, reported))
    tip = make_tip(cast.bob).id
    make_activity(cast.alice, heeded=frozenset({tip}))
    show(cast.alice)
    cheer(db.session.get_one(Tip, tip), cast.alice, now=NOW)
    draft(1, NOW)
    draft(2, NOW)
    publish(cast.lena)
    numbers: dict[str, Any] = {
        "reported": reported,
        "planned": planned.id,
        "alice": cast.alice.id,
        "tip": tip,
        "thanks": make_thanks(cast.alice, cast.bob).id,
    }
    thing = followable(FollowKind.PERSON, cast.bob.id)
    assert thing
    follow(thing, by=cast.alice, now=NOW)
    pin(asked_about, clock.local_date(clock.now(), "Europe/Stockholm"), by=cast.cora, now=clock.now())
    numbers |= {"challenge": challenge.id, "asked": asked.id}
    numbers |= {"thread": _talk(planned, cast)}
    numbers |= {"entry": make_question(cast.alice).entry_id, "screen": make_screen(cast.lena)}
    return numbers | {"calendar": make_calendar(cast.alice)} | make_closed_out(cast.alice, clock.now())


def _talk(planned: Activity, cast: Cast) -> int:
    """Of a thread that goes on after its first answers."""
    opening = make_talk(planned, cast.bob, cast.alice, cast.cora)
    for _ in range(FIRST_ANSWERS):
        make_comment(planned, cast.alice, to=opening)
    return opening.id


def _some_history(cast: Cast, as_: As) -> int:
    """Everything there can be about an activity; the number of one that is reported and shown."""
    shown, hidden = make_activity(cast.alice), make_activity(cast.alice)
    make_outcome(shown, permission=Permission.EXTERNAL)
    db.session.commit()
    adopt(make_activity(cast.bob), shown, now=NOW)
    number, other = shown.id, hidden.id
    for who, path, said in (
        (cast.bob, f"/activities/{number}/cheer", {}),
        (cast.bob, f"/moderation/report/{number}", {"reason": "tone"}),
        (cast.cora, f"/moderation/{other}/decision", {"verdict": "hide", "reason": "tone"}),
        (cast.alice, f"/moderation/answer/{other}", {"text": "Jo."}),
        (cast.cora, f"/activities/{number}/best-practice", {"sentence": "Gör så."}),
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
