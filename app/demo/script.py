"""What happens in the demonstration, as a list of scenes: who plans what when, how it comes out, who cheers.

The counts of stage 1 are chosen so that its figures come out as in the real first stage (PRODUCT: The process):
205 of 387 planned activities carried out is 53 %, and 41 of the 205 with a five is 20 %.
"""

import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from app.demo.dealing import deal
from app.demo.scene import Scene
from app.models.person import Person, Role
from app.models.programme import Municipality
from app.models.stage import Stage

_FILE = Path(__file__).with_name("activities.toml")
#: How the 205 of stage 1 were rated, by rating.
FIRST_RATINGS = {1: 8, 2: 23, 3: 57, 4: 76, 5: 41}
FIRST_PLANNED = 387
#: In the running stage: the number of plans, and the share of those whose day has passed that are reported.
SECOND_PLANNED = 190
SECOND_REPORTED = 0.72


def write(
    people: list[Person], places: list[Municipality], first: Stage, second: Stage, today: date, zone: str
) -> list[Scene]:
    """Every scene of both stages, deterministic for that day."""
    # A seed with which Karin has done something and Bjuv is neither first nor last.
    random = Random(2045)
    bank = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    ideas = bank["activity"]
    actors = [person for person in people if person.role in (Role.PARTICIPANT, Role.COORDINATOR)]
    writer = _Writer(random, ideas, actors, places, ZoneInfo(zone))
    opening = writer.scenes(first, FIRST_PLANNED, first.activate_on, first.learn_on)
    _report_first(opening, random, writer)
    running = writer.scenes(second, SECOND_PLANNED, second.activate_on, second.learn_on, today)
    _report_second(running, random, writer, today)
    often = [idea for idea in ideas if not idea.get("once")]
    deal(opening + running, often, bank["lessons"], random, writer.colleague)
    return opening + running


@dataclass
class _Writer:
    random: Random
    ideas: list[dict[str, Any]]
    actors: list[Person]
    places: list[Municipality]
    zone: ZoneInfo

    def scenes(
        self, stage: Stage, count: int, begin: date, end: date, today: date | None = None
    ) -> list[Scene]:
        """Plans of a stage, each made some weeks before its day and, while the stage runs, before today."""
        ideas = self._ideas_used_once(stage)
        ideas += [{} for _ in range(count - len(ideas))]
        owners = self._owners(count, stage)
        return [
            self._scene(stage, idea, owner, begin, end, today)
            for idea, owner in zip(ideas, owners, strict=True)
        ]

    def at(self, day: date) -> datetime:
        """A moment of that working day."""
        local = datetime.combine(day, time(self.random.randint(8, 16), self.random.randint(0, 59)), self.zone)
        return local.astimezone(UTC)

    def _ideas_used_once(self, stage: Stage) -> list[dict[str, Any]]:
        """Ideas that are used once, in stage 1. The others are chosen later, by their scenes' order in the feed."""
        return [idea for idea in self.ideas if idea.get("once")] if stage.number == 1 else []

    def _owners(self, count: int, stage: Stage) -> list[Person]:
        """Most people plan once before anybody plans twice; some never plan, as in life."""
        active = self.random.sample(self.actors, int(len(self.actors) * (0.78 if stage.number == 1 else 0.5)))
        karin = self.actors[0]
        eager = [person for person in active if person is not karin]
        owners = [karin] + [eager[number % len(eager)] for number in range(count - 1)]
        self.random.shuffle(owners)
        return owners

    def _scene(
        self, stage: Stage, idea: dict[str, Any], owner: Person, begin: date, end: date, today: date | None
    ) -> Scene:
        owner = self._at_home(idea, owner)
        length = (end - begin).days
        day = self._weekday(begin + timedelta(days=self.random.randint(4, length - 3)))
        latest = min(day, today) if today else day
        planned_on = max(begin, latest - timedelta(days=self.random.randint(2, 24)))
        neighbour = self.random.choice([place for place in self.places if place.id != owner.municipality_id])
        partner = self.colleague(neighbour) if idea.get("joint") else None
        vague = self.random.choices((0, 1, 2, 3), (62, 24, 10, 4))[0]
        return Scene(idea, owner, neighbour, stage, self.at(self._weekday(planned_on)), day, vague, partner)

    def _at_home(self, idea: dict[str, Any], owner: Person) -> Person:
        """The owner must be at home where the idea starts: the bicycle ride starts in Klippan."""
        home = next((place for place in self.places if f"Start i {place.name}" == idea.get("place")), None)
        return self.colleague(home) if home else owner

    def colleague(self, place: Municipality) -> Person:
        return self.random.choice([person for person in self.actors if person.municipality_id == place.id])

    @staticmethod
    def _weekday(day: date) -> date:
        return day - timedelta(days=max(0, day.weekday() - 4))


