"""What the demonstration's people make of their points: about half want to be seen among their neighbours, and two have
asked about points of theirs, of whom one has an answer."""

from datetime import datetime, timedelta

from app.models.person import Person, Role
from app.services.points.history import Line, point_history
from app.services.points.neighbours import show
from app.services.points.questions import answer, ask

_ASKED = "Jag ritade affischen men kunde inte vara med på dagen. Ska jag verkligen ha poängen?"
_ANSWER = "Ja. Du planerade den, och det är planen som poängen är för."
_WAITING = "Det var kollegan som skrev rapporten. Poängen borde vara hens."


def look_at_points(people: list[Person], now: datetime) -> None:
    """The first of `people` is Karin, whose question is answered; a colleague's waits for their coordinator."""
    karin, participants = people[0], [one for one in people if one.is_a(Role.PARTICIPANT)]
    for person in participants:
        if person is karin or person.id % 2:
            show(person)
    colleagues = [
        one for one in participants if one.municipality_id == karin.municipality_id and one is not karin
    ]
    coordinator = next(
        one for one in people if one.is_a(Role.COORDINATOR) and one.municipality_id == karin.municipality_id
    )
    if line := _latest(karin):
        answer(
            ask(line, karin, _ASKED, now - timedelta(days=2)),
            coordinator,
            _ANSWER,
            False,
            now - timedelta(days=1),
        )
    for colleague in colleagues:
        if line := _latest(colleague):
            ask(line, colleague, _WAITING, now - timedelta(hours=3))
            return


def _latest(person: Person) -> Line | None:
    return next(iter(point_history(person.id, size=1).items), None)
