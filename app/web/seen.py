"""Which version of a thing an edit form changes, so that nobody overwrites unseen what others wrote meanwhile."""

from datetime import datetime

from wtforms import HiddenField

from app.models.activity import Activity
from app.models.challenge import Challenge
from app.models.lesson import LessonSet, StageLesson
from app.models.own_message import OwnMessage
from app.services.activities.shown import ShownActivity


class SeenFields:
    """For an edit form, beside its own class."""

    #: `changed_at` of the thing when the form was opened; not stored in the draft.
    seen = HiddenField()

    @property
    def seen_at(self) -> datetime | None:
        try:
            return datetime.fromisoformat(self.seen.data or "")
        except ValueError:
            return None


def seen_of(thing: Activity | ShownActivity | Challenge | LessonSet | StageLesson | OwnMessage) -> str:
    """The field's text: the version that there is."""
    return thing.changed_at.isoformat()
