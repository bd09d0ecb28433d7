"""The kinds of notification: each is one row, the row is whole, and everybody reads it."""

import ast
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from flask_babel import force_locale
from sqlalchemy import func, select

from app.extensions import db
from app.gateways.survey_keys import SurveyKeys
from app.models.notification import Delivery, Group, Kind, Notification
from app.models.person import Person
from app.services.activities.adoption import adopt
from app.services.activities.best_practice import lift
from app.services.activities.cheer import cheer
from app.services.activities.coming import cannot_come, come_along
from app.services.activities.plan import (
    answer_invitation,
    invite,
    move_activity,
    plan_activity,
    withdraw_activity,
)
from app.services.activities.visibility import whole_activity
from app.services.challenges.review import approve, send_back
from app.services.challenges.telling import tell_of_new_challenges
from app.services.moderation.appeals import answer_back
from app.services.moderation.decide import hide, keep, restore
from app.services.moderation.flags import flag
from app.services.notifications.kinds import GROUPS, KINDS, Merge, NotificationKind, words_of
from app.services.notifications.notify import notify
from app.services.points.questions import answer
from app.services.stages.advance import begin_due_phases
from app.services.stages.run_playbook import run_playbook
from tests.cast import Cast
from tests.challenge_makers import complete, make_challenge, make_open, make_undertaking
from tests.comment_makers import make_comment
from tests.factories import NOW, TODAY, make_activity, make_outcome, make_person, make_plan, make_tip, stage
from tests.house.tracked import ROOT, name, tracked
from tests.message_makers import SLOT, make_message, send_at
from tests.point_makers import make_question
from tests.push import subscribed
from tests.push_device import Device
from tests.survey_makers import make_survey, tell_everything
from tests.thanks_makers import make_thanks

As = Callable[[Person], FlaskClient]
_ROWS = [pytest.param(row, id=kind.value) for kind, row in KINDS.items()]


def test_each_kind_has_a_row() -> None:
    assert list(KINDS) == list(Kind)


@pytest.mark.parametrize("row", _ROWS)
def test_its_icon_and_its_colour_exist(row: NotificationKind) -> None:
    static = ROOT / "app" / "static"
    sprite = (static / "icons" / "sprite.svg").read_text("utf-8")
    colours = (static / "css" / "components" / "hues.css").read_text("utf-8")
    assert f'id="{row.icon}"' in sprite
    assert re.search(rf"\.{row.hue}\b", colours)


def test_whatever_people_are_told_has_words_in_both_languages(cast: Cast, tmp_path: Path) -> None:
    """With the parameters that the services give: what happens here must bring about a notification of each kind."""
    _let_everything_happen(cast)
    tell_everything(make_survey(SurveyKeys(tmp_path)))
    messages = [(row.kind, row.parameters) for row in db.session.scalars(select(Notification))]
    words = {"title": {"sv": "Hej", "en": "Hello"}, "body": {"sv": "Text", "en": "Words"}}
    messages += [(Kind.TEST.value, {}), (Kind.TEST.value, words)]
    assert {kind for kind, _ in messages} == set(Kind)
    for kind, parameters in messages:
        swedish, english = words_of(kind, parameters, "sv"), words_of(kind, parameters, "en")
        assert swedish.title != english.title
        assert swedish.body
        assert english.body
        assert "%" not in "".join((*swedish, *english))


def _let_everything_happen(cast: Cast) -> None:
    alice, bob, charlie, cora, kim = cast.alice, cast.bob, cast.charlie, cast.cora, cast.kim
    numbers = [make_activity(alice).id for _ in range(3)]
    planned, kept, hidden = (whole_activity(number) for number in numbers)
    assert planned
    assert kept
    assert hidden
    begin_due_phases(NOW)
    answer_invitation(invite(planned, bob, by=alice, now=NOW), True, now=NOW)
    answer_invitation(invite(planned, charlie, by=alice, now=NOW), False, now=NOW)
    for activity, fan in ((planned, charlie), (planned, kim), (kept, bob)):
        cheer(activity, fan, now=NOW)
    tip = make_tip(alice)
    cheer(tip, bob, now=NOW)
    opening = make_comment(tip, bob)
    for answer_of in (charlie, kim):
        make_comment(tip, answer_of, to=opening)
    make_comment(tip, alice, "Hej @Bob Berg och @Klippan!")
    plan_activity(charlie, make_plan(heeded=frozenset({tip.id})), stage=stage(), request_key="heeds", now=NOW)
    planned.places = 1
    for person in (kim, cora):
        come_along(planned, person, now=NOW)
        come_along(hidden, person, now=NOW)
    cannot_come(planned, kim, now=NOW)
    move_activity(planned, TODAY + timedelta(days=3), by=alice, now=NOW)
    withdraw_activity(planned, by=alice, now=NOW)
    make_thanks(bob, alice)
    for activity in (kept, hidden):
        flag(activity, charlie, "tone", "", NOW)
    keep(kept, cora, NOW)
    hide(hidden, cora, "tone", "Skriv om slutet.", NOW)
    answer_back(hidden, alice, "Nu är det omskrivet.", NOW)
    restore(hidden, cora, NOW)
    complete(undertaken := make_undertaking(alice, make_challenge(needs_approval=True)))
    send_back(undertaken, cora, "Vem kom?", NOW)
    complete(undertaken, story="Sara kom.")
    approve(undertaken, cora, NOW)
    make_open(cast.lena, opens_on=TODAY)
    tell_of_new_challenges(NOW)
    _let_an_idea_spread(cast)
    answer(make_question(alice), cora, "Det stämmer.", False, NOW)
    make_message(cast.lena, title={"sv": "Etapp %(number)s", "en": "Stage %(number)s"})
    send_at(SLOT)
    _let_the_stage_pass(charlie)
    db.session.commit()


