"""Who takes part in the demonstration: as many people in each municipality as its pool, and the programme office."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from random import Random

from app.models.person import Role
from app.models.programme import Municipality

_WORDS = tomllib.loads(Path(__file__).with_name("people.toml").read_text(encoding="utf-8"))

#: So many of the first of `characters` have fixed names; there is one for each role.
MAIN_CHARACTERS = 4


@dataclass(frozen=True)
class Character:
    """A person of the demonstration, before they join."""

    name: str
    email: str
    title: str
    municipality: Municipality
    role: Role


def characters(places: list[Municipality], random: Random) -> list[Character]:
    """Everybody. Karin in Bjuv is first, because one signs in as her in the role of a participant."""
    by_slug = {place.slug: place for place in places}
    office = by_slug.get("helsingborg", places[0])
    main_characters = [
        ("Karin Lindqvist", "bibliotekarie", by_slug.get("bjuv", places[0]), Role.PARTICIPANT),
        ("Cecilia Falk", "kommunikatör", by_slug.get("bjuv", places[0]), Role.COORDINATOR),
        ("Petra Wallin", "programledare", office, Role.LEAD),
        ("Torsten Ekström", "kommunikationschef", office, Role.STEERING),
    ]
    used_names: set[str] = set()
    cast = [_character(name, title, place, role, used_names) for name, title, place, role in main_characters]
    for place in places:
        here = sum(1 for one in cast if one.municipality is place)
        for number in range(here, place.pool):
            first = number == here and not any(
                c.municipality is place and c.role == Role.COORDINATOR for c in cast
            )
            name = _unused_name(random, used_names)
            cast.append(
                _character(
                    name,
                    random.choice(_WORDS["titles"]),
                    place,
                    Role.COORDINATOR if first else Role.PARTICIPANT,
                    used_names,
                )
            )
    return cast


def _unused_name(random: Random, used_names: set[str]) -> str:
    while True:
        name = f"{random.choice(_WORDS['first_names'])} {random.choice(_WORDS['last_names'])}"
        if name not in used_names:
            return name


def _character(name: str, title: str, place: Municipality, role: Role, used_names: set[str]) -> Character:
    used_names.add(name)
    plain = name.lower().translate(str.maketrans("åäöéü", "aaoeu")).replace(" ", ".")
    domain = place.slug.translate(str.maketrans("åäö", "aao"))
    return Character(name, f"{plain}@{domain}.se", title, place, role)
