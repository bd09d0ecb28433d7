"""The pictures of the demonstration, and which of them an activity gets."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.demo.drawings import draw
from app.gateways.images import PreparedImage, prepare
from app.gateways.media import MediaStore

_FOLDER = Path(__file__).with_name("pictures")
_ALT = {
    "cykel": "Tre cyklister på en landsväg mellan rapsfält",
    "wiki": "En bärbar dator med en Wikipediasida, en kaffekopp och en karta",
    "forum": "Fem personer runt ett bord i ett ljust rum",
    "kallbadhus": "Två personer sitter på en brygga vid ett kallbadhus",
    "korsvirke": "En gränd med korsvirkeshus och stockrosor",
    "bokskog": "En stig genom en bokskog på våren",
    "rapsfalt": "En gård bland gula rapsfält",
    "kullaberg": "Kullabergs klippor med fyr och segelbåt i kvällsljus",
}
#: The pictures among these that suit more than one activity, by focus area.
_BY_AREA = {
    "oppenhet": ("korsvirke",),
    "miljo": ("bokskog", "rapsfalt"),
    "besok": ("kullaberg", "kallbadhus", "rapsfalt"),
}
_AREAS = ("infrastruktur", "naringsliv", "larande", "oppenhet", "miljo", "besok")
#: How many pictures are drawn for each focus area.
_DRAWN = 6


@dataclass(frozen=True)
class Picture:
    prepared: PreparedImage
    alt: str


class Pictures:
    """Chooses a picture for each idea: of those that suit it the one that was used longest ago, so that neighbours in
    the feed differ.

    Each is prepared once, on another thread: encoding takes a while and does not hold Python's lock.
    """

    def __init__(self, store: MediaStore) -> None:
        self.store = store
        self._last_used: dict[str, int] = {}
        self._uses = 0
        self._helper = ThreadPoolExecutor(1)
        self._prepared = {name: self._helper.submit(_load_picture, name) for name in _ALT}
        for number in range(_DRAWN):
            for area in _AREAS:
                self._prepared[f"{area}-{number}"] = self._helper.submit(_draw_picture, area, number)

    def of(self, idea: dict[str, Any]) -> Picture:
        """A picture that suits the idea. An idea that is used only once has its own."""
        area = idea["cell"][1]
        named = [idea["picture"]] if "picture" in idea else []
        drawn = [f"{area}-{number}" for number in range(_DRAWN)]
        suitable = named if idea.get("once") else [*named, *_BY_AREA.get(area, ()), *drawn]
        name = min(suitable, key=lambda one: self._last_used.get(one, 0))
        self._uses += 1
        self._last_used[name] = self._uses
        return self._prepared[name].result()

    def close(self) -> None:
        """Stop preparing pictures that nobody has asked for."""
        self._helper.shutdown(cancel_futures=True)


def _load_picture(name: str) -> Picture:
    return Picture(prepare((_FOLDER / f"{name}.webp").read_bytes()), _ALT[name])


def _draw_picture(area: str, number: int) -> Picture:
    file, alt = draw(area, number)
    return Picture(prepare(file), alt)
