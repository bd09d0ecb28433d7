"""Pictures of the demonstration that somebody in them does not want, near the first coordinator: the newest waits for
her; another one was withheld, and its author has answered."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.contribution import is_visible
from app.models.outcome import Outcome, Photo
from app.models.person import Person, Role
from app.services.activities.wholes import activities_with_owners
from app.services.moderation.picture_answers import answer_back_about
from app.services.moderation.pictures import object_to, withhold

_BEFORE = "Jag står längst till vänster och har bytt arbetsplats. Jag vill inte synas här."
_NEWEST = "Det är jag som skrattar till höger. Ta bort mig, tack."
_WITHHELD = "Den som bad om det vill inte synas. Välj gärna en annan bild."
_ANSWER = "Jag har frågat alla som är med, och ingen har något emot den längre."


def object_to_pictures(people: list[Person], yesterday: Callable[[int], datetime]) -> None:
    """`yesterday`: that minute after one o'clock, the day before it is played."""
    coordinator = next(one for one in people if one.role == Role.COORDINATOR)
    pictures = _newest_near(coordinator)
    if pictures:
        object_to(pictures[0], None, _NEWEST, max(yesterday(5), pictures[0].at))
    if len(pictures) > 1:
        _withhold_and_answer(pictures[1], next(one for one in people if one.is_office), yesterday(0))


def _newest_near(coordinator: Person) -> list[Photo]:
    """Two, of different people, none of them a moderator."""
    newest = (
        select(Photo, Activity.owner_id)
        .join(Outcome, Outcome.activity_id == Photo.activity_id)
        .join(Activity, Activity.id == Photo.activity_id)
        .join(Person, Person.id == Activity.owner_id)
        .where(Photo.is_shown, is_visible(Activity.id), Person.role == Role.PARTICIPANT)
        .where(Activity.municipality_id == coordinator.municipality_id)
        .order_by(Outcome.at.desc(), Photo.id)
    )
    of_owners: dict[int, Photo] = {}
    for photo, owner_id in db.session.execute(newest):
        of_owners.setdefault(owner_id, photo)
    return list(of_owners.values())[:2]


def _withhold_and_answer(photo: Photo, lead: Person, yesterday: datetime) -> None:
    (activity,) = activities_with_owners([photo.activity_id])
    at = max(yesterday - timedelta(days=2), photo.at)
    object_to(photo, None, _BEFORE, at)
    withhold(photo, activity, lead, _WITHHELD, max(yesterday - timedelta(days=1), at))
    answer_back_about(photo, activity, activity.owner, _ANSWER, max(yesterday, at))
