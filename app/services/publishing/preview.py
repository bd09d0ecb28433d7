"""What a link shows where it is pasted, to programs that fetch it without signing in: title and picture of a public
story, and of nothing else."""

import re
from dataclasses import dataclass
from typing import Final

from app.services.publishing.lobby import public_best_practice

_ACTIVITY: Final = re.compile(r"/activities/([1-9][0-9]{0,8})")


@dataclass(frozen=True)
class Preview:
    """`picture` is the name of a file in the media store, of so many pixels; empty when there is none."""

    title: str
    picture: str = ""
    width: int = 0
    height: int = 0
    alt: str = ""


def preview_of(path: str) -> Preview | None:
    """Of a public story at that address; None for every other address, whether there is anything or not."""
    found = _ACTIVITY.fullmatch(path)
    activity = public_best_practice(int(found[1])) if found else None
    if activity is None:
        return None
    photo = next((photo for photo in activity.photos if photo.is_for_all), None)
    if photo is None:
        return Preview(activity.title)
    width, height = photo.sizes["m"]
    return Preview(activity.title, f"{photo.key}-m.webp", width, height, photo.alt)
