"""What a stage left empty, by value, focus area and municipality, and what a lead makes of it (PRODUCT: the strategy's
gap map). The rule, as the page states it: first the squares where nobody has carried anything out; then, for each
municipality, the three squares that most others have filled and it has not."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import uuid4

from sqlalchemy import ColumnElement, delete, select

from app.extensions import db
from app.models.challenge import USUAL_POINTS, Challenge, ChallengeKind
from app.models.contribution import is_withdrawn, takes_part
from app.models.lesson import AcceptedGap
from app.models.person import Person
from app.models.programme import focus_areas, municipalities, values
from app.models.retry import made_once
from app.models.square import SquareActivity
from app.models.stage import Phase, Stage, stages
from app.services.challenges.make import Content, make_challenge, open_on_first_day
from app.services.programme.reading_challenges import days_of

_MOST_OF_A_MUNICIPALITY: Final = 3


class NoGapError(ValueError):
    """Something has been carried out there, or there is no such square."""


class NoStageToComeError(ValueError):
    """No later stage has days left to act."""


class Place(NamedTuple):
    """A square; of one municipality, or of all (None)."""

    value_id: int
    focus_area_id: int
    municipality_id: int | None = None


@dataclass(frozen=True)
class Gap:
    place: Place
    #: The municipalities that have carried something out there.
    others: int
    #: What a lead has made of it.
    challenge_id: int | None


@dataclass(frozen=True)
class Gaps:
    nowhere: list[Gap]
    #: By municipality, in the programme's order; only those that have any.
    of_municipalities: dict[int, list[Gap]]


@dataclass(frozen=True)
class CallToFill:
    """What the challenge says."""

    title: str
    why: str
    done_when: list[str]


def gaps_of(stage: Stage) -> Gaps:
    """A constant number of queries; as many rows as there are squares of municipalities."""
    filled, accepted = _filled(stage), _accepted(stage)
    squares = [Place(value.id, area.id) for area in focus_areas() for value in values()]
    places = [one.id for one in municipalities()]

    def gap(square: Place, municipality_id: int | None, others: int) -> Gap:
        place = square._replace(municipality_id=municipality_id)
        return Gap(place, others, accepted.get(place))

    others = {
        square: sum(square._replace(municipality_id=place) in filled for place in places)
        for square in squares
    }
    wanted = sorted((square for square in squares if others[square]), key=lambda square: -others[square])
    of_each = {
        place: [
            gap(square, place, others[square])
            for square in wanted
            if square._replace(municipality_id=place) not in filled
        ][:_MOST_OF_A_MUNICIPALITY]
        for place in places
    }
    return Gaps(
        [gap(square, None, 0) for square in squares if not others[square]],
        {place: gaps for place, gaps in of_each.items() if gaps},
    )


def stage_to_act_in(stage: Stage, today: date) -> Stage | None:
    """The stage after it, as long as one can still act there."""
    later = next((one for one in stages() if one.number > stage.number), None)
    return None if later is None or later.phase(today) in (Phase.LEARN, Phase.ENDED) else later


def accept_gap(
    stage: Stage,
    place: Place,
    words: CallToFill,
    *,
    by: Person,
    now: datetime,
    today: date,
) -> Challenge:
    """Make a challenge of it that opens by itself as the next stage begins to act; the same gap again gives the one
    that there is, whoever asks. When that has been taken back since, there is a new one.

    Raises:
        NoGapError: when it is none.
        NoStageToComeError: when there is no stage for it.
    """
    if not _is_empty(stage, place):
        raise NoGapError
    later = stage_to_act_in(stage, today)
    if later is None:
        raise NoStageToComeError
    challenge, _is_new = made_once(
        lambda: _challenge_of(stage, place),
        lambda: _make(stage, place, _content(later, place, words, today), by, now),
    )
    return challenge


def _make(stage: Stage, place: Place, content: Content, by: Person, now: datetime) -> Challenge:
    db.session.execute(delete(AcceptedGap).where(*_is_at(stage, place)))
    challenge = make_challenge(by, content, request_key=str(uuid4()), now=now)
    open_on_first_day(challenge, by=by, now=now)
    about = {"stage_id": stage.id, "challenge_id": challenge.id, "at": now, "by_id": by.id}
    db.session.add(AcceptedGap(**place._asdict(), **about))
    db.session.flush()
    return challenge


def _content(later: Stage, place: Place, words: CallToFill, today: date) -> Content:
    first, last = days_of(None, None, later)
    return Content(
        stage_id=later.id,
        municipality_id=place.municipality_id,
        value_id=place.value_id,
        focus_area_id=place.focus_area_id,
        kind_of_challenge=ChallengeKind.INDIVIDUAL.value,
        title=words.title,
        why=words.why,
        done_when=words.done_when,
        points=USUAL_POINTS,
        goal=None,
        needs_photo=False,
        needs_approval=False,
        opens_on=max(first, min(today, last)),
        closes_on=last,
    )


def _is_at(stage: Stage, place: Place) -> tuple[ColumnElement[bool], ...]:
    row = AcceptedGap
    return (
        row.stage_id == stage.id,
        row.value_id == place.value_id,
        row.focus_area_id == place.focus_area_id,
        row.municipality_id.is_not_distinct_from(place.municipality_id),
    )


def _challenge_of(stage: Stage, place: Place) -> Challenge | None:
    """The one that has been made of it and not been taken back."""
    made = select(Challenge).join(AcceptedGap, AcceptedGap.challenge_id == Challenge.id)
    return db.session.scalar(made.where(*_is_at(stage, place), ~is_withdrawn(Challenge.id)))


def _accepted(stage: Stage) -> dict[Place, int]:
    row = AcceptedGap
    columns = select(row.value_id, row.focus_area_id, row.municipality_id, row.challenge_id)
    kept = columns.where(row.stage_id == stage.id, ~is_withdrawn(row.challenge_id))
    return {Place(*found[:3]): found.challenge_id for found in db.session.execute(kept)}


def _filled(stage: Stage) -> set[Place]:
    """The squares of municipalities in which something has been carried out."""
    row = SquareActivity
    there = (
        select(row.value_id, row.focus_area_id, takes_part.c.municipality_id)
        .join(takes_part, takes_part.c.contribution_id == row.activity_id)
        .where(row.stage_id == stage.id)
        .distinct()
    )
    return {Place(*place) for place in db.session.execute(there)}


def _is_empty(stage: Stage, place: Place) -> bool:
    filled = _filled(stage)
    if place.municipality_id is None:
        return not any(one[:2] == place[:2] for one in filled)
    return place not in filled
