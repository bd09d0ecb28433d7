"""Pictures that somebody in them does not want, in each state."""

from datetime import datetime

from app.extensions import db
from app.gateways.images import prepare
from app.gateways.media import MediaStore
from app.models.activity import Activity
from app.models.person import Person
from app.services.activities.photos import keep_photo
from app.services.activities.visibility import whole_activity
from app.services.moderation.picture_answers import answer_back_about
from app.services.moderation.pictures import object_to, withhold
from tests.browser.live import Live
from tests.factories import make_activity, make_outcome
from tests.pictures import jpeg

_ALT = "Sju kollegor runt ett långbord i matsalen"


def make_objected(owner: Person, now: datetime, live: Live) -> Activity:
    """With a picture that somebody who is not signed in does not want."""
    activity = _pictured("Visa upp verkstaden", ["teal"], owner, now, live)
    object_to(activity.photos[0], None, "Jag står till vänster och har inte sagt ja.", now)
    db.session.commit()
    return activity


def make_withheld(owner: Person, by: Person, now: datetime, live: Live) -> dict[str, int]:
    """Two pictures of an activity that nobody is shown any more; about the second its author has answered."""
    activity = _pictured("Soppa för alla förvaltningar", ["olive", "maroon"], owner, now, live)
    for photo in activity.photos:
        photo.alt = _ALT
        object_to(photo, None, "Jag har skyddade uppgifter.", now)
        withhold(photo, activity, by, "Fråga dem som syns först.", now)
    withheld, answered = activity.photos
    answer_back_about(answered, activity, owner, "Alla på bilden har sagt ja nu, skriftligt.", now)
    db.session.commit()
    return {"withheld_of": activity.id, "withheld": withheld.id, "answered_picture": answered.id}


def _pictured(title: str, colours: list[str], owner: Person, now: datetime, live: Live) -> Activity:
    activity = make_activity(owner, now=now, title=title)
    store = MediaStore.from_url(live.app.config["MEDIA_URL"])
    for colour in colours:
        keep_photo(activity, owner, prepare(jpeg(colour, (1200, 900))), store=store, now=now)
    make_outcome(activity, now=now)
    db.session.commit()
    loaded = whole_activity(activity.id)
    assert loaded
    return loaded
