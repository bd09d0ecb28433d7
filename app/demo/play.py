"""Plays the demonstration: every scene through the services, in the order in which it happened."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import partial
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from app import clock
from app.demo.badges import earn_badges
from app.demo.cheers import kind_of_cheer
from app.demo.coming import karin_comes_along, places_for, plan_together, who_comes_to
from app.demo.conversations import let_people_talk
from app.demo.following import follow_and_pin
from app.demo.ideas import spread_ideas
from app.demo.inboxes import put_in_order
from app.demo.lessons import lessons
from app.demo.messages import write_messages
from app.demo.openings import Step, openings_of
from app.demo.people import MAIN_CHARACTERS, characters
from app.demo.pictures import Pictures
from app.demo.points import look_at_points
from app.demo.scene import Scene
from app.demo.script import write
from app.demo.stages import first_two_stages
from app.demo.survey import surveys
from app.demo.thanks import thank_each_other
from app.demo.tips import lone_tips, say_what_helped, tips_to_heed, whether_tips_helped
from app.demo.undertakings import take_challenges_on
from app.demo.waiting import leave_waiting
from app.extensions import db
from app.gateways.media import MediaStore
from app.gateways.survey_keys import SurveyKeys
from app.models.activity import Activity
from app.models.outcome import Permission
from app.models.person import Person
from app.models.programme import (
    FocusArea,
    Municipality,
    Programme,
    Value,
    focus_areas,
    municipalities,
    values,
)
from app.models.stage import Stage
from app.services.activities.cheer import cheer
from app.services.activities.photos import describe_photo, keep_photo
from app.services.activities.plan import Plan, answer_invitation, invite, plan_activity
from app.services.activities.report import Report, report_outcome
from app.services.activities.visibility import whole_activity
from app.services.people.membership import Newcomer, join, set_role
from app.services.publishing.lobby_address import make_address
from app.services.stages.acted import count_who_acted

TOP_RATING = 5
#: A commit after each step would be slow, and one after all of them would lock the database for long.
_STEPS_PER_COMMIT = 100


class NotEmptyError(RuntimeError):
    """Somebody has joined already: a demonstration is never mixed with real people."""


@dataclass
class _Play:
    programme: Programme
    values: dict[str, Value]
    areas: dict[str, FocusArea]
    pictures: Pictures


def play(now: datetime, store: MediaStore, keys: SurveyKeys) -> int:
    """Fill an installation that has a programme and no people. Returns the number of activities.

    Raises:
        NotEmptyError: when somebody has joined already.
    """
    if db.session.scalar(select(func.count()).select_from(Person)):
        raise NotEmptyError("There are people here already. The demonstration needs an empty database.")
    # Loaded objects stay valid after commits, since nobody else writes meanwhile.
    db.session().expire_on_commit = False
    programme = db.session.get_one(Programme, 1)
    today = clock.local_date(now, programme.timezone)
    first, second = first_two_stages(today)
    places = municipalities()
    people = _people(places, first, programme.timezone)
    scenes = write(people, places, first, second, today, programme.timezone)
    play = _Play(
        programme,
        {value.slug: value for value in values()},
        {area.slug: area for area in focus_areas()},
        Pictures(store),
    )
    openings = openings_of((first, second), today, programme.timezone)
    lone = lone_tips(people, (first, second), programme.timezone)
    measured = surveys(people, (first, second), keys, programme.timezone)
    told = [*lone, *measured, *lessons(people, first, programme.timezone)]
    _perform([*openings, *_steps(scenes, people, play), *(Step(*one) for one in told)], now)
    play.pictures.close()
    take_challenges_on()
    spread_ideas(scenes, people, second, now, programme.timezone)
    let_people_talk(scenes, people, second, now)
    thank_each_other(scenes, people, second, now)
    earn_badges(people, first, now, programme.timezone)
    look_at_points(people, now)
    write_messages(people, second, now, programme.timezone)
    plan_together(people, second, now, programme.timezone)
    karin_comes_along(people[0], scenes, now)
    follow_and_pin(people, now, programme.timezone)
    count_who_acted(now)
    leave_waiting(scenes, people, now, programme.timezone)
    make_address(instead_of="", by=next(person for person in people if person.is_office), now=now)
    put_in_order()
    db.session.commit()
    return len(scenes)


def _people(places: list[Municipality], first: Stage, zone: str) -> list[Person]:
    """Everybody joins in the week before the first stage."""
    random = Random(300)
    people = []
    for number, character in enumerate(characters(places, random)):
        moment = datetime.combine(first.measure_on, time(9), ZoneInfo(zone)).astimezone(UTC)
        # One signs in as the person who joined first in a role: that must be one of those with fixed names.
        days_before = 8 if number < MAIN_CHARACTERS else random.randint(1, 7)
        moment -= timedelta(days=days_before, minutes=random.randint(0, 300))
        newcomer = Newcomer(character.email, character.name, character.title, character.municipality.id, "sv")
        person = join(newcomer, now=moment)
        set_role(person, character.role, now=moment)
        people.append(person)
    db.session.commit()
    return people


def _steps(scenes: list[Scene], people: list[Person], play: _Play) -> Iterator[Step]:
    """What happens in each scene."""
    for number, scene in enumerate(scenes):
        yield Step(scene.planned_at, partial(_plan, scene, number, play))
        if scene.joint_with:
            yield Step(
                scene.planned_at + timedelta(hours=3), partial(_do_it_together, scene, scene.joint_with)
            )
        if scene.reported_at:
            reported_at = max(scene.reported_at, scene.planned_at + timedelta(hours=4))
            yield Step(reported_at, partial(_report, scene, reported_at, play))
        yield from who_comes_to(scene, number, people)
        for hours, fan in enumerate(scene.cheers, 5):
            at = (scene.reported_at or scene.planned_at) + timedelta(hours=hours)
            yield Step(at, partial(_cheer, scene, fan, at))


def _perform(steps: Iterable[Step], now: datetime) -> None:
    past = sorted((step for step in steps if step.at <= now), key=lambda step: step.at)
    for number, step in enumerate(past, 1):
        step.act()
        if number % _STEPS_PER_COMMIT == 0:
            db.session.commit()
    db.session.commit()


def _plan(scene: Scene, number: int, play: _Play) -> None:
    value, area = scene.idea["cell"]
    answers = [scene.words(key) for key in ("place", "audience", "sign")]
    for left_out in range(scene.vague):
        answers[2 - left_out] = ""
    plan = Plan(
        value=play.values[value],
        also_values=[play.values["gemensamt"]] if scene.joint_with and value != "gemensamt" else [],
        focus_area=play.areas[area],
        places=places_for(number),
        heeded=tips_to_heed(play.areas[area], play.values[value], scene.owner, number),
        answers={
            "title": scene.words("title"),
            "planned_for": scene.planned_for,
            "place": answers[0],
            "audience": answers[1],
            "success_sign": answers[2],
        },
    )
    key = f"demo-{number}"
    activity = plan_activity(scene.owner, plan, stage=scene.stage, request_key=key, now=scene.planned_at)
    scene.activity = whole_activity(activity.id)


def _do_it_together(scene: Scene, partner: Person) -> None:
    at = scene.planned_at + timedelta(hours=3)
    co_owner = invite(_activity(scene), partner, by=scene.owner, now=at)
    answer_invitation(co_owner, True, now=at + timedelta(minutes=40))
    scene.activity = whole_activity(co_owner.activity_id)


def _report(scene: Scene, at: datetime, play: _Play) -> None:
    activity = _activity(scene)
    if scene.pictured:
        picture = play.pictures.of(scene.idea)
        photo = keep_photo(activity, scene.owner, picture.prepared, store=play.pictures.store, now=at)
        describe_photo(photo, picture.alt)
    helped = whether_tips_helped(activity)
    report_outcome(activity, _report_of(scene), helped, by=scene.owner, now=at)


def _report_of(scene: Scene) -> Report:
    if scene.rating is None:
        return Report(
            False, None, story=scene.failed, pitfall=scene.words("pitfall"), permission=Permission.INTERNAL
        )
    only_once = bool(scene.idea.get("once"))
    return Report(
        True,
        scene.rating,
        story=scene.words("story"),
        reached=scene.reached,
        success=scene.words("success"),
        pitfall=scene.words("pitfall") if scene.rating < TOP_RATING or only_once else "",
        permission=Permission.EXTERNAL if scene.rating == TOP_RATING else Permission.INTERNAL,
    )


def _cheer(scene: Scene, fan: Person, at: datetime) -> None:
    activity = _activity(scene)
    if not activity.is_owned_by(fan):
        cheer(activity, fan, kind_of_cheer(scene, fan), now=at)
        say_what_helped(activity, fan, at)


def _activity(scene: Scene) -> Activity:
    """The scene's activity, as it was last loaded."""
    if scene.activity is None:
        raise LookupError(f"“{scene.words('title')}” is not planned yet.")
    return scene.activity
