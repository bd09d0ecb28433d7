"""Pictures drawn for the demonstration."""

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

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
#: For ideas that name no picture: what such an activity could look like, by focus area.
_BY_AREA = {
    "infrastruktur": "cykel",
    "naringsliv": "forum",
    "larande": "forum",
    "oppenhet": "korsvirke",
    "miljo": "bokskog",
    "besok": "kullaberg",
}


@dataclass(frozen=True)
class Picture:
    prepared: PreparedImage
    alt: str


class Pictures:
    """Gives out pictures by idea, every other one mirrored, so that neighbours in the feed differ.

    Each is prepared once, on a thread beside the play: encoding takes most of a second and leaves Python alone.
    """

    def __init__(self, store: MediaStore) -> None:
        self.store = store
        self._given = 0
        self._helper = ThreadPoolExecutor(1)
        self._prepared = {
            (name, mirrored): self._helper.submit(_prepare, name, mirrored)
            for mirrored in (False, True)
            for name in _ALT
        }

    def of(self, idea: dict[str, Any]) -> Picture:
        """The picture that suits the idea."""
        name = idea.get("picture") or _BY_AREA.get(idea["cell"][1], "rapsfalt")
        self._given += 1
        mirrored = self._given % 2 == 0 and not idea.get("once")
        return Picture(self._prepared[name, mirrored].result(), _ALT[name])

    def close(self) -> None:
        """Stop preparing what nobody asked for."""
        self._helper.shutdown(cancel_futures=True)


def _prepare(name: str, mirrored: bool) -> PreparedImage:
    path = _FOLDER / f"{name}.webp"
    if not mirrored:
        return prepare(path.read_bytes())
    turned = io.BytesIO()
    ImageOps.mirror(Image.open(path)).save(turned, "WEBP", quality=90)
    return prepare(turned.getvalue())
