"""Comments out of sight and back, by moderation and with the thing that they are about; and their count."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.extensions import db
from app.models.comment import Comment
from app.models.contribution import Contribution
from app.models.person import Person
from app.models.tip import TipKind
from app.services.activities.tips import keep_lessons
from app.services.activities.visibility import whole_activity
from app.services.conversation.subjects import subject
from app.services.conversation.thread import thread_of, threads_about, visible_comment
from app.services.conversation.write import Words, comment_on, withdraw_comment
from app.services.moderation.acts import AlreadyDecidedError
from app.services.moderation.appeals import answer_back
from app.services.moderation.decide import hide, restore, undo
from app.services.moderation.flags import flag
from app.services.moderation.queue import queue
from app.services.upkeep.audit import repair, verify
from tests.at_once import all_at_once
from tests.cast import Cast
from tests.comment_makers import comment_count, make_comment
from tests.factories import NOW, make_activity, make_outcome, make_person


def shown(about: Any, viewer: Person) -> list[tuple[str, list[str]]]:
    """The texts of the threads, in brackets where only a trace of one is left."""

    def words(comment: Comment) -> str:
        return comment.body if comment.is_visible else f"[{comment.body}]"

    threads = threads_about(about.id, viewer).items
    return [(words(thread.opening), [words(answer) for answer in thread.answers]) for thread in threads]


def test_what_nobody_answered_goes_without_a_trace(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    hidden, withdrawn, stays = (make_comment(activity, cast.bob, text) for text in ("Ett", "Två", "Tre"))
    hide(hidden, cast.cora, "tone", "", NOW)
    withdraw_comment(withdrawn, cast.bob, now=NOW)
    assert shown(activity, cast.alice) == [("Tre", [])]
    assert shown(activity, cast.bob) == [("[Ett]", []), ("Tre", [])], "its author sees that it is hidden"
    assert comment_count(activity) == 1
    assert visible_comment(stays.id, cast.alice)
    assert visible_comment(withdrawn.id, cast.bob) is None


def test_what_others_answered_leaves_a_trace_as_long_as_an_answer_stands(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    for text in ("Dold", "Borttagen"):
        opening = make_comment(activity, cast.bob, text)
        answer = make_comment(activity, cast.charlie, f"Svar på {text}", to=opening)
        if text == "Dold":
            hide(opening, cast.cora, "tone", "", NOW)
        else:
            withdraw_comment(opening, cast.bob, now=NOW)
    assert shown(activity, cast.alice) == [
        ("[Dold]", ["Svar på Dold"]),
        ("[Borttagen]", ["Svar på Borttagen"]),
    ]
    assert comment_count(activity) == 2
    withdraw_comment(answer, cast.charlie, now=NOW)
    assert shown(activity, cast.alice) == [("[Dold]", ["Svar på Dold"])]
    assert thread_of(opening.id, cast.alice) is None


def test_hidden_it_is_seen_by_its_author_and_its_moderators(cast: Cast) -> None:
    comment = make_comment(make_activity(cast.alice), cast.charlie)
    hide(comment, cast.kim, "tone", "", NOW)
    people = (cast.charlie, cast.kim, cast.cora, cast.lena, cast.alice, cast.stig)
    assert [bool(visible_comment(comment.id, who)) for who in people] == [True] * 4 + [False] * 2


def test_it_is_flagged_hidden_answered_and_shown_again(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    comment = make_comment(activity, cast.bob, "Inte snällt.")
    flag(comment, cast.charlie, "tone", "", NOW)
    (item,) = queue(cast.cora).items
    assert (item.kind, item.thing.body) == ("comment", "Inte snällt.")
    hide(comment, cast.cora, "tone", "Tänk om.", NOW)
    with pytest.raises(AlreadyDecidedError):
        hide(comment, cast.cora, "tone", "", NOW)
    assert comment_count(activity) == 0
    answer_back(comment, cast.bob, "Det var ett skämt.", NOW)
    restore(comment, cast.cora, NOW)
    assert (comment_count(activity), shown(activity, cast.alice)) == (1, [("Inte snällt.", [])])
    assert verify() == []


def test_a_decision_about_it_is_undone(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    comment = make_comment(activity, cast.bob)
    hide(comment, cast.cora, "tone", "", NOW)
    undo(comment, cast.cora, NOW)
    assert comment_count(activity) == 1


def test_with_the_thing_it_goes_and_comes_back(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    comment = make_comment(activity, cast.bob)
    hide(activity, cast.cora, "tone", "", NOW)
    assert subject(activity.id) is None
    for who in (cast.bob, cast.alice, cast.cora):
        assert (visible_comment(comment.id, who), thread_of(comment.id, who)) == (None, None)
    restore(activity, cast.cora, NOW)
    assert visible_comment(comment.id, cast.charlie) is comment
    assert (comment_count(activity), verify()) == (1, [])


def test_a_lesson_that_somebody_talks_about_is_withdrawn_and_not_deleted(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    make_outcome(activity)
    whole = whole_activity(activity.id)
    assert whole is not None
    success = next(tip for tip in whole.lessons if tip.works)
    comment = make_comment(success, cast.bob)
    keep_lessons(activity, {TipKind.SUCCESS: ""}, cast.alice, NOW)
    assert db.session.get(Comment, comment.id, populate_existing=True)
    assert visible_comment(comment.id, cast.bob) is None


def test_the_count_is_checked_and_repaired(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    comment, gone = make_comment(activity, cast.bob), make_comment(activity, cast.bob)
    withdraw_comment(gone, cast.bob, now=NOW)
    db.session.execute(update(Contribution).where(Contribution.id == activity.id).values(comment_count=7))
    db.session.execute(update(Comment).where(Comment.id == comment.id).values(is_counted=False))
    db.session.commit()
    wrong = {(one.of, one.stored, one.recomputed) for one in verify()}
    assert wrong == {
        (f"comment_count contribution {activity.id}", 7, 1),
        (f"is_counted comment {comment.id}", 0, 1),
    }
    repair()
    assert verify() == []


def test_of_many_at_once_all_are_counted_and_the_same_once(live: Flask) -> None:
    with live.app_context():
        activity = make_activity(make_person("Alice Ahl"))
        people = [make_person().id for _ in range(3)]
        first = make_comment(activity, db.session.get_one(Person, people[0])).id
        number = activity.id

    def say(person_id: int, key: str) -> None:
        thing = subject(number)
        assert thing
        comment_on(thing, db.session.get_one(Person, person_id), Words("Hej.", key), now=NOW)

    def take_back() -> None:
        comment = db.session.get_one(Comment, first)
        withdraw_comment(comment, db.session.get_one(Person, people[0]), now=NOW)

    taps = [lambda person_id=person_id: say(person_id, "double tap") for person_id in people for _ in "ab"]
    assert all_at_once(live, [*taps, take_back, take_back]) == []
    with live.app_context():
        count = select(Contribution.comment_count).where(Contribution.id == number)
        assert (db.session.scalar(count), verify()) == (3, [])
