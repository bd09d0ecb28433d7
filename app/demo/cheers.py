"""In which way somebody cheers in the demonstration. It follows from numbers, so that no random choice of the other
scenes changes."""

from typing import Final

from app.demo.scene import Scene
from app.models.contribution import CheerKind
from app.models.person import Person

#: Most give a spark; what came to nothing and was told is brave more often.
_USUAL: Final = (CheerKind.SPARK, CheerKind.SPARK, CheerKind.FIKA, CheerKind.SPARK, CheerKind.HAT)
_OF_WHAT_CAME_TO_NOTHING: Final = (CheerKind.HAT, CheerKind.SPARK, CheerKind.HAT, CheerKind.FIKA)


def kind_of_cheer(scene: Scene, fan: Person) -> CheerKind:
    kinds = _OF_WHAT_CAME_TO_NOTHING if scene.came_to_nothing else _USUAL
    number = scene.activity.id if scene.activity else 0
    return kinds[(number + 3 * fan.id) % len(kinds)]
