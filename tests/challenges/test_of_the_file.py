"""Challenges of the programme file: announced once, when they open, and kept to the days of their stage."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import jobs
from app.extensions import db
from app.models.challenge import Challenge
from app.models.feed import ALL, FeedItem, FeedScope
from app.models.stage import Phase
from app.services.challenges.make import change_challenge, close_challenge
from app.services.challenges.of_the_file import announce_opened
from app.services.moderation.decide import hide, restore
from app.services.stages.advance import advance_stage
from tests.cast import Cast
from tests.challenge_makers import content
from tests.challenges.test_file import _CHALLENGE, load, the_challenge
from tests.factories import NOW, TODAY, stage

#: On this day the small programme's second stage begins to act.
ACTS_ON = date(2026, 9, 28)
THAT_MORNING = datetime(2026, 9, 28, 5, tzinfo=UTC)


def announced() -> list[tuple[int, datetime]]:
    """Which challenges stand in everybody's feed, and where."""
    shown = select(FeedItem.contribution_id, FeedItem.at).join(FeedScope, FeedScope.item_id == FeedItem.id)
    items = shown.where(FeedScope.scope == ALL, FeedItem.kind == "challenge").order_by(FeedItem.at)
    return [(number or 0, at) for number, at in db.session.execute(items)]


def test_it_is_announced_on_the_day_on_which_it_opens_and_once(app: Flask) -> None:
    load()
    announce_opened(THAT_MORNING - timedelta(days=1))
    assert announced() == []
    for hours in (0, 1, 30):
        announce_opened(THAT_MORNING + timedelta(hours=hours))
    assert announced() == [(the_challenge().id, THAT_MORNING)]


def test_a_file_loaded_again_announces_nothing_twice(app: Flask) -> None:
    load()
    announce_opened(NOW)
    before = announced()
    load(title='"Bjud in två"')
    announce_opened(NOW + timedelta(days=1))
    assert announced() == before


def test_what_opened_long_ago_takes_its_place_and_what_has_closed_takes_none(cast: Cast) -> None:
    closed = _CHALLENGE.replace("granne", "annan") + "closes_on = 2026-11-01\n"
    load(_CHALLENGE + closed + _CHALLENGE.replace("granne", "tredje"))
    third = db.session.scalars(select(Challenge).where(Challenge.slug == "tredje")).one()
    close_challenge(third, by=cast.lena, now=NOW)
    assert announce_opened(NOW) == 1
    assert announced() == [(the_challenge().id, datetime(2026, 9, 27, 22, tzinfo=UTC))]


def test_what_is_hidden_waits_until_it_is_shown_again(cast: Cast) -> None:
    load()
    hide(the_challenge(), cast.lena, "tone", "", NOW)
    announce_opened(NOW)
    assert announced() == []
    restore(the_challenge(), cast.lena, NOW)
    announce_opened(NOW)
    assert len(announced()) == 1


@pytest.mark.usefixtures("at_now")
def test_the_worker_sees_to_it_every_minute(app: Flask) -> None:
    load()
    jobs.begin_due_phases()
    assert len(announced()) == 1


def test_moved_by_hand_the_stage_takes_those_without_days_of_their_own_along(cast: Cast) -> None:
    own = _CHALLENGE.replace("granne", "egen") + "opens_on = 2026-10-05\ncloses_on = 2026-11-20\n"
    load(_CHALLENGE + own)
    advance_stage(stage(), by=cast.lena, now=NOW, to=Phase.LEARN)
    assert (the_challenge().opens_on, the_challenge().closes_on) == (ACTS_ON, TODAY - timedelta(days=1))
    its_own = db.session.scalars(select(Challenge).where(Challenge.slug == "egen")).one()
    assert (its_own.opens_on, its_own.closes_on) == (date(2026, 10, 5), date(2026, 11, 20))


def test_acting_earlier_opens_them_earlier_and_they_are_announced(cast: Cast) -> None:
    load()
    early = datetime(2026, 9, 14, 9, tzinfo=UTC)
    advance_stage(stage(), by=cast.lena, now=early, to=Phase.ACTIVATE)
    assert the_challenge().opens_on == date(2026, 9, 14)
    announce_opened(early)
    assert announced() == [(the_challenge().id, early)]


def test_days_that_a_lead_has_chosen_stay(cast: Cast) -> None:
    load()
    challenge = the_challenge()
    chosen = {"opens_on": challenge.opens_on, "closes_on": date(2026, 11, 25)}
    change_challenge(challenge, content(**chosen), now=NOW)
    db.session.commit()
    advance_stage(stage(), by=cast.lena, now=NOW, to=Phase.LEARN)
    assert the_challenge().closes_on == date(2026, 11, 25)
