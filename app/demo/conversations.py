"""What people say in the demonstration, about a dozen things that are done in the running stage."""

import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import select

from app.demo.scene import Scene
from app.extensions import db
from app.models.challenge import Challenge, is_shown_challenge
from app.models.comment import Comment
from app.models.contribution import Contributed
from app.models.person import Person, Role
from app.models.stage import Stage
from app.models.tip import Tip, is_shown
from app.services.activities.cheer import cheer
from app.services.conversation.subjects import subject
from app.services.conversation.write import Words, comment_on, withdraw_comment
from app.services.moderation.acts import UNNOTICED_FOR
from app.services.moderation.decide import hide
from app.services.notifications.held import tell_what_is_due

_FILE: Final = Path(__file__).with_name("conversations.toml")
#: In UTC: what would be said later waits for the morning.
_EVENING: Final = 19
_NIGHT: Final = timedelta(hours=11)


class _Subject(NamedTuple):
    """What is talked about, from when on, and by whose municipalities."""

    thing: Contributed
    since: datetime
    owner: Person | None
    places: dict[str, str]


def let_people_talk(scenes: list[Scene], people: list[Person], stage: Stage, now: datetime) -> None:
    """The first of `people` is Karin. What would be said later than `now` is not said yet."""
    for number, talk in enumerate(tomllib.loads(_FILE.read_text(encoding="utf-8"))["talk"]):
        about = _subject(talk["about"], scenes, stage)
        if about:
            speakers = _speakers(about, people, number)
            _talk(about, talk["lines"], speakers, people, now, f"demo-talk-{number}")


def _subject(about: str, scenes: list[Scene], stage: Stage) -> _Subject | None:
    if about == "tip":
        tip = db.session.scalars(select(Tip).where(is_shown(Tip)).order_by(Tip.rank.desc()).limit(1)).first()
        return _Subject(tip, tip.at, db.session.get(Person, tip.owner_id), {}) if tip else None
    if about == "challenge":
        newest = select(Challenge).where(Challenge.stage_id == stage.id, is_shown_challenge())
        challenge = db.session.scalars(newest.order_by(Challenge.id).limit(1)).first()
        since = datetime.combine(stage.activate_on + timedelta(days=1), time(9), UTC)
        return _Subject(challenge, since, None, {}) if challenge else None
    return _latest(about, scenes, stage)


def _latest(about: str, scenes: list[Scene], stage: Stage) -> _Subject | None:
    """Of several who do the same, the one who came last."""
    theirs = [
        scene
        for scene in scenes
        if scene.activity and scene.stage is stage and scene.idea["title"].startswith(about)
    ]
    if not theirs:
        return None
    scene = max(theirs, key=lambda one: one.reported_at or one.planned_at)
    thing = subject(scene.activity.id) if scene.activity else None
    places = {"ort": scene.owner.municipality.name, "granne": scene.neighbour.name}
    return _Subject(thing, scene.reported_at or scene.planned_at, scene.owner, places) if thing else None


def _speakers(about: _Subject, people: list[Person], number: int) -> dict[str, Person]:
    """Who says which lines; nobody speaks in two voices."""
    home = about.owner.municipality_id if about.owner else people[0].municipality_id
    near = about.places.get("granne", "")
    of_role = {role: [one for one in people if one.role == role] for role in Role}
    taking_part = of_role[Role.PARTICIPANT][1:]
    speakers = {"karin": people[0]}
    if about.owner:
        speakers["owner"] = about.owner
    speakers["coordinator"] = next(one for one in of_role[Role.COORDINATOR] if one.municipality_id == home)
    neighbours = [one for one in taking_part if one.municipality.name == near] or taking_part
    elsewhere = [one for one in taking_part if one.municipality_id != home and one.municipality.name != near]
    for voice, choice in (("near", neighbours), ("far", elsewhere), ("other", elsewhere)):
        free = [one for one in choice if one not in speakers.values()]
        speakers[voice] = free[(37 * number + 11 * len(voice)) % len(free)]
    return speakers


def _talk(
    about: _Subject,
    lines: list[dict[str, Any]],
    speakers: dict[str, Person],
    people: list[Person],
    now: datetime,
    key: str,
) -> None:
    names = {voice: person.name for voice, person in speakers.items()} | about.places
    spoken: list[Comment] = []
    for line, at in _in_time(lines, about.since, now):
        words = Words(line["text"].format(**names), f"{key}-{len(spoken)}")
        to = spoken[line["to"]] if "to" in line else None
        spoken.append(comment_on(about.thing, speakers[line["by"]], words, now=at, to=to))
        _give_sparks(spoken[-1], line, speakers, people, at)
    for line, comment in zip(lines, spoken, strict=False):
        _take_away(line, comment, speakers)


def _in_time(
    lines: list[dict[str, Any]], since: datetime, now: datetime
) -> Iterator[tuple[dict[str, Any], datetime]]:
    """Each with its moment. What began lately is told faster, so that the whole of it has been said."""
    whole = timedelta(hours=sum(line["hours"] for line in lines))
    pace = min(1.0, max(now - since, timedelta(0)) / (whole + timedelta(hours=1)))
    at = since
    for line in lines:
        at += pace * timedelta(hours=line["hours"])
        if at.hour >= _EVENING and at + _NIGHT < now:
            at += _NIGHT
        yield line, at


def _give_sparks(
    comment: Comment, line: dict[str, Any], speakers: dict[str, Person], people: list[Person], at: datetime
) -> None:
    others = [
        person for person in people if person.role == Role.PARTICIPANT and not comment.is_owned_by(person)
    ]
    for number in range(line.get("sparks", 0)):
        fan = others[(53 * comment.id + 29 * number) % len(others)]
        if fan not in speakers.values():
            cheer(comment, fan, now=at + timedelta(minutes=3 * number))


def _take_away(line: dict[str, Any], comment: Comment, speakers: dict[str, Person]) -> None:
    """After it has been answered, so that it leaves a trace."""
    at = comment.created_at + timedelta(hours=3)
    match line.get("gone"):
        case "withdrawn":
            withdraw_comment(comment, speakers[line["by"]], now=at)
        case "hidden":
            hide(comment, speakers["coordinator"], "personal_data", "Skriv gärna igen utan namn.", at)
            tell_what_is_due(at + UNNOTICED_FOR, commit=db.session.flush)
