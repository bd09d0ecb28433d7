"""Challenges that come with the programme file: announced when they open, as those that people make, and kept to their
stage's days where the file gives them none of their own."""

from datetime import datetime

from sqlalchemy import exists, select

from app.extensions import db
from app.models.challenge import Challenge, is_open_challenge, is_shown_challenge
from app.models.contribution import wait_for_turn
from app.models.feed import FeedItem
from app.models.stage import Stage
from app.services.challenges.announcement import announce
from app.services.programme.clock import local_today, midnight, programme_zone
from app.services.programme.reading_challenges import days_of


def announce_opened(now: datetime) -> int:
    """Put those that are open by now into the feed, each once, however often it is called or the file is loaded: what
    opens today as news, what has opened before in the place of its day. Those that people open are in the feed already,
    but for what waits for its first day (`open_on_first_day`). Returns how many."""
    today = local_today(now)
    open_by_now = (is_open_challenge(today), is_shown_challenge())
    announced = exists().where(FeedItem.contribution_id == Challenge.id)
    opened = select(Challenge).where(*open_by_now, ~announced).order_by(Challenge.opens_on, Challenge.id)
    challenges = db.session.scalars(opened).all()
    for challenge in challenges:
        is_news = challenge.opens_on == today
        announce(challenge, now if is_news else midnight(challenge.opens_on, programme_zone()))
    return len(challenges)


def keep_to_stage(stage: Stage, now: datetime) -> None:
    """Give those of that stage that have no days of their own its days, after a lead has moved it."""
    follows = Challenge.opens_with_stage | Challenge.closes_with_stage
    numbers = select(Challenge.id).where(Challenge.stage_id == stage.id, follows).order_by(Challenge.id)
    for number in db.session.scalars(numbers).all():
        wait_for_turn(number)
        challenge = db.session.get_one(Challenge, number, populate_existing=True)
        days = days_of(
            None if challenge.opens_with_stage else challenge.opens_on,
            None if challenge.closes_with_stage else challenge.closes_on,
            stage,
        )
        if days != (challenge.opens_on, challenge.closes_on):
            challenge.opens_on, challenge.closes_on = days[0], max(days)
            challenge.changed_at = now
