"""Comments: written once, changed for a while, taken back and put back."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.models.comment import CHANGEABLE_FOR, Comment
from app.models.contribution import Contributed, coordinators_of
from app.models.retry import TakenBackError
from app.services.activities.cheer import OwnContributionError, cheer, contribution_of
from app.services.activities.plan import withdraw_activity
from app.services.activities.visibility import whole_activity
from app.services.conversation.links import TooManyLinksError
from app.services.conversation.write import (
    PUT_BACK_WITHIN,
    NotTalkedAboutError,
    TooLateError,
    Words,
    change_comment,
    comment_on,
    put_back,
    withdraw_comment,
)
from app.services.moderation.decide import hide
from app.services.upkeep.audit import verify
from tests.cast import Cast
from tests.challenge_makers import make_challenge
from tests.comment_makers import comment_count, make_comment
from tests.factories import NOW, make_activity, make_joint, make_outcome, make_person, make_tip

pytestmark = pytest.mark.usefixtures("app")

TWO_LINKS = "Se https://a.example.se och https://b.example.se"


def test_one_talks_about_activities_tips_and_challenges(cast: Cast) -> None:
    things: list[Contributed] = [make_activity(cast.alice), make_tip(cast.alice), make_challenge()]
    for thing in things:
        comment = make_comment(thing, cast.bob, "Räcker det med gympaskor?")
        assert (comment.about_id, comment.answers_id, comment.title) == (
            thing.id,
            None,
            "Räcker det med gympaskor?",
        )
        assert comment_count(thing) == 1
    assert verify() == []


def test_an_answer_to_an_answer_stands_in_the_same_thread(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    opening = make_comment(activity, cast.bob)
    answer = make_comment(activity, cast.alice, to=opening)
    again = make_comment(activity, cast.charlie, to=answer)
    assert (answer.answers_id, again.answers_id) == (opening.id, opening.id)
    assert comment_count(activity) == 3


@pytest.mark.parametrize("wrong", ["another thing", "an answer", "both", "neither"])
def test_the_database_holds_one_level_about_one_thing(wrong: str, cast: Cast) -> None:
    activity, other = make_activity(cast.alice), make_activity(cast.alice)
    opening = make_comment(activity, cast.bob)
    answer = make_comment(activity, cast.alice, to=opening)
    columns: dict[str, Any] = {
        column.key: getattr(opening, column.key) for column in Comment.__table__.columns
    }
    columns |= {"id": make_tip(cast.bob).id, "request_key": wrong}
    faults: dict[str, dict[str, Any]] = {
        "another thing": {"answers_id": opening.id, "about_id": other.id, "thread_about_id": None},
        "an answer": {"answers_id": answer.id, "thread_about_id": None},
        "both": {"answers_id": opening.id},
        "neither": {"thread_about_id": None},
    }
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(insert(Comment), columns | faults[wrong])


def test_sent_twice_it_is_one(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    words = Words("Kul.", "the same")
    first, again = (comment_on(activity, cast.bob, words, now=NOW) for _ in range(2))
    assert first is again
    assert (comment_count(activity), db.session.scalar(select(func.count()).select_from(Comment))) == (1, 1)
    withdraw_comment(first, cast.bob, now=NOW)
    with pytest.raises(TakenBackError):
        comment_on(activity, cast.bob, words, now=NOW)


def test_it_is_moderated_where_the_thing_is_and_where_its_author_comes_from(cast: Cast) -> None:
    cora, kim = cast.cora, cast.kim
    comment = make_comment(make_activity(cast.alice), cast.charlie)
    assert set(db.session.scalars(coordinators_of(comment.id))) == {cora.id, kim.id}
    joint = make_comment(make_joint(cast.alice, cast.charlie), cast.bob)
    assert set(db.session.scalars(coordinators_of(joint.id))) == {cora.id, kim.id}
    of_the_programme = make_comment(make_challenge(), cast.bob)
    assert set(db.session.scalars(coordinators_of(of_the_programme.id))) == {cora.id}


def test_what_is_out_of_sight_is_not_talked_about(cast: Cast) -> None:
    hidden, source = make_activity(cast.alice), make_activity(cast.alice)
    make_outcome(source)
    lesson = whole_activity(source.id).lessons[0]  # type: ignore[union-attr]
    for gone in (hidden, source):
        hide(gone, cast.cora, "tone", "", NOW)
    withdrawn = make_activity(cast.alice)
    withdraw_activity(withdrawn, by=cast.alice, now=NOW)
    things: list[Contributed] = [hidden, withdrawn, lesson]
    for thing in things:
        with pytest.raises(NotTalkedAboutError):
            comment_on(thing, cast.bob, Words("Hej", "x"), now=NOW)


def test_what_is_gone_or_about_something_else_is_not_answered(cast: Cast) -> None:
    activity, other = make_activity(cast.alice), make_activity(cast.alice)
    gone, elsewhere = make_comment(activity, cast.bob), make_comment(other, cast.bob)
    withdraw_comment(gone, cast.bob, now=NOW)
    for to in (gone, elsewhere):
        with pytest.raises(NotTalkedAboutError):
            comment_on(activity, cast.alice, Words("Hej", "x"), now=NOW, to=to)


def test_its_author_changes_it_within_a_quarter_of_an_hour(cast: Cast) -> None:
    comment = make_comment(make_activity(cast.alice), cast.bob)
    almost = NOW + CHANGEABLE_FOR - timedelta(seconds=1)
    change_comment(comment, cast.bob, comment.body, now=almost)
    unchanged_at = comment.edited_at
    change_comment(comment, cast.bob, "Vad roligt!", now=almost)
    assert (unchanged_at, comment.body, comment.edited_at) == (None, "Vad roligt!", almost)


def test_later_nobody_changes_it_and_others_never(cast: Cast) -> None:
    comment = make_comment(make_activity(cast.alice), cast.bob)
    for who, when in ((cast.bob, NOW + CHANGEABLE_FOR), (cast.alice, NOW), (cast.cora, NOW)):
        with pytest.raises(TooLateError):
            change_comment(comment, who, "Annat", now=when)
    hide(comment, cast.cora, "tone", "", NOW)
    with pytest.raises(TooLateError):
        change_comment(comment, cast.bob, "Annat", now=NOW)


def test_it_is_taken_back_and_put_back(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    comment = make_comment(activity, cast.bob)
    for _ in range(2):
        withdraw_comment(comment, cast.bob, now=NOW)
        assert comment_count(activity) == 0
    for _ in range(2):
        put_back(comment, cast.bob, now=NOW + timedelta(minutes=1))
        assert comment_count(activity) == 1
    assert verify() == []


def test_others_neither_take_it_back_nor_put_it_back_nor_does_anybody_later(cast: Cast) -> None:
    comment = make_comment(make_activity(cast.alice), cast.bob)
    with pytest.raises(TooLateError):
        withdraw_comment(comment, cast.alice, now=NOW)
    withdraw_comment(comment, cast.bob, now=NOW)
    for who, when in ((cast.alice, NOW), (cast.bob, NOW + PUT_BACK_WITHIN)):
        with pytest.raises(TooLateError):
            put_back(comment, who, now=when)


def test_what_is_hidden_is_not_taken_back_from_those_who_look_at_it(cast: Cast) -> None:
    comment = make_comment(make_activity(cast.alice), cast.bob)
    hide(comment, cast.cora, "tone", "", NOW)
    with pytest.raises(TooLateError):
        withdraw_comment(comment, cast.bob, now=NOW)


def test_who_is_new_sends_one_link_at_a_time(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    newcomer = make_person("Ny Nilsson", signed_in_at=NOW - timedelta(days=6))
    comment = make_comment(activity, newcomer, "Se https://a.example.se")
    with pytest.raises(TooManyLinksError):
        comment_on(activity, newcomer, Words(TWO_LINKS, "x"), now=NOW)
    with pytest.raises(TooManyLinksError):
        change_comment(comment, newcomer, TWO_LINKS, now=NOW)
    later = NOW + timedelta(days=1)
    assert comment_on(activity, newcomer, Words(TWO_LINKS, "x"), now=later).body == TWO_LINKS


def test_it_is_cheered_for_by_others(cast: Cast) -> None:
    comment = make_comment(make_activity(cast.alice), cast.bob)
    assert cheer(comment, cast.alice, now=NOW)
    assert contribution_of(comment).cheer_count == 1
    with pytest.raises(OwnContributionError):
        cheer(comment, cast.bob, now=NOW)
