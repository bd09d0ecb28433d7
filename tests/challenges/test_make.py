"""Challenges are made, changed, opened, closed and taken back; nobody loses what they were promised."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.models.activity import Activity
from app.models.challenge import Challenge
from app.models.contribution import Contribution, coordinators_of
from app.models.feed import FeedItem, FeedScope
from app.models.undertaking import Undertaking
from app.services.activities.locking import OvertakenError
from app.services.challenges.make import (
    GoneError,
    TakenOnError,
    change_challenge,
    close_challenge,
    make_challenge,
    make_draft_again,
    open_challenge,
    withdraw_challenge,
)
from app.services.challenges.visibility import changeable_challenge, visible_challenge
from app.services.moderation.decide import hide, restore
from app.services.moderation.flags import flag
from app.services.moderation.queue import queue
from tests.cast import Cast
from tests.challenge_makers import content, make_draft, make_open, take_on
from tests.factories import NOW, TODAY, focus_area, make_activity, value

LATER = NOW + timedelta(hours=1)


def scopes() -> set[str]:
    return set(db.session.scalars(select(FeedScope.scope)))


def test_a_challenge_brings_a_contribution_with_its_number_and_owner(cast: Cast) -> None:
    challenge = make_draft(cast.lena)
    contribution = db.session.get_one(Contribution, challenge.id)
    assert (contribution.kind, contribution.owner_id) == ("challenge", cast.lena.id)


def test_a_retry_makes_it_once(cast: Cast) -> None:
    first, again = (make_challenge(cast.lena, content(), request_key="tap", now=NOW) for _ in range(2))
    assert first.id == again.id
    assert db.session.scalar(select(func.count()).select_from(Challenge)) == 1


@pytest.mark.parametrize(
    "wrong", [{"points": 0}, {"title": ""}, {"kind_of_challenge": "municipality"}, {"goal": 0},
              {"closes_on": TODAY - timedelta(days=40)}]
)  # fmt: skip
def test_the_database_refuses_what_no_form_lets_through(cast: Cast, wrong: dict[str, object]) -> None:
    with pytest.raises(IntegrityError):
        make_challenge(cast.lena, content(**wrong), request_key="tap", now=NOW)


def test_a_draft_is_seen_by_those_who_may_change_it(cast: Cast) -> None:
    bjuv, everybody = (make_draft(cast.lena, municipality_id=at) for at in (cast.cora.municipality_id, None))
    people = (cast.alice, cast.cora, cast.kim, cast.lena, cast.stig)
    assert [bool(visible_challenge(bjuv.id, person)) for person in people] == [
        False,
        True,
        False,
        True,
        False,
    ]
    assert [bool(visible_challenge(everybody.id, one)) for one in people] == [
        False,
        False,
        False,
        True,
        False,
    ]
    assert [bool(changeable_challenge(bjuv.id, one)) for one in people] == [False, True, False, True, False]


def test_opening_announces_it_under_what_it_is_about(cast: Cast) -> None:
    challenge = make_open(cast.cora, municipality_id=cast.cora.municipality_id)
    at = {f"v:{challenge.value_id}", f"f:{challenge.focus_area_id}", f"m:{challenge.municipality_id}"}
    assert scopes() == {"all", *at}
    assert (challenge.opened_by_id, challenge.is_draft) == (cast.cora.id, False)
    assert visible_challenge(challenge.id, cast.stig)


def test_opened_late_it_is_new_from_that_day(cast: Cast) -> None:
    challenge = make_draft(cast.lena)
    open_challenge(challenge, by=cast.lena, now=NOW, today=TODAY)
    assert challenge.opens_on == TODAY


def test_what_is_closed_may_be_opened_again_at_its_place_in_the_feed(cast: Cast) -> None:
    challenge = make_open(cast.lena)
    close_challenge(challenge, by=cast.lena, now=LATER)
    assert (challenge.is_open(TODAY), challenge.closed_by_id) == (False, cast.lena.id)
    open_challenge(challenge, by=cast.lena, now=LATER, today=TODAY)
    assert challenge.is_open(TODAY)
    assert db.session.scalars(select(FeedItem.at)).all() == [NOW]


def test_a_change_moves_it_to_other_filters(cast: Cast) -> None:
    challenge = make_open(cast.lena)
    change_challenge(
        challenge,
        content(value_id=value("kreativt").id, focus_area_id=focus_area("miljo").id),
        now=LATER,
    )
    assert scopes() == {"all", f"v:{value('kreativt').id}", f"f:{focus_area('miljo').id}"}
    assert challenge.changed_at == LATER


def test_a_change_takes_nothing_from_those_who_have_taken_it_on(cast: Cast) -> None:
    challenge = make_open(cast.lena)
    take_on(challenge, make_activity(cast.alice))
    change_challenge(challenge, content(points=5, needs_photo=True, done_when=["allt"]), now=LATER)
    db.session.commit()
    promise = db.session.scalars(select(Undertaking)).one()
    assert (promise.points, promise.needs_photo, len(promise.done_when)) == (40, False, 2)
    assert challenge.points == 5


def test_a_change_that_somebody_else_was_quicker_with_is_not_overwritten_unseen(cast: Cast) -> None:
    challenge = make_draft(cast.lena)
    change_challenge(challenge, content(title="Lenas"), now=LATER)
    with pytest.raises(OvertakenError):
        change_challenge(challenge, content(title="Andras"), now=LATER, based_on=NOW)
    change_challenge(challenge, content(title="Lenas"), now=LATER, based_on=NOW)  # a retry
    assert challenge.title == "Lenas"


def test_until_somebody_has_it_it_may_become_a_draft_and_be_withdrawn(cast: Cast) -> None:
    challenge = make_open(cast.lena)
    with pytest.raises(GoneError):
        withdraw_challenge(challenge, by=cast.lena, now=LATER)
    make_draft_again(challenge, now=LATER)
    assert (challenge.is_draft, scopes()) == (True, set())
    withdraw_challenge(challenge, by=cast.lena, now=LATER)
    db.session.commit()
    assert visible_challenge(challenge.id, cast.lena) is None
    with pytest.raises(GoneError):
        open_challenge(challenge, by=cast.lena, now=LATER, today=TODAY)


def test_what_somebody_has_taken_on_stays(cast: Cast) -> None:
    challenge = make_open(cast.lena)
    take_on(challenge, make_activity(cast.alice))
    with pytest.raises(TakenOnError):
        make_draft_again(challenge, now=LATER)
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(delete(Challenge))
    assert not challenge.is_draft
    assert db.session.scalar(select(func.count()).select_from(Activity)) == 1


def test_it_is_moderated_by_the_coordinators_of_the_municipality_that_it_is_for(cast: Cast) -> None:
    bjuv = make_open(cast.lena, municipality_id=cast.cora.municipality_id)
    assert list(db.session.scalars(coordinators_of(bjuv.id))) == [cast.cora.id]
    change_challenge(bjuv, content(municipality_id=cast.kim.municipality_id), now=LATER)
    assert list(db.session.scalars(coordinators_of(bjuv.id))) == [cast.kim.id]


def test_hidden_it_is_out_of_the_feed_and_seen_by_whoever_made_it_and_moderates_it(cast: Cast) -> None:
    bjuv = cast.cora.municipality_id
    challenge = make_open(cast.cora, municipality_id=bjuv)
    before = scopes()
    hide(challenge, cast.lena, "tone", "", LATER)
    db.session.commit()
    assert scopes() == set()
    seen_by = [bool(visible_challenge(challenge.id, one)) for one in (cast.alice, cast.cora, cast.lena)]
    assert seen_by == [False, True, True]
    assert changeable_challenge(challenge.id, cast.cora) is None
    restore(challenge, cast.lena, LATER)
    assert scopes() == before


def test_one_from_the_programme_is_nobodys_own_so_every_lead_can_decide_about_it(cast: Cast) -> None:
    challenge = make_open(cast.lena)
    challenge.owner_id, challenge.slug = None, "fran-filen"
    db.session.get_one(Contribution, challenge.id).owner_id = None
    db.session.commit()
    flag(challenge, cast.alice, "tone", "", NOW)
    assert [item.thing.id for item in queue(cast.lena).items] == [challenge.id]
    hide(challenge, cast.lena, "tone", "", LATER)
    assert queue(cast.lena).items == []
