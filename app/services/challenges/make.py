"""Make a challenge, change it, open it, close it, and take it back before anybody has taken it on."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from app.extensions import db
from app.models.challenge import Challenge
from app.models.contribution import Withdrawal, is_visible, is_withdrawn, wait_for_turn
from app.models.person import Person
from app.models.retry import demand_kept, made_once
from app.models.undertaking import Undertaking
from app.services.activities.locking import OvertakenError
from app.services.challenges import announcement


class GoneError(ValueError):
    """It has been hidden or taken back in the meantime."""


class TakenOnError(ValueError):
    """Somebody has taken it on: it is a promise, and no longer one's own to take back."""


@dataclass(frozen=True)
class Content:
    """What the form asks for; each name is a column of the challenge."""

    stage_id: int
    municipality_id: int | None
    value_id: int
    focus_area_id: int
    kind_of_challenge: str
    title: str
    why: str
    done_when: list[str]
    points: int
    goal: int | None
    needs_photo: bool
    needs_approval: bool
    opens_on: date
    closes_on: date


def make_challenge(by: Person, content: Content, *, request_key: str, now: datetime) -> Challenge:
    """A draft. The same key from the same person is a retry: it returns what was made the first time.

    Raises:
        TakenBackError: when they have taken that one away since.
    """
    about = {"request_key": request_key, "created_at": now, "changed_at": now}
    challenge, is_new = made_once(
        lambda: _challenge_with_key(by, request_key),
        lambda: _added(Challenge(owner_id=by.id, **asdict(content), **about)),
    )
    demand_kept(challenge.id)
    if is_new:
        challenge.is_moderated_where_it_is_for()
    return challenge


def change_challenge(
    challenge: Challenge, content: Content, *, now: datetime, based_on: datetime | None = None
) -> None:
    """Replace what it says. Who has taken it on keeps what they were promised, which stands with their undertaking.
    `based_on` is the `changed_at` that the editor saw when they began.

    Raises:
        GoneError: when it has been hidden or taken back.
        OvertakenError: when somebody has changed it since then.
    """
    _lock(challenge)
    if content == _content_of(challenge):
        return  # a retry, or nothing was changed
    if based_on and challenge.changed_at != based_on:
        raise OvertakenError
    # Days that somebody has chosen no longer follow those of the stage.
    challenge.opens_with_stage &= challenge.opens_on == content.opens_on
    challenge.closes_with_stage &= challenge.closes_on == content.closes_on
    for column, text in asdict(content).items():
        setattr(challenge, column, text)
    challenge.changed_at = now
    challenge.is_moderated_where_it_is_for()
    announcement.show_again(challenge, now)


def open_challenge(challenge: Challenge, *, by: Person, now: datetime, today: date) -> None:
    """Let people take it on, and announce it; one that was closed opens again. Opened late, it is new from that day.

    Raises:
        GoneError: when it has been hidden or taken back.
    """
    _lock(challenge)
    if challenge.closed_at:
        challenge.closed_at = challenge.closed_by_id = None
    elif challenge.is_draft:
        challenge.opened_at, challenge.opened_by_id = now, by.id
        challenge.opens_on = max(challenge.opens_on, min(today, challenge.closes_on))
    db.session.flush()
    announcement.announce(challenge, now)


def open_on_first_day(challenge: Challenge, *, by: Person, now: datetime) -> None:
    """Let a new draft open by itself as its stage begins to act, whenever that will be: it is announced then
    (`announce_opened`)."""
    challenge.opened_at, challenge.opened_by_id = now, by.id
    challenge.opens_with_stage = challenge.closes_with_stage = True
    db.session.flush()


def close_challenge(challenge: Challenge, *, by: Person, now: datetime) -> None:
    """Let nobody else take it on. Those who have may complete it.

    Raises:
        GoneError: when it has been hidden or taken back, or is a draft again.
    """
    _lock(challenge)
    if challenge.is_draft:
        raise GoneError("a draft")
    if challenge.closed_at is None:
        challenge.closed_at, challenge.closed_by_id = now, by.id


def make_draft_again(challenge: Challenge, *, now: datetime) -> None:
    """Take it out of sight, to work on it.

    Raises:
        GoneError: when it has been hidden or taken back.
        TakenOnError: when somebody has taken it on.
    """
    _lock(challenge)
    _demand_nobody_has_it(challenge)
    challenge.opened_at = challenge.opened_by_id = challenge.closed_at = challenge.closed_by_id = None
    announcement.take_down(challenge, now)


def withdraw_challenge(challenge: Challenge, *, by: Person, now: datetime) -> None:
    """Take a draft away for good. A second time changes nothing.

    Raises:
        GoneError: when it has been hidden, or is open.
        TakenOnError: when somebody has taken it on.
    """
    wait_for_turn(challenge.id)
    if db.session.scalar(select(is_withdrawn(challenge.id))):
        return
    _lock(challenge)
    if not challenge.is_draft:
        raise GoneError("open")
    _demand_nobody_has_it(challenge)
    db.session.add(Withdrawal(contribution_id=challenge.id, by_id=by.id, at=now))


def taken_on_by_how_many(challenge: Challenge) -> int:
    """How many activities have taken it on, whatever has become of them."""
    undertakings = select(func.count()).where(Undertaking.challenge_id == challenge.id)
    return db.session.scalar(undertakings) or 0


def _challenge_with_key(by: Person, request_key: str) -> Challenge | None:
    mine = select(Challenge).where(Challenge.owner_id == by.id, Challenge.request_key == request_key)
    return db.session.scalar(mine)


def _added(challenge: Challenge) -> Challenge:
    db.session.add(challenge)
    return challenge


def _content_of(challenge: Challenge) -> Content:
    return Content(**{column: getattr(challenge, column) for column in Content.__dataclass_fields__})


def _lock(challenge: Challenge) -> None:
    """Make others who would change it or take it on wait, and read what it is by now."""
    wait_for_turn(challenge.id)
    if not db.session.scalar(select(is_visible(challenge.id))):
        raise GoneError
    db.session.refresh(challenge, [column.key for column in Challenge.__table__.columns])


def _demand_nobody_has_it(challenge: Challenge) -> None:
    if taken_on_by_how_many(challenge):
        raise TakenOnError