def _let_the_stage_pass(planner: Person) -> None:
    """Somebody is idle on a Tuesday, it becomes Monday, the acting is soon over, and in the end the stage is."""
    make_person()
    for days in (-1, 1):
        make_activity(planner, planned_for=TODAY + timedelta(days=days))
    for days in (0, 6, 17, 20, 34):
        begin_due_phases(NOW + timedelta(days=days))
        run_playbook(NOW + timedelta(days=days), commit=db.session.flush)


def _let_an_idea_spread(cast: Cast) -> None:
    for borrowers in ((cast.bob,), (cast.bob, cast.charlie)):
        done = make_activity(cast.alice)
        make_outcome(done)
        for borrower in borrowers:
            adopt(make_activity(borrower), done, now=NOW)
    lifted = whole_activity(done.id)
    assert lifted
    lift(lifted, "Så gör man.", by=cast.cora, now=NOW)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_settings_page_has_a_switch_for_each_group(cast: Cast, as_: As, language: str) -> None:
    cast.alice.language = language
    db.session.commit()
    page = as_(cast.alice).get("/settings").text
    assert _switches(page) == [group.value for group in GROUPS]
    with force_locale(language):
        texts = [str(text) for switch in GROUPS.values() for text in switch]
    assert [text for text in texts if text not in page] == []


def _switches(page: str) -> list[str]:
    return re.findall(r'name="groups" id="group-[a-z]+" value="([a-z]+)"', page)


def test_each_group_has_a_switch_and_something_to_switch_off() -> None:
    assert set(GROUPS) == set(Group)
    assert {row.group for row in KINDS.values() if row.pushed and row.group} == set(Group)


def test_a_kind_that_is_not_pushed_is_only_in_the_inbox(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    subscribed(cast.alice, Device("https://fcm.googleapis.com/fcm/send/phone"))
    monkeypatch.setitem(KINDS, Kind.ANSWER, replace(KINDS[Kind.ANSWER], pushed=False))
    assert notify([cast.alice.id], Kind.ANSWER, key="a", url="/", parameters={}, now=NOW) == 1
    assert db.session.scalar(select(func.count()).select_from(Delivery)) == 0


@pytest.mark.parametrize(("merge", "next_day"), [(Merge.BY_KEY, 0), (Merge.BY_DAY, 1)])
def test_the_same_again_is_news_once_or_once_a_day(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, merge: Merge, next_day: int
) -> None:
    monkeypatch.setitem(KINDS, Kind.ANSWER, replace(KINDS[Kind.ANSWER], merge=merge))
    # NOW is ten in the morning where the programme is; midnight comes fourteen hours later.
    newly_told = [
        notify(
            [cast.alice.id], Kind.ANSWER, key="a", url="/", parameters={}, now=NOW + timedelta(hours=hours)
        )
        for hours in (0, 13, 14)
    ]
    assert newly_told == [1, 0, next_day]


def test_all_sparks_of_a_day_are_one_notification(cast: Cast) -> None:
    *fans, late = cast.bob, cast.charlie, cast.kim, cast.cora
    activity = make_activity(cast.alice)
    for fan in fans:
        cheer(activity, fan, now=NOW)
    cheer(activity, late, now=NOW + timedelta(days=1))
    sparks = db.session.scalars(select(Notification).order_by(Notification.id)).all()
    assert [words_of(row.kind, row.parameters, "en").title for row in sparks] == [
        "Bob Berg and 2 more gave you sparks",
        "Cora Coster gave you a spark",
    ]


def test_there_is_no_second_list_of_kinds() -> None:
    """Elsewhere a kind is named to notify of it, and never to tell one kind from another."""
    lists = [
        f"{name(path)}:{node.lineno}"
        for path in tracked("app/*.py")
        if name(path) != "app/services/notifications/kinds.py"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Compare | ast.Dict | ast.Set | ast.List | ast.Tuple | ast.MatchValue)
        if any(_is_a_kind(child) for child in ast.iter_child_nodes(node))
    ]
    assert lists == []


def _is_a_kind(node: ast.AST) -> bool:
    """`Kind.CHEER`, or `Kind.CHEER.value`."""
    if isinstance(node, ast.Attribute) and node.attr == "value":
        node = node.value
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Kind"
