"""What stands for a person where there is no picture: initials on a hue, drawn by components/people.html."""

from typing import Final

#: Chosen by a person's number: always the same for one person, different among many.
_HUES: Final = ("sund", "ljung", "tegel", "bok", "raps")


def initials(name: str) -> str:
    """At most two letters."""
    words = name.split()
    return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()


def hue(person_id: int) -> str:
    return _HUES[person_id % len(_HUES)]
