"""Pictures that somebody in them does not want, for tests that look at what becomes of them."""

from collections.abc import Callable

from sqlalchemy import func, select

from app.extensions import db
from app.gateways.images import prepare
from app.models.moderation import Decision
from app.models.notification import Notification
from app.models.outcome import Photo
from app.models.person import Person
from app.models.photo_objection import PhotoObjection
from app.services.activities.photos import keep_photo
from app.services.activities.wholes import whole_activities
from app.services.moderation.pictures import object_to
from app.web.media import media_store
from tests.cast import Cast
from tests.factories import NOW, make_activity, make_outcome
from tests.pictures import jpeg


def make_photo(cast: Cast, colour: str = "orange") -> Photo:
    """Of something that Alice has reported; everybody who moderates is there."""
    for person in (cast.cora, cast.lena, cast.kim):
        assert person
    activity = make_activity(cast.alice)
    picture = prepare(jpeg(colour, (64, 48)))
    made = keep_photo(activity, cast.alice, picture, store=media_store(), now=NOW)
    make_outcome(activity)
    return made


def decide(how: Callable[..., Decision], photo: Photo, by: Person, text: str = "") -> Decision:
    (activity,) = whole_activities([photo.activity_id])
    decision = how(photo, activity, by, text, NOW)
    db.session.commit()
    return decision


def say_no(photo: Photo, by: Person | None = None, words: str = "") -> None:
    object_to(photo, by, words, NOW)
    db.session.commit()


def told(person: Person) -> list[tuple[str, str]]:
    rows = select(Notification).where(Notification.person_id == person.id, Notification.kind == "moderation")
    return [
        (one.parameters["event"], one.parameters.get("verdict", ""))
        for one in db.session.scalars(rows.order_by(Notification.id))
    ]


def count_objections() -> int:
    return db.session.scalar(select(func.count()).select_from(PhotoObjection)) or 0


def objection_url(photo: Photo) -> str:
    return f"/pictures/{photo.key}/objection"
