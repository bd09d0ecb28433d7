"""No page asks the database more often because there is more to show."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.gateways.survey_keys import SurveyKeys
from app.models.activity import Activity
from app.models.best_practice import BestPractice
from app.models.challenge import Challenge
from app.models.follow import FollowKind
from app.models.notification import Kind
from app.models.outcome import Permission, Photo
from app.models.person import Person
from app.models.survey import Survey
from app.models.tip import TipKind
from app.services.activities.adoption import adopt
from app.services.activities.cheer import cheer
from app.services.activities.coming import come_along
from app.services.activities.heeding import heeded_ids
from app.services.activities.plan import answer_invitation, change_plan, invite
from app.services.activities.visibility import whole_activity
from app.services.conversation.subjects import subject
from app.services.feed.following import follow, followable
from app.services.moderation.appeals import answer_back
from app.services.moderation.decide import hide
from app.services.moderation.flags import flag
from app.services.moderation.picture_answers import answer_back_about
from app.services.moderation.pictures import object_to, withhold
from app.services.notifications.notify import notify
from app.services.points.neighbours import show
from tests.activities.closing import make_closed_out
from tests.calendar_makers import make_calendar
from tests.cast import Cast
from tests.challenge_makers import complete, make_challenge, make_draft, make_open, make_undertaking, take_on
from tests.comment_makers import make_talk
from tests.factories import NOW, TODAY, make_activity, make_outcome, make_person, make_plan, make_tip
from tests.lesson_makers import draft, publish
from tests.lobby_makers import make_screen
from tests.message_makers import make_gone, make_message
from tests.point_makers import make_question
from tests.push import sign_in_device
from tests.survey_makers import answer_as, make_survey

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]

_PAGES = (
    ("alice", "/"), ("alice", "/?show=you"), ("alice", "/feed/new?since=1-1"),
    ("alice", "/feed/new?since=1-1&show=you"),
    ("alice", "/follows"), ("charlie", "/leaderboard/bjuv"), ("alice", "/leaderboard"),
    ("alice", "/leaderboard/bjuv"), ("alice", "/leaderboard/people"),
    ("alice", "/points"), ("cora", "/points/questions"), ("alice", "/me/points/{entry}/question"), ("alice", "/stages"),
    ("alice", "/stages/2"), ("alice", "/stages/1/end"), ("cora", "/"),
    ("alice", "/me"), ("alice", "/me/points"), ("alice", "/settings"), ("alice", "/inbox"),
    ("alice", "/people/search?q=pe"), ("alice", "/people/{alice}"),
    ("bob", "/people/{alice}"), ("bob", "/people/{alice}/thanks"), ("alice", "/people/{alice}/thanks"),
    ("bob", "/people/{alice}/thanks/new?about={planned}"), ("alice", "/me/page"), ("alice", "/activities/mine"),
    ("alice", "/challenges"), ("lena", "/challenges"), ("alice", "/challenges?value=valkomnande&focus_area=larande"),
    ("alice", "/challenges/all"), ("alice", "/challenges/carried-out?value=valkomnande&focus_area=larande"),
    ("alice", "/challenges/{challenge}"), ("lena", "/challenges/{challenge}"),
    ("alice", "/challenges/{challenge}/activities"), ("lena", "/challenges/new"),
    ("lena", "/challenges/{challenge}/edit"),
    ("alice", "/activities/new"), ("alice", "/activities/peers?focus_area=larande"), ("alice", "/activities/{planned}"),
    ("bob", "/activities/{planned}"), ("bob", "/activities/{planned}/coming"),
    ("alice", "/activities/{planned}/edit"), ("alice", "/activities/{planned}/outcome"),
    ("alice", "/activities/{done}/outcome"), ("alice", "/activities/{done}/outcome/thanks"),
    ("alice", "/activities/{done}/spread"), ("bob", "/activities/{done}"), ("bob", "/activities/new?like={done}"),
    ("bob", "/activities/new?focus_area=larande&value=valkomnande"), ("bob", "/activities/{done}/spread"),
    ("cora", "/activities/{done}"), ("cora", "/activities/{done}/care"),
    ("alice", "/moderation/answer/{hidden}"), ("bob", "/moderation/report/{planned}"), ("cora", "/moderation"),
    ("cora", "/moderation/{planned}"), ("cora", "/coordinator"), ("cora", "/moderation/pictures/{objected}"),
    ("alice", "/moderation/pictures/{withheld}/answer"), ("lena", "/moderation/pictures/{withheld}"),
    ("bob", "/pictures/{picture_key}/objection"), ("stig", "/pictures/objection/sent"),
    ("alice", "/activities/new?challenge={fresh}"), ("alice", "/activities/{taken_on}"),
    ("alice", "/activities/{taken_on}/edit"), ("alice", "/activities/{taken_on}/outcome"),
    ("alice", "/activities/{completed}/outcome/thanks"), ("cora", "/challenges/reviews"), ("cora", "/me"),
    ("cora", "/moderation/log"), ("cora", "/people/invite"), ("lena", "/admin"), ("lena", "/admin/stages"),
    ("lena", "/admin/stages/2"), ("lena", "/admin/stages/2/playbook"),
    ("lena", "/admin/stages/2/messages/new"), ("lena", "/admin/stages/2/messages"),
    ("lena", "/admin/stages/2/messages/{message}"), ("lena", "/admin/stages/2/messages/{message_gone}"),
    ("lena", "/admin/stages/2/playbook/halfway"), ("lena", "/admin/surveys/2"),
    ("lena", "/moderation"), ("lena", "/moderation/log"),
    ("alice", "/tips"), ("alice", "/tips?kind=pitfall&focus_area=larande"), ("alice", "/tips/new"),
    ("alice", "/tips/{tip}"), ("alice", "/activities/peers?focus_area=larande&value=valkomnande&heeding={tip}"),
    ("alice", "/activities/peers?focus_area=larande&shown={tip}"),
    ("alice", "/badges"), ("alice", "/badges/idea-giver"), ("alice", "/badges/open-door"),
    ("alice", "/badges/all-areas"), ("bob", "/badges/first-report"),
    ("alice", "/search"), ("alice", "/search?q=b"), ("alice", "/search?q=bj"), ("alice", "/search?q=bjud+in"),
    ("alice", "/search?q=bjuv&kind=activities"), ("alice", "/search?q=person&kind=people"),
    ("alice", "/search?q=xyxyxyx"),
    ("alice", "/survey"), ("bob", "/survey"),
    ("alice", "/survey/results/2"), ("stig", "/insights/stages/2"), ("stig", "/insights/stages/2.json"),
    ("stig", "/screen/{screen}"), ("stig", "/screen/{screen}/now"),
    ("alice", "{calendar}"), ("alice", "/activities/{planned}.ics"),
    ("alice", "/stages/2/lessons"), ("lena", "/stages/1/lessons/edit"),
    ("bob", "{close_open}"), ("bob", "{close_done}"),
    ("alice", "/activities/{planned}/comments"), ("alice", "/comments/{thread}"),
    ("alice", "/comments/{thread}/answer"),
    ("bob", "/comments/{thread}/edit"), ("alice", "/comments/mentions?q=pe"), ("alice", "/comments/mentions?q=b"),
)  # fmt: skip


def test_no_page_asks_more_often_when_there_is_more_to_show(
    cast: Cast, as_: As, queries: list[str], tmp_path: Path
) -> None:
    """All pages of one world, for it takes far longer to make than to look at."""
    numbers = _world(cast, SurveyKeys(tmp_path))
    browsers = {who: as_(getattr(cast, who)) for who in dict(_PAGES)}

    def asks(who: str, path: str) -> int:
        db.session.remove()
        queries.clear()
        assert browsers[who].get(path.format(**numbers)).status_code == 200, (who, path)
        return len(queries)

    def all_ask() -> dict[tuple[str, str], int]:
        return {page: asks(*page) for page in _PAGES}

    _grow(numbers, 0)
    all_ask()  # the first time, what a process keeps is read too
    little = all_ask()
    for number in range(6):
        _grow(numbers, number)
    assert all(little.values())
    all_ask()  # what is new in the inbox is marked as seen at the first look
    much = all_ask()
    assert {page: (little[page], much[page]) for page in _PAGES if little[page] != much[page]} == {}


def _world(cast: Cast, keys: SurveyKeys) -> dict[str, Any]:
    """One activity in each state, owned by Alice, a survey that Bob has answered, and the numbers that the addresses
    name."""
    people = {name: getattr(cast, name).id for name in ("alice", "bob", "cora", "lena", "stig")}
    planned, done, hidden = (make_activity(cast.alice) for _ in range(3))
    make_outcome(done)
    hide(hidden, cast.cora, "tone", "", NOW)
    pictured = make_activity(cast.alice)
    make_outcome(pictured)
    picture = _photo(pictured.id, cast.alice, "objected")
    db.session.add(picture)
    db.session.flush()
    object_to(picture, None, "Inte jag.", NOW)
    withheld = _photo(pictured.id, cast.alice, "withheld")
    db.session.add(withheld)
    db.session.flush()
    object_to(withheld, None, "Inte jag.", NOW)
    withhold(withheld, pictured, cast.cora, "", NOW)
    answer_back_about(withheld, pictured, cast.alice, "De har sagt ja.", NOW)
    taken_on, completed = (
        make_undertaking(cast.alice, make_challenge(needs_approval=True)) for _ in range(2)
    )
    complete(completed)
    challenge = make_challenge(needs_approval=True)
    take_on(make_challenge(), planned)
    make_draft(cast.lena)
    tips = [make_tip(cast.bob, kind=kind) for kind in TipKind for _ in range(2)]
    change_plan(planned, make_plan(heeded=frozenset({tips[0].id})), by=cast.alice, now=NOW)
    flag(tips[1], cast.alice, "tone", "", NOW)
    show(cast.alice)
    draft(1, NOW)
    draft(2, NOW)
    publish(cast.lena)
    survey = make_survey(keys, ends_on=TODAY + timedelta(days=9))
    answer_as(survey, cast.bob)
    db.session.commit()
    thread = make_talk(planned, cast.bob, cast.alice, cast.cora)
    numbers = {
        "thread": thread.id,
        "entry": make_question(cast.alice).entry_id,
        "challenge": challenge.id,
        "fresh": make_challenge(needs_approval=True).id,
    }
    challenges = numbers | {"taken_on": taken_on.id, "completed": completed.id}
    activities = {"planned": planned.id, "done": done.id, "hidden": hidden.id}
    calendar = make_calendar(cast.alice)
    messages = {"message": make_message(cast.lena).id, "message_gone": make_gone(cast.lena, NOW).id}
    pictures = {"objected": picture.id, "withheld": withheld.id, "picture_key": picture.key}
    others = pictures | messages | {"tip": tips[0].id, "screen": make_screen(cast.lena), "calendar": calendar}
    return people | challenges | activities | others | make_closed_out(cast.alice, NOW)


def _grow(numbers: dict[str, Any], number: int) -> None:
    """A little more of everything, around Alice and in the programme."""
    alice, bob, cora = (db.session.get_one(Person, numbers[name]) for name in ("alice", "bob", "cora"))
    other = make_person("", "klippan" if number % 2 else "helsingborg", ranked=True)
    one_more = make_person()
    shared, bobs, reported = make_activity(alice), make_activity(bob), make_activity(bob)
    planned = whole_activity(numbers["planned"])
    assert planned
    for activity in (shared, planned):
        answer_invitation(invite(activity, other, by=alice, now=NOW), True, now=NOW)
    for kind, followed in ((FollowKind.PERSON, other.id), (FollowKind.ACTIVITY, bobs.id)):
        theirs = followable(kind, followed)
        assert theirs
        follow(theirs, by=alice, now=NOW)
    come_along(bobs, alice, now=NOW)
    come_along(planned, one_more, now=NOW)
    invite(bobs, alice, by=bob, now=NOW)
    cheer(shared, bob, now=NOW)
    tips = [make_tip(bob, kind=kind) for kind in TipKind]
    heeded = heeded_ids(planned.id) | {tip.id for tip in tips}
    change_plan(planned, make_plan(heeded=heeded), by=alice, now=NOW)
    cheer(tips[0], alice, now=NOW)
    flag(tips[0], alice, "tone", "", NOW)
    flag(reported, alice, "tone", "Det är hårt skrivet.", NOW)
    make_outcome(shared)
    another = _photo(shared.id, alice, f"objected{other.id}")
    db.session.add(another)
    db.session.flush()
    for picture in (db.session.get_one(Photo, numbers["objected"]), another):
        object_to(picture, one_more, "Inte jag heller.", NOW)
    withhold(another, shared, cora, "", NOW)
    answer_back_about(another, shared, alice, "De har sagt ja.", NOW)
    hide(make_activity(bob), cora, "tone", "", NOW)
    appealed = make_activity(bob)
    hide(appealed, cora, "tone", "", NOW)
    answer_back(appealed, bob, "Jag menade väl.", NOW)
    db.session.add_all(_photo(numbers[of], alice, f"{of}{other.id}") for of in ("planned", "done"))
    notify(
        [alice.id],
        Kind.CHEER,
        key=f"more:{other.id}",
        url="/",
        parameters={"title": "t", "name": "n"},
        now=NOW,
    )
    sign_in_device(alice)
    db.session.commit()
    done = make_activity(alice)
    make_outcome(done, permission=Permission.EXTERNAL)
    db.session.add(BestPractice(contribution_id=done.id, by_id=cora.id, at=NOW, sentence="Gör så."))
    undertaken = make_undertaking(other, db.session.get_one(Challenge, numbers["challenge"]))
    answer_invitation(invite(undertaken, bob, by=other, now=NOW), True, now=NOW)
    complete(undertaken)
    make_undertaking(alice, make_challenge())
    make_question(make_activity(make_person()).owner)
    _borrow(numbers["done"], other)
    answer_as(db.session.scalars(select(Survey)).one(), other)
    _grow_challenges(numbers, done)
    for talked_about in (planned.id, tips[0].id, numbers["tip"], numbers["challenge"], numbers["done"]):
        thing = subject(talked_about)
        assert thing
        make_talk(thing, bob, alice, cora)


def _borrow(idea: int, person: Person) -> None:
    """Twice, the second time of the first borrower."""
    for borrower in (person, make_person()):
        origin, activity = whole_activity(idea), make_activity(borrower)
        assert origin
        adopt(activity, origin, now=NOW)
        make_outcome(activity)
        idea = activity.id


def _grow_challenges(numbers: dict[str, Any], done: Activity) -> None:
    lena = db.session.get_one(Person, numbers["lena"])
    make_message(lena)
    make_gone(lena, NOW)
    take_on(db.session.get_one(Challenge, numbers["challenge"]), done, completed=True)
    make_open(lena, opens_on=TODAY)
    make_draft(lena)
    take_on(make_open(lena), make_activity(db.session.get_one(Person, numbers["alice"])))


def _photo(activity_id: int, by: Person, key: str) -> Photo:
    sizes = {size: [4, 3] for size in ("s", "m", "l")}
    return Photo(
        activity_id=activity_id, by_id=by.id, at=NOW, key=key, sha256=key, width=4, height=3, sizes=sizes
    )
