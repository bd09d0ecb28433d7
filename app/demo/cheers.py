"""In which way somebody cheers in the demonstration. It follows from numbers, so that no random choice of the other
scenes changes."""

from typing import Final

from app.models.activity import Activity
from app.models.contribution import CheerKind
from app.models.person import Person

#: Most give a spark; what came to nothing and was told is brave more often.
_USUAL: Final = (CheerKind.SPARK, CheerKind.SPARK, CheerKind.FIKA, CheerKind.SPARK, CheerKind.HAT)
_OF_WHAT_CAME_TO_NOTHING: Final = (CheerKind.HAT, CheerKind.SPARK, CheerKind.HAT, CheerKind.FIKA)


def kind_of_cheer(activity: Activity, fan: Person) -> CheerKind:
    came_to_nothing = activity.outcome is not None and not activity.outcome.carried_out
    kinds = _OF_WHAT_CAME_TO_NOTHING if came_to_nothing else _USUAL
    return kinds[(activity.id + 3 * fan.id) % len(kinds)]
