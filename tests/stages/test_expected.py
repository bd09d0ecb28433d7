"""What is expected of somebody now: the order, each neighbour in it against the next, and nobody else's things."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.gateways.survey_keys import SurveyKeys
from app.models.activity import Activity
from app.models.best_practice import BestPractice
from app.models.challenge import Challenge
from app.models.notification import Kind, Notification
from app.models.person import Person
from app.models.stage import Stage, current_among, stages
from app.models.survey import Survey
from app.services.activities.plan import answer_invitation, invite, withdraw_activity
from app.services.challenges.fitting import Fitting, planned_areas
from app.services.challenges.review import send_back
from app.services.feed.waiting import NUDGE_WITHIN, Waiting, what_waits
from app.services.moderation.decide import hide
from app.services.moderation.flags import flag
from app.services.stages.expected import Expected, Situation, Task, expected_of, open_survey
from app.services.stages.lessons import are_published
from app.services.stages.run_playbook import run_playbook
from app.services.stages.suggestion import Suggestion, choice_in, suggestion_for
from tests.cast import Cast
from tests.challenge_makers import complete, make_challenge, make_open, make_undertaking
from tests.factories import (
    NOW,
    TODAY,
    focus_area,
    make_activity,
    make_joint,
    make_outcome,
    make_person,
    stage,
    value,
)
from tests.survey_makers import answer_as, make_survey

As = Callable[[Person], FlaskClient]

_YESTERDAY = TODAY - timedelta(days=1)
_LEARNING, _OVER, _BETWEEN = date(2026, 12, 1), date(2026, 12, 14), date(2026, 8, 20)


def task(person: Person, today: date = TODAY) -> Task:
    return expected(person, today).task


def expected(person: Person, today: date = TODAY) -> Expected:
    current = current_among(stages(), today)
    assert current

    def suggest(stage: Stage) -> Suggestion | None:
        fitting = Fitting(person.municipality_id, planned_areas(person.id), frozenset())
        return suggestion_for(person.id, fitting, choice_in(stage.id, today))

    waiting = what_waits(person.id, current.id, today)
    return expected_of(Situation(person, waiting, today, current, open_survey(today), suggest, are_published))


def due(owner: Person) -> Activity:
    return make_activity(owner, planned_for=_YESTERDAY)


def invited(person: Person, by: Person) -> Activity:
    activity = make_activity(by)
    invite(activity, person, by=by, now=NOW)
    db.session.commit()
    return activity


def survey_open(tmp_path: Path) -> Survey:
    made = make_survey(SurveyKeys(tmp_path), ends_on=TODAY + timedelta(days=3))
    db.session.commit()
    return made


def returned(owner: Person, by: Person) -> Activity:
    activity = make_undertaking(owner, make_challenge(needs_approval=True))
    complete(activity)
    send_back(activity, by, "Bilden saknas.", NOW)
    db.session.commit()
    return activity


def test_a_day_that_has_passed_comes_before_an_invitation(cast: Cast) -> None:
    invited(cast.alice, cast.bob)
    assert task(cast.alice) == Task.INVITATION
    late = due(cast.alice)
    assert expected(cast.alice).about.id == late.id
    make_outcome(late)
    assert task(cast.alice) == Task.INVITATION


def test_all_who_make_it_are_asked_how_it_went_here_as_by_the_playbook(cast: Cast) -> None:
    makers = (cast.alice, cast.charlie)
    activity = make_joint(*makers, planned_for=_YESTERDAY)
    invite(activity, cast.bob, by=cast.alice, now=NOW)
    db.session.commit()
    run_playbook(NOW, commit=db.session.commit)
    asked = select(Notification.person_id).where(Notification.kind == Kind.CLOSE_OUT.value)
    assert set(db.session.scalars(asked)) == {maker.id for maker in makers}
    assert [task(maker) for maker in makers] == [Task.REPORT, Task.REPORT]
    assert task(cast.bob) == Task.INVITATION, "who has not said yes is asked for that"
    make_outcome(activity, by=cast.charlie)
    assert [task(maker) for maker in makers] == [Task.MORE, Task.MORE]


def test_an_invitation_comes_before_the_survey(cast: Cast, tmp_path: Path) -> None:
    survey_open(tmp_path)
    assert task(cast.alice) == Task.SURVEY
    activity = invited(cast.alice, cast.bob)
    found = expected(cast.alice)
    assert (found.task, found.about.id, found.about.name) == (Task.INVITATION, activity.id, "Bob Berg")
    hide(activity, cast.cora, "tone", "", NOW)
    db.session.commit()
    assert task(cast.alice) == Task.SURVEY, "there is nothing left to join"


def test_the_survey_comes_before_what_was_sent_back(cast: Cast, tmp_path: Path) -> None:
    activity = returned(cast.alice, cast.cora)
    found = expected(cast.alice)
    assert (found.task, found.about.id) == (Task.CORRECTION, activity.id)
    survey = survey_open(tmp_path)
    assert task(cast.alice) == Task.SURVEY
    answer_as(survey, cast.alice)
    db.session.commit()
    assert task(cast.alice) == Task.CORRECTION
    assert task(cast.bob) == Task.SURVEY


def test_what_was_sent_back_comes_before_what_others_wait_for(cast: Cast) -> None:
    flag(make_activity(cast.bob), cast.alice, "tone", "", NOW)
    db.session.commit()
    found = expected(cast.cora)
    assert (found.task, tuple(found.about)) == (Task.DECISION, (1, 0, 0))
    returned(cast.cora, cast.lena)
    assert task(cast.cora) == Task.CORRECTION


def test_what_others_wait_for_comes_before_ones_own_plans(cast: Cast) -> None:
    make_activity(cast.cora)
    assert task(cast.cora) == Task.COMING
    flag(make_activity(cast.bob), cast.alice, "tone", "", NOW)
    db.session.commit()
    assert task(cast.cora) == Task.DECISION
    assert task(cast.kim) == Task.PLAN, "it waits in another municipality"
    assert task(cast.alice) == Task.PLAN, "who decides about nothing"


def test_who_has_no_plan_is_asked_for_one_until_there_is_one(cast: Cast) -> None:
    assert task(cast.alice) == Task.PLAN
    plan = make_activity(cast.alice)
    found = expected(cast.alice)
    assert (found.task, found.about.id, found.about.place) == (Task.COMING, plan.id, "Biblioteket i Bjuv")
    withdraw_activity(plan, by=cast.alice, now=NOW)
    db.session.commit()
    assert task(cast.alice) == Task.PLAN
    hide(make_activity(cast.alice), cast.cora, "tone", "", NOW)
    db.session.commit()
    assert task(cast.alice) == Task.PLAN, "what is hidden is no plan to look forward to"
    assert task(cast.stig) == Task.REST, "the steering group follows"


def test_the_next_plan_is_read_back_and_one_without_a_day_comes_last(cast: Cast) -> None:
    someday = make_activity(cast.alice, planned_for=None)
    assert expected(cast.alice).about.id == someday.id
    today = make_activity(cast.alice, planned_for=TODAY)
    assert expected(cast.alice).about.id == today.id


def test_a_partner_has_the_plan_too(cast: Cast) -> None:
    plan = make_joint(cast.alice, cast.bob)
    assert expected(cast.bob).about.id == plan.id


def test_who_has_done_theirs_is_asked_for_no_more(cast: Cast) -> None:
    make_outcome(make_activity(cast.alice))
    assert task(cast.alice) == Task.MORE
    make_activity(cast.alice)
    assert task(cast.alice) == Task.COMING


def test_a_plan_to_come_comes_before_learning_and_learning_before_the_results(cast: Cast) -> None:
    plan = make_activity(cast.alice, planned_for=_LEARNING)
    assert task(cast.alice, _LEARNING) == Task.COMING
    make_outcome(plan)
    found = expected(cast.alice, _LEARNING)
    assert (found.task, found.about) == (Task.LEARN, None), "its lessons are not published yet"
    assert (task(cast.alice, _OVER), expected(cast.alice, _OVER).about) == (Task.RESULTS, 2)


def test_outside_of_acting_nobody_is_asked_for_a_plan(cast: Cast) -> None:
    assert task(cast.alice, date(2026, 9, 10)) == Task.REST, "it is time to measure, and nothing is asked"
    assert task(cast.alice, _BETWEEN) == Task.RESULTS, "of the stage before"


def test_a_day_that_passed_long_ago_is_not_asked_for(cast: Cast) -> None:
    make_activity(cast.alice, planned_for=TODAY - NUDGE_WITHIN)
    assert task(cast.alice) == Task.REPORT
    assert task(cast.alice, TODAY + timedelta(days=1)) == Task.PLAN


def test_nothing_of_others_is_ever_said(cast: Cast) -> None:
    due(cast.bob)
    invited(cast.charlie, cast.bob)
    returned(cast.bob, cast.cora)
    make_activity(cast.bob)
    assert what_waits(cast.alice.id, stage().id, TODAY) == Waiting.NOTHING
    invitation = invite(make_activity(cast.bob), cast.alice, by=cast.bob, now=NOW)
    answer_invitation(invitation, False, now=NOW)
    db.session.commit()
    assert what_waits(cast.alice.id, stage().id, TODAY) == Waiting.NOTHING, (
        "who has declined is left in peace"
    )


def test_the_suggestion_is_the_challenge_that_fits_best_or_a_model_of_others(cast: Cast) -> None:
    assert expected(cast.alice).about is None
    model = make_activity(cast.charlie, title="Fika över gränsen", focus_area=focus_area("miljo"))
    make_outcome(model)
    own = make_joint(cast.bob, cast.alice, stage=stage(1))
    make_outcome(own)
    for lifted in (own, model):
        _lift(lifted, cast.cora)
    found = expected(cast.alice).about
    assert (found.id, found.closes_on) == (model.id, None)
    elsewhere = make_open(cast.kim, municipality_id=cast.kim.municipality_id)
    assert expected(cast.alice).about.id == model.id, "it is for Klippan alone"
    challenge = make_open(cast.lena, value_id=value("kreativt").id)
    found = expected(cast.alice).about
    assert (found.id, found.title) == (challenge.id, challenge.title)
    assert found.closes_on == challenge.closes_on
    assert {elsewhere.id, challenge.id} == {one.id for one in db.session.query(Challenge)}


def _lift(activity: Activity, by: Person) -> None:
    db.session.add(BestPractice(contribution_id=activity.id, by_id=by.id, at=NOW, sentence="Gör så."))
    db.session.commit()


def test_it_costs_the_same_however_much_waits(cast: Cast, queries: list[str]) -> None:
    def asks() -> int:
        db.session.expire_all()
        person = db.session.get_one(Person, alice_id)
        queries.clear()
        expected(person)
        return len(queries)

    alice_id, peer = cast.alice.id, make_person()
    due(cast.alice)
    few = asks()
    for _ in range(4):
        due(cast.alice)
        invited(cast.alice, peer)
    assert asks() == few


def test_the_feed_and_the_journey_say_the_same(cast: Cast, as_: As, at_now: object) -> None:
    make_activity(cast.alice, title="Bokbyte i biblioteket")
    for path in ("/", "/stages"):
        page = as_(cast.alice).get(path).text
        assert "Det här har du bestämt" in page
        assert (
            "Tisdag 17 november, Biblioteket i Bjuv: Bokbyte i biblioteket. För: Nya kollegor. Det märks på"
            in page
        )


def test_in_english_too(cast: Cast, as_: As, at_now: object) -> None:
    cast.alice.language = "en"
    db.session.commit()
    assert "Plan something concrete" in as_(cast.alice).get("/").text
    assert "Expected of you now" in as_(cast.alice).get("/stages").text


def test_nothing_is_said_where_nothing_is_expected(cast: Cast, as_: As, at_now: object) -> None:
    """The steering group, while others act."""
    stig = as_(cast.stig)
    assert 'class="nudge' not in stig.get("/").text
    assert "Inget just nu." in stig.get("/stages").text
