"""An activity, and a photo of it, for the tests of what is done with photos; and one that is to be closed out."""

import pytest

from app.extensions import db
from app.models.activity import Activity
from app.models.outcome import Photo
from app.services.activities.photos import add_photo
from app.web.media import media_store
from tests.activities.closing import address_of, make_due
from tests.cast import Cast
from tests.factories import NOW, make_activity
from tests.pictures import jpeg, prepare_photos


@pytest.fixture
def activity(cast: Cast) -> Activity:
    return make_activity(cast.alice)


@pytest.fixture
def photo(activity: Activity) -> Photo:
    new_photo = add_photo(activity, activity.owner, jpeg(), store=media_store(), now=NOW)
    db.session.commit()
    prepare_photos()
    return new_photo


@pytest.fixture
def due(cast: Cast) -> Activity:
    return make_due(cast.alice, title="Fika med nyinflyttade")


@pytest.fixture
def address(due: Activity, cast: Cast) -> str:
    return address_of(due, cast.alice)