def _report_first(scenes: list[Scene], random: Random, writer: _Writer) -> None:
    """The outcomes of the closed stage: 205 carried out; of the others half report honestly and half do not report."""
    used_once = [scene for scene in scenes if scene.idea.get("once")]
    rest = [scene for scene in scenes if not scene.idea.get("once")]
    random.shuffle(rest)
    ratings = [rating for rating, count in FIRST_RATINGS.items() for _ in range(count)]
    ratings.sort(reverse=True)
    carried_out = used_once + rest[: len(ratings) - len(used_once)]
    for scene, rating in zip(
        carried_out,
        ratings[: len(used_once)]
        + random.sample(ratings[len(used_once) :], len(carried_out) - len(used_once)),
        strict=True,
    ):
        _carried_out(scene, rating, random, writer)
    for scene in rest[len(carried_out) - len(used_once) :][: (len(scenes) - len(carried_out)) // 2]:
        _came_to_nothing(scene, random, writer)


def _report_second(scenes: list[Scene], random: Random, writer: _Writer, today: date) -> None:
    """The running stage: most of what is past is reported; Karin's latest plan waits for her report."""
    for scene in scenes:
        if scene.planned_for >= today - timedelta(days=1) or scene.owner is writer.actors[0]:
            continue
        if random.random() > SECOND_REPORTED:
            continue
        if random.random() < 0.8:
            _carried_out(scene, random.choices((1, 2, 3, 4, 5), (2, 8, 26, 40, 24))[0], random, writer, today)
        else:
            _came_to_nothing(scene, random, writer, today)
    karin = writer.actors[0]
    karins_scene = next((scene for scene in scenes if scene.owner is karin), None)
    if karins_scene:
        karins_scene.idea = next(
            idea for idea in writer.ideas if idea["title"].startswith("Fika med nyinflyttade")
        )
        karins_scene.planned_for = writer._weekday(today - timedelta(days=1))
        karins_scene.planned_at = writer.at(writer._weekday(today - timedelta(days=12)))
        karins_scene.vague = 0


def _carried_out(
    scene: Scene, rating: int, random: Random, writer: _Writer, today: date | None = None
) -> None:
    scene.rating = rating
    scene.reported_at = _reporting_moment(scene, random, writer, today)
    scene.reached = 64 if scene.idea.get("joint") else random.choice((4, 6, 8, 9, 12, 14, 18, 22, 27, 35, 60))
    scene.pictured = bool(scene.idea.get("once")) or random.random() < (0.34 if today is None else 0.75)
    liking = rating + (20 if scene.idea.get("once") else 0)
    scene.cheers = random.sample(
        [person for person in writer.actors if person is not scene.owner], random.randint(0, liking)
    )


def _came_to_nothing(scene: Scene, random: Random, writer: _Writer, today: date | None = None) -> None:
    scene.reported_at = _reporting_moment(scene, random, writer, today)


def _reporting_moment(scene: Scene, random: Random, writer: _Writer, today: date | None) -> datetime:
    day = scene.planned_for + timedelta(days=random.randint(0, 4))
    return writer.at(writer._weekday(min(day, today - timedelta(days=1)) if today else day))
